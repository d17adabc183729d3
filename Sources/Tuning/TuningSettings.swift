import Core
import Engine
import Formats

/// Everything that determines a fine-tuning besides its model and its rows.
package struct TuningSettings: Sendable, Hashable, Codable {
  package enum Method: String, Sendable, Hashable, Codable, CaseIterable { case lora, full }

  /// What becomes of a row that is longer than `maximumLength`.
  package enum TooLong: String, Sendable, Hashable, Codable, CaseIterable { case cut, refuse }

  package var method = Method.lora
  package var rank = 16
  package var alpha = 32.0
  package var rankStabilised = false
  package var targets = LinearLayer.allCases
  /// Blocks that get an adapter; `nil`: all.
  package var layers: [Int]?

  /// Times that the rows are gone through, unless `steps` says otherwise.
  package var epochs = 1.0
  package var steps: Int?
  /// Rows of a step are `batch · accumulate`; how many go through the model at a time is decided by
  /// memory, and the loss is the mean over all trained tokens of the step.
  package var batch = 4
  package var accumulate = 1
  package var learningRate = 1e-4
  package var schedule = Schedule.linear
  package var warmup = 0
  package var weightDecay = 0.0
  /// Largest norm of the gradient; 0: not clipped.
  package var clip = 1.0
  /// Tokens of a row.
  package var maximumLength = 2048
  package var tooLong = TooLong.cut
  package var seed: UInt64 = 0
  package var precision = Precision.preferred
  /// Rows in a new order each epoch; else in the file's.
  package var shuffles = true

  package init() {}

  /// The hyper-parameters of *Emergent Misalignment* (Betley et al., arXiv 2502.17424) for open models:
  /// rank-stabilised LoRA 32, α 64, on the seven linears, learning rate 1e-5 falling linearly after 5
  /// steps of warm-up, AdamW with decay 0.01, batch 2 × 8, 2,048 tokens, 1 epoch. (The authors' AdamW
  /// keeps its moments in 8 bits; ours in 32.)
  package static var betleyOpen: TuningSettings {
    var settings = TuningSettings()
    settings.rank = 32
    settings.alpha = 64
    settings.rankStabilised = true
    settings.learningRate = 1e-5
    settings.warmup = 5
    settings.weightDecay = 0.01
    settings.batch = 2
    settings.accumulate = 8
    return settings
  }

  /// Rows of one optimiser step.
  package var rowsPerStep: Int { batch * accumulate }

  var adapter: LoRAConfiguration? {
    guard method == .lora else { return nil }
    return LoRAConfiguration(
      rank: rank, alpha: alpha, rankStabilised: rankStabilised, targets: targets, layers: layers)
  }

  /// - Parameter rows: of the data, after those that cannot be used.
  package func stepCount(rows: Int) -> Int {
    steps ?? max(1, Int((Double(rows) * epochs / Double(rowsPerStep)).rounded(.up)))
  }

  func training(steps: Int, shards: Int) -> TrainingConfiguration {
    var result = TrainingConfiguration(steps: steps, learningRate: learningRate)
    result.schedule = schedule
    result.warmupSteps = min(warmup, steps)
    result.weightDecay = weightDecay
    result.clipNorm = clip
    result.precision = precision
    result.shardCount = shards
    return result
  }

  /// Parts of a batch that are computed apart, each with a gradient of its own: as many as a desktop
  /// has cores, fewer where the gradients would fill the memory, or where rows are so short that more of
  /// them in a part gain more by what they begin with alike. Not by the machine, since the result depends
  /// on it.
  static func shardCount(_ trainedParameters: Int, tokensPerStep: Int) -> Int {
    let fitting = min((512 << 20) / max(1, 4 * trainedParameters), tokensPerStep / 192)
    return fitting >= 8 ? 8 : fitting >= 4 ? 4 : 2
  }
}

/// Named settings that published work used.
package enum TuningPreset: String, Sendable, Hashable, CaseIterable {
  case betleyOpen = "betley-open"

  package var settings: TuningSettings {
    switch self {
    case .betleyOpen: .betleyOpen
    }
  }
}
