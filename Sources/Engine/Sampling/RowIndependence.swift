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

    init(_ c: ModelConfiguration, _ precision: Precision, rows: Int) {
      sizes = [
        rows, c.hiddenSize, c.qkvSize, c.attentionSize, c.intermediateSize, c.vocabularySize,
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

  /// Leaves in `output` what the product of all rows gives.
  func run(
    _ product: Product, on output: UnsafeMutableRawPointer, result: Precision, add: Bool
  ) {
    let rowBytes = product.columns * result.bytes
    let few = UnsafeMutableRawPointer.allocate(
      byteCount: DecodePass.rows * rowBytes, alignment: 64)
    defer { few.deallocate() }
    few.copyMemory(from: output, byteCount: DecodePass.rows * rowBytes)
    let all = Product(
      rows: DecodePass.rows, columns: product.columns, inner: product.inner, a: product.a,
      b: product.b, precision: product.precision)
    for (product, target) in [(product, few), (all, output)] {
      if add {
        product.add(to: target, stride: product.columns, result: result)
      } else {
        product.assign(to: target, stride: product.columns, result: result)
      }
    }
    if memcmp(few, output, product.rows * rowBytes) != 0 { isEqual = false }
  }
}
