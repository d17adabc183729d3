import CKernels
import Formats

/// Trains a model, or an adapter on a frozen model, one batch a step.
///
/// A step cuts the batch into shards, runs each through forward and backward on one thread, sums
/// their gradients in order and updates. The same batches give the same bytes, whatever the number of
/// threads. The trainer owns what it trains until it is done; it prints nothing.
public final class Trainer {
  public let model: Model
  public let adapter: Adapter?
  public let configuration: TrainingConfiguration
  /// The step that comes next, counted from 0.
  public internal(set) var nextStep = 0

  let optimiser: AdamW
  private let pool: WorkerPool
  private let rotary: RotaryTable
  private let passes: [ShardPass]
  private let shardGradients: [ParameterBlock]
  let trainedOperands: OperandBlock

  /// - Parameters:
  ///   - model: trained in place, or, with an adapter, left as it is.
  ///   - longest: tokens of the longest sequence that will come.
  /// - Throws: `TrainingError.unsupported`.
  public init(
    model: Model, adapter: Adapter? = nil, configuration: TrainingConfiguration,
    pool: WorkerPool, longest: Int
  ) throws {
    guard Product.isSupported(configuration.precision) else {
      throw TrainingError.unsupported(configuration.precision)
    }
    self.model = model
    self.adapter = adapter
    self.configuration = configuration
    self.pool = pool
    let operands = OperandBlock(model.weights, precision: configuration.precision)
    let adapterOperands = adapter.map {
      OperandBlock($0.weights, precision: configuration.precision)
    }
    trainedOperands = adapterOperands ?? operands
    let rotary = RotaryTable(model.configuration, positions: longest)
    self.rotary = rotary
    passes = (0..<pool.threadCount).map { _ in
      ShardPass(
        model: model, adapter: adapter, operands: operands, adapterOperands: adapterOperands,
        rotary: rotary)
    }
    let trained = adapter?.weights ?? model.weights
    shardGradients = (0..<max(1, configuration.shardCount)).map { _ in
      ParameterBlock(count: trained.count)
    }
    optimiser = AdamW(trained)
  }

  /// One optimiser step on `batch`.
  ///
  /// - Throws: `TrainingError.diverged` before the weights are touched, `.nothingToTrain`,
  ///   `.unfitSequence`.
  public func step(_ batch: [TrainingSequence]) throws -> StepRecord {
    if let problem = problem(in: batch) {
      throw TrainingError.unfitSequence(step: nextStep, problem: problem)
    }
    let trained = batch.reduce(0) { $0 + $1.trainedCount }
    guard trained > 0 else { throw TrainingError.nothingToTrain(step: nextStep) }
    let shards = Self.shards(of: batch, count: configuration.shardCount)
    let loss = run(shards, scale: 1 / Float(trained), withGradients: true) / Double(trained)
    let norm = optimiser.collect(Array(shardGradients.prefix(shards.count)), pool: pool)
    guard loss.isFinite, norm.isFinite else {
      throw TrainingError.diverged(step: nextStep, loss: loss, gradientNorm: norm)
    }
    let rate = configuration.learningRate(at: nextStep)
    optimiser.update(
      step: nextStep, learningRate: rate, gradientNorm: norm, configuration,
      operands: trainedOperands, pool: pool)
    let record = StepRecord(
      step: nextStep, loss: loss, learningRate: rate, gradientNorm: norm,
      tokens: batch.reduce(0) { $0 + $1.tokens.count }, trainedTokens: trained)
    nextStep += 1
    return record
  }

  /// Mean loss over the trained tokens of `sequences`, in nats, without training on them; `nil`
  /// without any.
  ///
  /// - Precondition: sequences no longer than the trainer was made for, tokens of the vocabulary.
  public func evaluationLoss(_ sequences: [TrainingSequence]) -> Double? {
    if let problem = problem(in: sequences) { preconditionFailure(problem) }
    let trained = sequences.reduce(0) { $0 + $1.trainedCount }
    guard trained > 0 else { return nil }
    let shards = Self.shards(
      of: sequences, count: max(configuration.shardCount, sequences.count / 8))
    return run(shards, scale: 0, withGradients: false) / Double(trained)
  }

  /// What would read beyond the rotary table or the embedding.
  private func problem(in batch: [TrainingSequence]) -> String? {
    let vocabulary = model.configuration.vocabularySize
    for (index, sequence) in batch.enumerated() {
      if sequence.tokens.count > rotary.positionCount {
        return "sequence \(index) has \(sequence.tokens.count) tokens, expected at most "
          + "\(rotary.positionCount)"
      }
      if let token = sequence.tokens.first(where: { !(0..<vocabulary).contains(Int($0)) }) {
        return "sequence \(index) has token \(token), expected 0 to \(vocabulary - 1)"
      }
    }
    return nil
  }

  /// The gradient of the mean loss of `batch`, by tensor name: for tests against other tools.
  package func gradients(_ batch: [TrainingSequence]) -> [String: [Float]] {
    let trained = batch.reduce(0) { $0 + $1.trainedCount }
    let shards = Self.shards(of: batch, count: configuration.shardCount)
    _ = run(shards, scale: 1 / Float(max(1, trained)), withGradients: true)
    _ = optimiser.collect(Array(shardGradients.prefix(shards.count)), pool: pool)
    let layout = adapter?.layout ?? model.layout
    return Dictionary(
      uniqueKeysWithValues: layout.slots.map { slot in
        (slot.name, slot.range.map { optimiser.gradient.floats[$0] })
      })
  }

  /// Sum of losses over all shards, added up in their order.
  private func run(_ shards: [[TrainingSequence]], scale: Float, withGradients: Bool) -> Double {
    nonisolated(unsafe) let losses = UnsafeMutablePointer<Double>.allocate(capacity: shards.count)
    defer { losses.deallocate() }
    let (passes, gradients) = (passes, shardGradients)
    pool.run(shards.count) { worker, index in
      if withGradients {
        gradients[index].floats.update(repeating: 0, count: gradients[index].count)
      }
      losses[index] = passes[worker].run(
        shards[index], scale: scale, gradients: withGradients ? gradients[index].floats : nil)
    }
    return (0..<shards.count).reduce(0) { $0 + losses[$1] }
  }

  /// Cuts a batch into at most `count` shards of about the same number of tokens: longest first,
  /// each to the lightest shard so far (the first of equals).
  static func shards(of batch: [TrainingSequence], count: Int) -> [[TrainingSequence]] {
    var shards = Array(
      repeating: [TrainingSequence](), count: max(1, min(count, batch.count)))
    var weights = Array(repeating: 0, count: shards.count)
    let order = batch.indices.sorted {
      (batch[$1].tokens.count, $0) < (batch[$0].tokens.count, $1)
    }
    for index in order {
      let lightest = weights.indices.min { (weights[$0], $0) < (weights[$1], $1) } ?? 0
      shards[lightest].append(batch[index])
      weights[lightest] += batch[index].tokens.count
    }
    return shards
  }
}
