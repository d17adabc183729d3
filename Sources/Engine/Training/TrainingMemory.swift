import Formats

/// What a training will hold in memory, in bytes, by the same rules that lay it out.
package struct TrainingMemory: Sendable, Hashable {
  package let weights: Int
  /// Trained parameters with their operands, both moments and gradients.
  package let optimiser: Int
  /// What passes keep for backward and their scratch, of all workers.
  package let activations: Int

  package var total: Int { weights + optimiser + activations }

  /// - Parameters:
  ///   - c: the shape of the model.
  ///   - adapter: `nil`: all weights are trained.
  ///   - precision: of the matrix products.
  ///   - tokensPerPass: of one worker, at a time.
  ///   - workers: threads that each hold a pass of their own.
  ///   - shards: gradients that are kept apart.
  ///   - recomputes: whether blocks are run again in place of being kept.
  package init(
    _ c: ModelConfiguration, adapter: LoRAConfiguration?, precision: Precision, tokensPerPass: Int,
    workers: Int, shards: Int, recomputes: Bool
  ) {
    let bytes = precision.bytes
    let parameters = c.tensorShapes().reduce(0) { $0 + $1.shape.reduce(1, *) }
    let trained = adapter.map { Self.count($0, c) } ?? parameters
    let halfCopy = precision == .bf16 ? 2 : 0
    weights = parameters * (adapter == nil ? 4 + halfCopy : bytes)
    // The trained parameters themselves count with the weights where all are trained.
    optimiser = trained * (4 * (3 + shards) + (adapter == nil ? 0 : 4 + halfCopy))
    let rank = adapter?.rank ?? 0
    let heads = c.queryKeyNorm ? (c.headCount + c.keyValueHeadCount) * (c.headSize + 1) : 0
    let rest =
      4 * (2 + c.qkvSize + heads + c.headCount + c.hiddenSize)
      + bytes * (2 * c.hiddenSize + c.attentionSize + 3 * c.intermediateSize + 7 * rank)
    let block = 4 * c.hiddenSize + (recomputes ? 0 : rest)
    let scratch =
      4 * (3 * c.hiddenSize + 2 * max(c.qkvSize, c.hiddenSize, c.attentionSize) + 4)
      + bytes * (2 * c.hiddenSize + max(c.qkvSize, 2 * c.intermediateSize) + c.intermediateSize)
    let logits =
      min(tokensPerPass, Activations.logitRows(vocabulary: c.vocabularySize)) * c.vocabularySize
      * (4 + bytes)
    let attention =
      4 * tokensPerPass * (8 * (c.headSize + 15) + 96 + (c.isWide ? 2 * c.qkvSize : 0))
    activations =
      workers
      * (tokensPerPass * (c.layerCount * block + (recomputes ? rest : 0) + scratch) + logits
        + attention)
  }

  private static func count(_ adapter: LoRAConfiguration, _ c: ModelConfiguration) -> Int {
    let layers = adapter.layers?.count ?? c.layerCount
    return layers
      * adapter.targets.reduce(0) { sum, target in
        let (rows, columns) = target.shape(in: c)
        return sum + adapter.rank * (rows + columns)
      }
  }

  /// Numbers that an adapter of this kind has.
  package static func parameterCount(
    of adapter: LoRAConfiguration, for model: ModelConfiguration
  ) -> Int { count(adapter, model) }
}
