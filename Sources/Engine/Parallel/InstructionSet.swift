import CKernels
import Core
import Foundation

/// The vector instructions that kernels and oneDNN use.
package enum InstructionSet: Int32, Sendable, CaseIterable {
  case baseline, avx2, avx512

  /// The best that this processor offers and the environment's `ASKEW_ISA` allows.
  package static var best: InstructionSet {
    InstructionSet(rawValue: Int32(askew_best_isa().rawValue)) ?? .baseline
  }

  /// Whether products in bfloat16 are the processor's own and not emulated.
  package static var multipliesBFloat16: Bool { askew_has_bf16() == 1 }

  /// - Throws: `InputError` where `ASKEW_ISA` names no instruction set: results depend on it.
  package static func checkLimit() throws(InputError) {
    guard askew_has_unknown_isa_limit() != 0 else { return }
    throw InputError(
      "found \"\(ProcessInfo.processInfo.environment["ASKEW_ISA"] ?? "")\", expected baseline, avx2 "
        + "or avx512", field: "ASKEW_ISA")
  }
}
