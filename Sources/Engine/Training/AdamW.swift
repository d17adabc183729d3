import CKernels

/// AdamW over one block (Loshchilov & Hutter, arXiv 1711.05101), with the gradient clipped to a norm.
///
/// The ranges that workers take are fixed, and so is the order in which their sums of squares are
/// added: the result does not depend on the number of threads.
final class AdamW: @unchecked Sendable {
  let parameters: ParameterBlock
  let moment1: ParameterBlock
  let moment2: ParameterBlock
  let gradient: ParameterBlock
  private var squares: [Double]
  /// What AdamW updates, in parts for the workers.
  private let ranges: [Range<Int>]
  private let muon: Muon?

  private static let range = 16_384

  /// - Parameter matrices: left to Muon.
  init(_ parameters: ParameterBlock, matrices: [TensorSlot] = [], workers: Int = 1) {
    self.parameters = parameters
    muon = matrices.isEmpty ? nil : Muon(matrices, workers: workers)
    let starts = [0] + matrices.map(\.range.upperBound)
    let ends = matrices.map(\.offset) + [parameters.count]
    ranges = zip(starts, ends).flatMap { start, end in
      stride(from: start, to: end, by: Self.range).map { $0..<min($0 + Self.range, end) }
    }
    moment1 = ParameterBlock(count: parameters.count)
    moment2 = ParameterBlock(count: parameters.count)
    gradient = ParameterBlock(count: parameters.count)
    squares = Array(
      repeating: 0, count: (parameters.count + Self.range - 1) / Self.range)
  }

  /// Sums the shards' gradients in their order and returns the norm of the sum.
  func collect(_ shards: [ParameterBlock], pool: WorkerPool) -> Double {
    let pointers = shards.map { Optional(UnsafePointer($0.floats)) }
    squares.withUnsafeMutableBufferPointer { squares in
      nonisolated(unsafe) let squares = squares
      nonisolated(unsafe) let pointers = pointers
      let (count, gradient) = (parameters.count, gradient)
      pool.run(squares.count) { _, index in
        let start = index * Self.range
        let length = min(Self.range, count - start)
        pointers.withUnsafeBufferPointer {
          askew_sum_blocks(
            $0.baseAddress, $0.count, start, gradient.floats + start, length,
            squares.baseAddress! + index)
        }
      }
    }
    return squares.reduce(0, +).squareRoot()
  }

  /// One update with the collected gradient; `operands` is brought up to date.
  ///
  /// - Parameter step: counted from 0; the bias corrections use step + 1.
  func update(
    step: Int, learningRate: Double, gradientNorm: Double, _ c: TrainingConfiguration,
    operands: OperandBlock, pool: WorkerPool
  ) {
    // torch.nn.utils.clip_grad_norm_ divides by norm + 1e-6 as well.
    let clip = c.clipNorm > 0 ? min(1, c.clipNorm / (gradientNorm + 1e-6)) : 1
    let rate = learningRate / (1 - power(c.beta1, step + 1))
    let root = 1 / (1 - power(c.beta2, step + 1)).squareRoot()
    pool.run(ranges.count) { [self] _, index in
      let (start, range) = (ranges[index].lowerBound, ranges[index])
      askew_adamw(
        parameters.floats + start, moment1.floats + start, moment2.floats + start,
        gradient.floats + start, range.count, Float(clip), Float(c.beta1), Float(c.beta2),
        Float(rate), Float(root), Float(c.epsilon), Float(1 - learningRate * c.weightDecay))
      operands.refresh(range)
    }
    guard let muon, let own = c.muon else { return }
    muon.update(
      parameters, momentum: moment1, gradient: gradient, clip: Float(clip),
      rate: own.learningRate * (learningRate / c.learningRate), decay: c.weightDecay, own,
      operands: operands, pool: pool)
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { result, _ in result * base }
  }
}
