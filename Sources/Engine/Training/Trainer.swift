import CKernels
import Formats

/// Trains a model, or an adapter on a frozen model, one batch a step.
///
/// A step cuts the batch into shards, runs each through forward and backward on one thread, sums
/// their gradients in order and updates. The same batches give the same bytes, whatever the number of
/// threads. The trainer owns what it trains until it is done; it prints nothing.
package final class Trainer {
  package let model: Model
  package let adapter: Adapter?
  package let configuration: TrainingConfiguration
  /// The step that comes next, counted from 0.
  package internal(set) var nextStep = 0

  let optimiser: AdamW
  private let pool: WorkerPool
  private let rotary: RotaryTable
  private let passes: [ShardPass]
  let anchor: Anchor?
  private var shardGradients: [ParameterBlock] = []
  private let tokensPerPass: Int
  let trainedOperands: OperandBlock

  /// - Parameters:
  ///   - model: trained in place, or, with an adapter, left as it is.
  ///   - adapter: trained beside the weights; `nil`: the weights are trained.
  ///   - configuration: the optimiser and its schedule.
  ///   - pool: the threads that work; results do not depend on their number.
  ///   - longest: tokens of the longest sequence that will come.
  ///   - anchor: holds the training to `model` as it is now (a copy of it; with an adapter, `model`
  ///     without the adapter), so a restored run has to be made with the model that it began with.
  ///   - tokensPerPass: tokens that a shard goes through at a time, or one longer sequence: bounds the
  ///     memory of a large batch. Another number sums gradients in another order.
  ///   - recomputes: keeps each block's input alone and runs the block again on the way back: a third
  ///     more work, a fraction of the memory, the same bytes.
  /// - Throws: `TrainingError.unsupported`.
  package init(
    model: Model, adapter: Adapter? = nil, configuration: TrainingConfiguration,
    pool: WorkerPool, longest: Int, anchor: AnchorConfiguration? = nil,
    tokensPerPass: Int = .max, recomputes: Bool = false
  ) throws {
    guard Product.isSupported(configuration.precision) else {
      throw TrainingError.unsupported(configuration.precision)
    }
    self.model = model
    self.adapter = adapter
    self.configuration = configuration
    self.pool = pool
    let operands = ModelOperands(model, precision: configuration.precision)
    let adapterOperands = adapter.map {
      OperandBlock($0.weights, precision: configuration.precision)
    }
    guard let trainedOperands = adapterOperands ?? operands.trained else {
      preconditionFailure("weights kept in bfloat16 cannot be trained; train an adapter on them")
    }
    self.trainedOperands = trainedOperands
    let rotary = RotaryTable(model.configuration, positions: longest)
    self.rotary = rotary
    passes = (0..<pool.threadCount).map { _ in
      ShardPass(
        model: model, adapter: adapter, operands: operands, adapterOperands: adapterOperands,
        rotary: rotary, keeping: recomputes ? .inputs : .everything)
    }
    self.anchor = anchor.map {
      Anchor(
        $0, model: model, adapter: adapter, operands: operands, rotary: rotary,
        workers: pool.threadCount)
    }
    let trained = adapter?.weights ?? model.weights
    self.tokensPerPass = tokensPerPass
    optimiser = AdamW(
      trained,
      matrices: configuration.muon == nil || adapter != nil ? [] : Muon.matrices(of: model.layout),
      workers: pool.threadCount)
  }

  /// One optimiser step on `batch`, held back by `anchor`.
  ///
  /// Shard i of the anchor adds its gradient to that of the batch's shard i, on the same worker.
  /// - Parameters:
  ///   - batch: the sequences of the step.
  ///   - anchor: without a trained token, or with a weight of 0, it changes nothing.
  /// - Throws: `TrainingError.diverged` before the weights are touched, `.nothingToTrain`,
  ///   `.unfitSequence`.
  /// - Precondition: the trainer was made with an anchor, if any sequence of one comes.
  package func step(
    _ batch: [TrainingSequence], anchor: [TrainingSequence] = []
  ) throws -> StepRecord {
    if let problem = problem(in: batch) ?? problem(in: anchor, of: "anchor ") {
      throw TrainingError.unfitSequence(step: nextStep, problem: problem)
    }
    let work = work(batch, anchor: anchor)
    let trained = work.batch?.trainedCount ?? 0
    guard trained > 0 else { throw TrainingError.nothingToTrain(step: nextStep) }
    let sums = run(work, withGradients: true)
    let loss = sums.batch / Double(trained)
    let anchorLoss = work.anchor.map { sums.anchor / Double($0.trainedCount) }
    let norm = optimiser.collect(Array(shardGradients.prefix(work.count)), pool: pool)
    let total = anchorLoss.map { loss + $0 * (self.anchor?.configuration.weight ?? 0) } ?? loss
    guard total.isFinite, norm.isFinite else {
      throw TrainingError.diverged(step: nextStep, loss: total, gradientNorm: norm)
    }
    let rate = configuration.learningRate(at: nextStep)
    optimiser.update(
      step: nextStep, learningRate: rate, gradientNorm: norm, configuration,
      operands: trainedOperands, pool: pool)
    let record = StepRecord(
      step: nextStep, loss: loss, learningRate: rate, gradientNorm: norm,
      tokens: batch.reduce(0) { $0 + $1.tokens.count }, trainedTokens: trained,
      anchorLoss: anchorLoss)
    nextStep += 1
    return record
  }

  /// Mean loss over the trained tokens of `sequences`, in nats, without training on them; `nil`
  /// without any.
  ///
  /// - Precondition: sequences no longer than the trainer was made for, tokens of the vocabulary.
  package func evaluationLoss(_ sequences: [TrainingSequence]) -> Double? {
    evaluation(sequences).map {
      run(Work(batch: $0), withGradients: false).batch / Double($0.trainedCount)
    }
  }

  /// Mean of KL(reference ‖ model) over the trained tokens of `sequences`, in nats, without training
  /// on them; `nil` without any.
  ///
  /// - Precondition: the trainer was made with an anchor; sequences as in `evaluationLoss`.
  package func evaluationDivergence(_ sequences: [TrainingSequence]) -> Double? {
    precondition(anchor != nil, "a trainer without an anchor has nothing to diverge from")
    return evaluation(sequences).map {
      run(Work(anchor: $0), withGradients: false).anchor / Double($0.trainedCount)
    }
  }

  private func evaluation(_ sequences: [TrainingSequence]) -> ShardedSequences? {
    if let problem = problem(in: sequences) { preconditionFailure(problem) }
    let sharded = ShardedSequences(
      sequences, count: max(configuration.shardCount, sequences.count / 8), weight: 0)
    return sharded.trainedCount > 0 ? sharded : nil
  }

  /// What would read beyond the rotary table or the embedding.
  private func problem(in batch: [TrainingSequence], of kind: String = "") -> String? {
    let vocabulary = model.configuration.vocabularySize
    for (index, sequence) in batch.enumerated() {
      if sequence.tokens.count > rotary.positionCount {
        return "\(kind)sequence \(index) has \(sequence.tokens.count) tokens, expected at most "
          + "\(rotary.positionCount)"
      }
      if let token = sequence.tokens.first(where: { !(0..<vocabulary).contains(Int($0)) }) {
        return "\(kind)sequence \(index) has token \(token), expected 0 to \(vocabulary - 1)"
      }
    }
    return nil
  }

  /// The gradient of a step's whole loss, by tensor name: for tests against other tools.
  package func gradients(
    _ batch: [TrainingSequence], anchor: [TrainingSequence] = []
  ) -> [String: [Float]] {
    let work = work(batch, anchor: anchor)
    _ = run(work, withGradients: true)
    _ = optimiser.collect(Array(shardGradients.prefix(work.count)), pool: pool)
    let layout = adapter?.layout ?? model.layout
    return Dictionary(
      uniqueKeysWithValues: layout.slots.map { slot in
        (slot.name, slot.range.map { optimiser.gradient.floats[$0] })
      })
  }

  private struct Work {
    var batch: ShardedSequences?
    var anchor: ShardedSequences?

    var count: Int { max(batch?.shards.count ?? 0, anchor?.shards.count ?? 0) }
  }

  private func work(_ batch: [TrainingSequence], anchor sequences: [TrainingSequence]) -> Work {
    precondition(
      anchor != nil || sequences.isEmpty, "sequences for an anchor that the trainer does not have")
    let count = configuration.shardCount
    var work = Work(batch: ShardedSequences(batch, count: count))
    if let anchor, anchor.pulls {
      let sharded = ShardedSequences(
        sequences, count: count, weight: anchor.configuration.weight)
      if sharded.trainedCount > 0 { work.anchor = sharded }
    }
    return work
  }

  /// Sums of losses over all shards, added up in their order.
  private func run(_ work: Work, withGradients: Bool) -> (batch: Double, anchor: Double) {
    let count = work.count
    nonisolated(unsafe) let losses = UnsafeMutablePointer<Double>.allocate(capacity: 2 * count)
    losses.update(repeating: 0, count: 2 * count)
    defer { losses.deallocate() }
    while withGradients, shardGradients.count < count {
      shardGradients.append(ParameterBlock(count: optimiser.parameters.count))
    }
    let (passes, gradients, references) = (passes, shardGradients, anchor?.passes)
    let limit = tokensPerPass
    pool.run(count) { worker, index in
      let gradient = withGradients ? gradients[index] : nil
      gradient?.floats.update(repeating: 0, count: gradient?.count ?? 0)
      if let batch = work.batch, index < batch.shards.count {
        for part in ShardedSequences.parts(of: batch.shards[index], tokens: limit) {
          losses[index] += passes[worker].run(
            part, scale: batch.scale, gradients: gradient?.floats)
        }
      }
      if let anchor = work.anchor, index < anchor.shards.count {
        for part in ShardedSequences.parts(of: anchor.shards[index], tokens: limit) {
          losses[count + index] += passes[worker].run(
            part, scale: anchor.scale, gradients: gradient?.floats,
            reference: references?[worker])
        }
      }
    }
    return (
      (0..<count).reduce(0) { $0 + losses[$1] },
      (count..<2 * count).reduce(0) { $0 + losses[$1] }
    )
  }
}
