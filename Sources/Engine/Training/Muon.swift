import CKernels

/// Muon on the matrices of the blocks; tables, norms and biases stay with AdamW.
package struct MuonConfiguration: Sendable, Hashable, Codable {
  /// Of the matrices, on the schedule of the whole training.
  package var learningRate: Double
  package var momentum = 0.95

  package init(learningRate: Double) { self.learningRate = learningRate }
}

/// Muon (Jordan et al., 2024, https://kellerjordan.github.io/posts/muon; scaled as in arXiv 2502.16982): a
/// matrix W of shape `[rows, columns]` follows its momentum M with all singular values brought near 1,
///
///     M ← μM + G,  W ← (1 − ηλ)W − 0.2 η √max(rows, columns) · NewtonSchulz(G + μM),
///
/// so that directions which few rows of a batch ask for move as far as those which all ask for. Where we
/// differ from torch.optim.Muon with `match_rms_adamw`: products in 32 bits, not in bfloat16.
final class Muon: @unchecked Sendable {
  private let slots: [TensorSlot]
  private let scratch: [ParameterBlock]

  /// Coefficients of the quintic whose iteration pulls singular values to 1, and how often it is applied.
  private static let (a, b, c) = (Float(3.4445), Float(-4.7750), Float(2.0315))
  private static let iterations = 5

  /// The matrices of the blocks among a model's tensors.
  static func matrices(of layout: ParameterLayout) -> [TensorSlot] {
    layout.slots.filter { $0.name.hasSuffix("proj.weight") && $0.shape.count == 2 }
  }

  init(_ slots: [TensorSlot], workers: Int) {
    self.slots = slots
    let most = slots.map { 2 * $0.count + 2 * Self.side($0) * Self.side($0) }.max() ?? 0
    scratch = (0..<workers).map { _ in ParameterBlock(count: most) }
  }

  private static func side(_ slot: TensorSlot) -> Int { slot.shape.min() ?? 0 }

  /// One update of every matrix with `gradient` times `clip`; `momentum` is M.
  func update(
    _ parameters: ParameterBlock, momentum: ParameterBlock, gradient: ParameterBlock, clip: Float,
    rate: Double, decay: Double, _ configuration: MuonConfiguration, operands: OperandBlock,
    pool: WorkerPool
  ) {
    pool.run(slots.count) { [self] worker, index in
      let slot = slots[index]
      let direction = scratch[worker].floats
      let (weights, mean) = (parameters.floats + slot.offset, momentum.floats + slot.offset)
      let fresh = gradient.floats + slot.offset
      let weight = Float(configuration.momentum)
      for i in 0..<slot.count {
        let own = clip * fresh[i]
        mean[i] = weight * mean[i] + own
        direction[i] = own + weight * mean[i]
      }
      Self.orthogonalise(direction, slot.shape[0], slot.shape[1])
      let step = Float(0.2 * rate * Double(max(slot.shape[0], slot.shape[1])).squareRoot())
      let keep = Float(1 - rate * decay)
      for i in 0..<slot.count { weights[i] = keep * weights[i] - step * direction[i] }
      operands.refresh(slot.range)
    }
  }

  /// Replaces X, `[rows, columns]`, by UVᵀ of its singular value decomposition, nearly: five times
  /// X ← aX + (bA + cA²)X with A = XXᵀ, from X over its norm. The smaller side is the inner one: a tall
  /// X has A = XᵀX and X ← aX + X(bA + cA²). Behind X there is room for another and for two squares.
  static func orthogonalise(_ x: UnsafeMutablePointer<Float>, _ rows: Int, _ columns: Int) {
    let (count, side) = (rows * columns, min(rows, columns))
    let isTall = rows > columns
    let (old, gram, square) = (x + count, x + 2 * count, x + 2 * count + side * side)
    let norm = (0..<count).reduce(0.0) { $0 + Double(x[$1]) * Double(x[$1]) }.squareRoot() + 1e-7
    for i in 0..<count { x[i] = Float(Double(x[i]) / norm) }
    let plain = Operand.rows(x, stride: columns)
    let turned = Operand.transposed(x, stride: columns)
    let squares = Operand.rows(gram, stride: side)
    for _ in 0..<iterations {
      Product(
        rows: side, columns: side, inner: max(rows, columns), a: isTall ? turned : plain,
        b: isTall ? plain : turned, precision: .f32
      ).assign(to: gram, stride: side)
      Product(rows: side, columns: side, inner: side, a: squares, b: squares, precision: .f32)
        .assign(to: square, stride: side)
      for i in 0..<side * side { square[i] = b * gram[i] + c * square[i] }
      old.update(from: x, count: count)
      for i in 0..<count { x[i] *= a }
      let (factor, from) = (
        Operand.rows(square, stride: side), Operand.rows(old, stride: columns)
      )
      Product(
        rows: rows, columns: columns, inner: side, a: isTall ? from : factor,
        b: isTall ? factor : from, precision: .f32
      ).add(to: x, stride: columns)
    }
  }
}
