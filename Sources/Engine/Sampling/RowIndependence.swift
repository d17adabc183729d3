import Formats
import Foundation
import Synchronization

/// What is known of this machine's matrix products: whether one of fewer rows gives, for those rows,
/// the same bytes as one of all.
///
/// It is so where a product sums each row's terms in an order that does not depend on the others, as
/// oneDNN's blocked kernels do; nothing promises it. So the first pass with a number of rows is done
/// both ways and compared, and where they differ that number is never used.
final class RowIndependence: Sendable {
  struct Key: Hashable, Sendable {
    let sizes: [Int]
    let precision: Precision

    /// - Parameter rank: of the adapter, 0 without one.
    init(_ c: ModelConfiguration, _ precision: Precision, rows: Int, rank: Int) {
      sizes = [
        rows, c.hiddenSize, c.qkvSize, c.attentionSize, c.intermediateSize, c.vocabularySize, rank,
      ]
      self.precision = precision
    }
  }

  static let shared = RowIndependence()
  private let known = Mutex<[Key: Bool]>([:])

  /// `nil`: not seen yet.
  subscript(key: Key) -> Bool? {
    get { known.withLock { $0[key] } }
    set { known.withLock { $0[key] = newValue } }
  }
}

/// The products of one pass, done with few and with all rows.
final class RowComparison {
  let key: RowIndependence.Key
  private(set) var isEqual = true

  init(key: RowIndependence.Key) { self.key = key }

  /// Leaves in `output` what `body` makes of all rows.
  ///
  /// - Parameter body: multiplies as many rows, assigning or adding to the target.
  func run(
    on output: UnsafeMutableRawPointer, rowBytes: Int, rows: Int,
    _ body: (_ rows: Int, _ target: UnsafeMutableRawPointer) -> Void
  ) {
    let few = UnsafeMutableRawPointer.allocate(
      byteCount: DecodePass.rows * rowBytes, alignment: 64)
    defer { few.deallocate() }
    few.copyMemory(from: output, byteCount: DecodePass.rows * rowBytes)
    body(rows, few)
    body(DecodePass.rows, output)
    if memcmp(few, output, rows * rowBytes) != 0 { isEqual = false }
  }
}
