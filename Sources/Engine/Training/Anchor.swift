import CKernels
import Formats

/// Training that stays close to the model it started from, where other data is concerned.
///
/// loss = CE(batch) + weight · mean over the anchor's trained tokens of KL(reference ‖ model), with
/// the divergence taken over the whole vocabulary, as in Kaczer et al., arXiv 2508.06249.
package struct AnchorConfiguration: Sendable, Hashable, Codable {
  /// Factor of the mean divergence, 0 or more. With 0 the divergence can be measured and training
  /// is what it is without an anchor, to the byte.
  package var weight: Double

  package init(weight: Double) { self.weight = weight }
}

/// The frozen model that training is held to, with one pass for each worker.
struct Anchor {
  let configuration: AnchorConfiguration
  let model: Model
  let passes: [ShardPass]

  /// - Parameters:
  ///   - operands: the trained model's; an adapter's base is frozen as it is and shares them.
  init(
    _ configuration: AnchorConfiguration, model: Model, adapter: Adapter?, operands: ModelOperands,
    rotary: RotaryTable, workers: Int
  ) {
    let weight = configuration.weight
    precondition(
      weight.isFinite && weight >= 0, "found an anchor's weight of \(weight), expected 0 or more")
    self.configuration = configuration
    // What training is held to is the model as it was, not as it is steered.
    let frozen = (adapter == nil ? model.copy() : model).edited(by: [])
    let frozenOperands =
      adapter == nil ? ModelOperands(frozen, precision: operands.precision) : operands
    self.model = frozen
    passes = (0..<workers).map { _ in
      ShardPass(
        model: frozen, adapter: nil, operands: frozenOperands, adapterOperands: nil,
        rotary: rotary, keeping: .nothing)
    }
  }

  /// Whether it has a part in the gradient.
  var pulls: Bool { configuration.weight > 0 }
}

/// Sequences cut into shards, and the factor of each token's loss in the gradient.
struct ShardedSequences {
  let shards: [[TrainingSequence]]
  let scale: Float
  let trainedCount: Int

  /// - Parameter weight: of the mean loss in the whole; 0: no gradient is wanted.
  init(_ sequences: [TrainingSequence], count: Int, weight: Double = 1) {
    shards = Self.shards(of: sequences, count: count)
    trainedCount = sequences.reduce(0) { $0 + $1.trainedCount }
    // 1 / n in 32 bits where the weight is 1, as without anchors.
    scale = Float(weight) / Float(max(1, trainedCount))
  }

  /// Sequences in groups of at most so many tokens; a longer one is alone.
  static func parts(of shard: [TrainingSequence], tokens limit: Int) -> [[TrainingSequence]] {
    var parts: [[TrainingSequence]] = []
    var left = 0
    for sequence in shard {
      if parts.isEmpty || sequence.tokens.count > left {
        parts.append([])
        left = limit
      }
      parts[parts.count - 1].append(sequence)
      left -= sequence.tokens.count
    }
    return parts
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
