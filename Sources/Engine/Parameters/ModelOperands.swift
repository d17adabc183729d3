import CKernels
import Formats

/// What the passes read of a model: matrices in the precision of the products, vectors and rows of
/// the embedding in 32 bits.
final class ModelOperands: @unchecked Sendable {
  private enum Storage {
    case full(OperandBlock)
    case half(HalfWeights)
  }

  let precision: Precision
  private let storage: Storage

  /// - Precondition: a model that is kept in bfloat16 is multiplied in it.
  init(_ model: Model, precision: Precision) {
    self.precision = precision
    switch model.storage {
    case .full(let weights): storage = .full(OperandBlock(weights, precision: precision))
    case .half(let weights):
      precondition(precision == .bf16, "weights in bfloat16 have no \(precision.rawValue) operands")
      storage = .half(weights)
    }
  }

  /// The operands of trained weights, which change; `nil` for frozen ones.
  var trained: OperandBlock? {
    if case .full(let block) = storage { block } else { nil }
  }

  /// A group of matrices as it lies.
  func matrix(_ offset: Int) -> UnsafeRawPointer {
    switch storage {
    case .full(let block): block.at(offset)
    case .half(let weights): UnsafeRawPointer(weights.matrix(at: offset))
    }
  }

  /// The transpose of some rows of the group `[out, width]` at `offset`: columns of a product.
  ///
  /// - Parameter cut: the number of `rows` among `ColumnCuts`.
  func transposed(_ offset: Int, width: Int, rows: Range<Int>, cut: Int) -> Operand {
    if case .half(let weights) = storage, let packed = weights.packed(at: offset) {
      return packed[cut]
    }
    return .transposed(
      matrix(offset) + rows.lowerBound * width * precision.bytes, stride: width)
  }

  func vector(_ offset: Int) -> UnsafeMutablePointer<Float> {
    switch storage {
    case .full(let block): block.source.floats + offset
    case .half(let weights): weights.vector(at: offset)
    }
  }

  /// Row `token` of the table at `offset`, `width` channels.
  func embed(
    _ token: Int32, table offset: Int, width: Int, to row: UnsafeMutablePointer<Float>
  ) {
    let first = Int(token) * width
    switch storage {
    case .full(let block): row.update(from: block.source.floats + offset + first, count: width)
    case .half(let weights):
      let table = weights.matrix(at: offset) + first
      for i in 0..<width { row[i] = BFloat16.float(bits: table[i]) }
    }
  }
}
