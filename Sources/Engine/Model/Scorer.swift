/// Log-likelihoods of sequences, by the pass that training uses; nothing is trained.
public final class Scorer {
  private let model: Model
  private let passes: [ShardPass]
  private let pool: WorkerPool
  private let longest: Int

  /// - Parameters:
  ///   - model: the model to score with.
  ///   - adapter: applied beside the weights, as in training.
  ///   - precision: of the matrix products.
  ///   - pool: the threads that work; results do not depend on their number.
  ///   - longest: tokens of the longest sequence that will come.
  /// - Throws: `TrainingError.unsupported`.
  /// - Precondition: a model kept in bfloat16 is read with that precision.
  public init(
    model: Model, adapter: Adapter? = nil, precision: Precision, pool: WorkerPool, longest: Int
  ) throws {
    guard Product.isSupported(precision) else { throw TrainingError.unsupported(precision) }
    self.model = model
    self.pool = pool
    self.longest = longest
    let operands = ModelOperands(model, precision: precision)
    let adapterOperands = adapter.map { OperandBlock($0.weights, precision: precision) }
    let rotary = RotaryTable(model.configuration, positions: longest)
    passes = (0..<pool.threadCount).map { _ in
      ShardPass(
        model: model, adapter: adapter, operands: operands, adapterOperands: adapterOperands,
        rotary: rotary, keeping: .nothing)
    }
  }

  /// −Σ log p of each sequence's trained tokens, in nats, given all tokens before each; 0 for a
  /// sequence without any.
  ///
  /// Each sequence goes through the model alone, so that its figure does not depend on the others.
  /// - Precondition: sequences no longer than `longest`, tokens of the vocabulary.
  public func negativeLogLikelihoods(of sequences: [TrainingSequence]) -> [Double] {
    for sequence in sequences where sequence.trainedCount > 0 {
      precondition(
        sequence.tokens.count <= longest,
        "found \(sequence.tokens.count) tokens, expected at most \(longest)")
      model.check(sequence.tokens)
    }
    nonisolated(unsafe) let sums = UnsafeMutablePointer<Double>.allocate(capacity: sequences.count)
    sums.initialize(repeating: 0, count: sequences.count)
    defer { sums.deallocate() }
    pool.run(sequences.count) { [passes] worker, index in
      guard sequences[index].trainedCount > 0 else { return }
      sums[index] = passes[worker].run([sequences[index]], scale: 1, gradients: nil)
    }
    return (0..<sequences.count).map { sums[$0] }
  }
}
