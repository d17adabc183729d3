import CKernels
import Foundation

/// The number type of a matrix product's operands; sums are always kept in 32 bits.
package enum Precision: String, Sendable, Hashable, Codable, CaseIterable {
  /// 32-bit floats: the reference.
  case f32
  /// bfloat16 operands, 32-bit sums, master weights and optimiser: the fast path.
  case bf16

  /// `bf16` where the processor multiplies it in hardware, `f32` elsewhere.
  package static var preferred: Precision { askew_has_bf16() == 1 ? .bf16 : .f32 }

  var kernelType: Int32 { self == .bf16 ? Int32(ASKEW_BF16.rawValue) : Int32(ASKEW_F32.rawValue) }
  var bytes: Int { self == .bf16 ? 2 : 4 }
}

/// All numbers of one kind (weights, gradients, moments) in one allocation, aligned to 64 bytes and
/// zero at first: optimiser, norm and checkpoint are one loop each.
///
/// Not `Sendable` by nature: whoever holds it coordinates access. It is marked `@unchecked` because
/// the trainer's workers write disjoint ranges, with a barrier of `WorkerPool` in between.
package final class ParameterBlock: @unchecked Sendable {
  package let count: Int
  package let floats: UnsafeMutablePointer<Float>

  package init(count: Int) {
    self.count = count
    floats = Self.allocate(count, of: Float.self)
  }

  deinit { UnsafeMutableRawPointer(floats).deallocate() }

  package func copy() -> ParameterBlock {
    let result = ParameterBlock(count: count)
    result.floats.update(from: floats, count: count)
    return result
  }

  private static let largePage = 2 << 20

  static func allocate<T>(_ count: Int, of type: T.Type) -> UnsafeMutablePointer<T> {
    let bytes = max(64, count * MemoryLayout<T>.stride)
    let isLarge = bytes >= largePage
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: bytes, alignment: isLarge ? largePage : 64)
    #if os(Linux)
      // Walking matrices in small pages misses the address cache. A hint: nothing is lost without.
      if isLarge { madvise(raw, bytes, MADV_HUGEPAGE) }
    #endif
    raw.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    return raw.assumingMemoryBound(to: T.self)
  }
}

/// A block as the matrix products see it: the floats themselves, or a bfloat16 copy of them that is
/// brought up to date with `refresh`.
final class OperandBlock: @unchecked Sendable {
  let precision: Precision
  let source: ParameterBlock
  private let rounded: UnsafeMutablePointer<UInt16>?

  init(_ source: ParameterBlock, precision: Precision) {
    self.source = source
    self.precision = precision
    rounded =
      precision == .bf16 ? ParameterBlock.allocate(source.count, of: UInt16.self) : nil
    refresh(0..<source.count)
  }

  deinit { rounded.map { UnsafeMutableRawPointer($0).deallocate() } }

  func refresh(_ range: Range<Int>) {
    guard let rounded else { return }
    askew_cast_bf16(source.floats + range.lowerBound, rounded + range.lowerBound, range.count, 1)
  }

  func at(_ offset: Int) -> UnsafeRawPointer {
    rounded.map { UnsafeRawPointer($0 + offset) } ?? UnsafeRawPointer(source.floats + offset)
  }
}
