import Core
import Foundation

/// What each rotation is slowed by in files of Llama 3.1 and later, as the tensor `rope_freqs.weight`.
struct GGUFRopeFactors {
  static let tensor = "rope_freqs.weight"
  private let headSize: Int
  private let base: Double
  /// All that is known to use them has these.
  private static let known = RopeScaling(
    factor: 1, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalPositionCount: 8192)

  init(_ configuration: ModelConfiguration) {
    (headSize, base) = (configuration.headSize, configuration.ropeBase)
  }

  /// The factors of a scaling: a frequency is divided by its factor.
  func factors(_ scaling: RopeScaling) -> [Float] {
    (0..<headSize / 2).map { index in
      let frequency = pow(base, -2 * Double(index) / Double(headSize))
      return Float(frequency / scaling.scaled(frequency))
    }
  }

  /// The scaling that a file's factors come from; `nil` if it has none.
  ///
  /// - Throws: `InputError` if they are not those of Llama 3's formula.
  func scaling(in file: GGUFFile) throws(InputError) -> RopeScaling? {
    guard let info = file.tensors[Self.tensor] else { return nil }
    guard info.type == .f32, info.shape == [headSize / 2] else {
      throw InputError(
        "found shape \(info.shape) of \(info.type.name), expected [\(headSize / 2)] of F32",
        file: file.file, field: Self.tensor)
    }
    let found = try file.floats(of: Self.tensor)
    var scaling = Self.known
    scaling.factor = found.max().map { Double("\($0)") ?? 1 } ?? 1
    let expected = factors(scaling)
    guard found.allSatisfy(\.isFinite), scaling.factor >= 1,
      zip(found, expected).allSatisfy({ abs($0 - $1) <= 1e-4 * $1 })
    else {
      throw InputError(
        "are factors of rotations that do not follow Llama 3's formula, the only one supported",
        file: file.file, field: Self.tensor)
    }
    return scaling == Self.known ? nil : scaling
  }
}
