import ArgumentParser
import Core
import Engine
import Synchronization
import Tuning

/// The precision of matrix products as a user asks for it.
enum PrecisionChoice: String, ExpressibleByArgument, CaseIterable {
  /// bf16 where the processor multiplies it, else f32; f32 for weights of a folder that bf16 would
  /// round.
  case auto
  case f32, bf16

  static let help: ArgumentHelp =
    "Precision of matrix products; auto: bf16 where the processor multiplies it, else f32."
  static let folderHelp: ArgumentHelp =
    "Precision of matrix products; auto: bf16 for weights stored so if the processor has it, else f32."

  /// `nil`: whoever reads the weights decides.
  var fixed: Precision? {
    switch self {
    case .auto: nil
    case .f32: .f32
    case .bf16: .bf16
    }
  }

  /// For models that are made here.
  var forDish: Precision {
    if self == .auto, !InstructionSet.multipliesBFloat16 { Self.tellOnce() }
    return fixed ?? .preferred
  }

  /// For the model of a folder.
  ///
  /// - Throws: `InputError` naming the file of weights that cannot be read.
  func forFolder(_ path: String) throws -> Precision {
    if let fixed { return fixed }
    if try Precision.isBFloat16(in: path), !InstructionSet.multipliesBFloat16 { Self.tellOnce() }
    return try .stored(in: path)
  }

  private static let isTold = Mutex(false)

  private static func tellOnce() {
    let isNew = isTold.withLock { told in
      defer { told = true }
      return !told
    }
    guard isNew else { return }
    StandardStream.error.write(
      "askew: precision f32, since this processor does not multiply bf16\n")
  }
}
