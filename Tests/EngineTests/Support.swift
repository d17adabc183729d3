import CKernels
import Core
import Engine
import Formats
import Foundation
import Testing

/// The instruction sets of this machine; a kernel test runs in each.
let instructionSets: [askew_isa] = [ASKEW_ISA_BASELINE, ASKEW_ISA_AVX2, ASKEW_ISA_AVX512]
  .filter { $0.rawValue <= askew_best_isa().rawValue }

/// Runs `body` once in each instruction set; the choice is the calling thread's alone.
func inEachInstructionSet(_ body: (_ name: String) throws -> Void) rethrows {
  let before = askew_current_isa()
  defer { _ = askew_select_isa(before) }
  for isa in instructionSets {
    #expect(askew_select_isa(isa) == 0)
    #expect(askew_current_isa() == isa)
    try body("instruction set \(isa.rawValue)")
  }
}

/// Precisions that this processor multiplies in hardware; elsewhere bfloat16 is only emulated.
let precisions: [Precision] = Precision.preferred == .bf16 ? [.f32, .bf16] : [.f32]

/// Reproducible numbers for tests.
struct Numbers {
  var stream: RandomStream
  init(_ name: String) { stream = RandomStream(seed: 7, "tests", name) }

  mutating func normal(_ count: Int, scale: Double = 1) -> [Float] {
    (0..<count).map { _ in Float(scale * stream.normal()) }
  }
  mutating func tokens(_ count: Int, below bound: Int) -> [Int32] {
    (0..<count).map { _ in Int32(stream.below(bound)) }
  }
}

/// Operand values of one precision: what they are after rounding, and what comes out of a kernel.
enum Operands {
  static func rounded(_ values: [Float], _ precision: Precision) -> [Float] {
    precision == .f32 ? values : values.map { BFloat16.float(bits: BFloat16.bits($0)) }
  }

  /// The error of one rounding relative to the number: half a unit in the last place.
  static func roundoff(_ precision: Precision) -> Double { precision == .f32 ? 0x1p-24 : 0x1p-8 }
}

/// The largest |actual − expected| − relative · |expected| has to stay below `absolute`; a number
/// that is not one never passes.
func expectClose(
  _ actual: [Float], _ expected: [Double], absolute: Double, relative: Double = 0,
  _ what: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual.count == expected.count, "\(what)", sourceLocation: sourceLocation)
  var worst = (excess: -Double.infinity, at: 0)
  for (i, (a, e)) in zip(actual, expected).enumerated() {
    let excess = abs(Double(a) - e) - relative * abs(e)
    if !(excess <= worst.excess) { worst = (excess, i) }
    if excess.isNaN { break }
  }
  guard actual.count == expected.count, !actual.isEmpty else { return }
  #expect(
    worst.excess <= absolute,
    "\(what): element \(worst.at) is \(actual[worst.at]), expected \(expected[worst.at])",
    sourceLocation: sourceLocation)
}

/// Memory for a kernel's result: filled with NaN, which an element that is never written keeps, and
/// followed by marks that must survive.
func kernelResult(
  _ count: Int, from start: [Float]? = nil, _ body: (UnsafeMutablePointer<Float>) -> Void
) -> [Float] {
  let mark: Float = 1234.5
  var memory = (start ?? Array(repeating: .nan, count: count)) + Array(repeating: mark, count: 16)
  memory.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
  #expect(memory[count...].allSatisfy { $0 == mark }, "written behind the end")
  return Array(memory[..<count])
}

/// The same for operands of either precision.
func operandResult(
  _ count: Int, _ precision: Precision, f32: (UnsafeMutablePointer<Float>) -> Void,
  bf16: (UnsafeMutablePointer<UInt16>) -> Void
) -> [Float] {
  if precision == .f32 { return kernelResult(count, f32) }
  let mark: UInt16 = 0x4abc
  var memory = Array(repeating: UInt16(0x7fc0), count: count) + Array(repeating: mark, count: 16)
  memory.withUnsafeMutableBufferPointer { bf16($0.baseAddress!) }
  #expect(memory[count...].allSatisfy { $0 == mark }, "written behind the end")
  return memory[..<count].map { BFloat16.float(bits: $0) }
}

func halves(_ values: [Float]) -> [UInt16] { values.map { BFloat16.bits($0) } }

/// A pool that is stopped when the test is over.
func withPool<Result>(_ threads: Int, _ body: (WorkerPool) throws -> Result) rethrows -> Result {
  let pool = WorkerPool(threadCount: threads)
  defer { pool.stop() }
  return try body(pool)
}

extension ParameterBlock {
  /// The digest of the exact bytes: arrays of so many numbers would take minutes to be told apart
  /// in a failure's report.
  var bits: Fingerprint { Fingerprint(bytes: Data(bytes: floats, count: 4 * count)) }
}
