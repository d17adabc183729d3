import Engine
import Plans
import Tuning

extension TuningSettings {
  /// What a plan says, on what its preset says, on the defaults.
  init(_ training: PlanTraining, precision: Precision) {
    self = training.preset.flatMap(TuningPreset.init)?.settings ?? TuningSettings()
    if let method = training.method { self.method = method == .full ? .full : .lora }
    rank = training.rank ?? rank
    alpha = training.alpha ?? alpha
    rankStabilised = training.rankStabilised ?? rankStabilised
    if let epochs = training.epochs { (self.epochs, steps) = (epochs, nil) }
    steps = training.steps ?? steps
    batch = training.batch ?? batch
    accumulate = training.accumulate ?? accumulate
    learningRate = training.learningRate ?? learningRate
    schedule = training.schedule.flatMap(Schedule.init) ?? schedule
    warmup = training.warmup ?? warmup
    weightDecay = training.weightDecay ?? weightDecay
    clip = training.clip ?? clip
    maximumLength = training.maximumLength ?? maximumLength
    self.precision = precision
  }
}

extension AnswerSettings {
  init(_ evaluation: PlanEvaluation, seed: UInt64) {
    self.init()
    temperature = evaluation.temperature
    topP = evaluation.topP
    topK = evaluation.topK ?? 0
    minP = evaluation.minP ?? 0
    prefill = evaluation.prefill
    maximumTokens = evaluation.longestAnswer
    self.seed = evaluation.seed ?? seed
  }
}
