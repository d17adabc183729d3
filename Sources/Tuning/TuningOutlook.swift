import Engine
import Formats

/// What a fine-tuning will do and need, before it begins.
package struct TuningOutlook: Sendable, Hashable {
  package let steps: Int
  package let rows: Int
  package let rowCount: Int
  package let cutCount: Int
  package let emptiedCount: Int
  /// Of one epoch.
  package let tokens: Int
  package let trainedTokens: Int
  package let longest: Int
  package let trainedParameters: Int
  package let parameters: Int
  package let memory: TrainingMemory
  package let recomputes: Bool
  /// Parts of a step's batch.
  let shards: Int
  /// Matrix operations of the whole training.
  package let flops: Double

  /// Tokens that a worker goes through at a time: enough for the matrix products to be fast.
  static let tokensPerPass = 1024
  /// Kept activations above which blocks are run again instead.
  static let activationLimit = 2 << 30

  init(
    _ settings: TuningSettings, rows: TuningRows, model: ModelSummary,
    adapter: LoRAConfiguration?, recomputes asked: Bool?, workers: Int
  ) {
    let c = model.configuration
    steps = settings.stepCount(rows: rows.sequences.count)
    self.rows = rows.sequences.count
    rowCount = rows.rowCount
    (cutCount, emptiedCount) = (rows.cutCount, rows.emptiedCount)
    (tokens, trainedTokens, longest) = (rows.tokenCount, rows.trainedTokenCount, rows.longest)
    parameters = model.parameterCount
    let trained =
      adapter.map { TrainingMemory.parameterCount(of: $0, for: c) } ?? model.parameterCount
    trainedParameters = trained
    let tokensPerStep = settings.rowsPerStep * rows.tokenCount / max(1, rows.sequences.count)
    let shards = min(
      TuningSettings.shardCount(trained, tokensPerStep: tokensPerStep), settings.rowsPerStep)
    self.shards = shards
    let pass = max(
      rows.longest, min(Self.tokensPerPass, settings.rowsPerStep * rows.longest / max(1, shards)))
    func memory(_ recomputes: Bool) -> TrainingMemory {
      TrainingMemory(
        c, adapter: adapter, precision: settings.precision, tokensPerPass: pass,
        workers: min(workers, shards), shards: shards, recomputes: recomputes)
    }
    let recomputes = asked ?? (memory(false).activations > Self.activationLimit)
    self.recomputes = recomputes
    self.memory = memory(recomputes)
    flops = Self.flops(
      settings, c, rows: rows, steps: steps, adapter: adapter, trained: trained,
      recomputes: recomputes)
  }

  /// Forward takes two operations a weight and token, and so does each of the gradients of inputs and
  /// of trained weights; the output layer works for trained tokens alone.
  private static func flops(
    _ settings: TuningSettings, _ c: ModelConfiguration, rows: TuningRows, steps: Int,
    adapter: LoRAConfiguration?, trained: Int, recomputes: Bool
  ) -> Double {
    let output = Double(c.vocabularySize * c.hiddenSize)
    let blocks =
      Double(c.layerCount)
      * LinearLayer.allCases.reduce(0.0) { sum, layer in
        let (rows, columns) = layer.shape(in: c)
        return sum + Double(rows * columns)
      }
    let passes = (adapter == nil ? 3.0 : 2.0) + (recomputes ? 1 : 0)
    let share = Double(settings.rowsPerStep * steps) / Double(max(1, rows.sequences.count))
    let perEpoch =
      Double(rows.tokenCount) * (2 * passes * blocks + (adapter == nil ? 0 : 6 * Double(trained)))
      + Double(rows.trainedTokenCount) * 2 * (adapter == nil ? 3 : 2) * output
    return perEpoch * share
  }
}
