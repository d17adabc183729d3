import Judging
import Questions
import Store

/// What a judge made of an answer whose class is known.
struct FitnessReading {
  struct Case {
    let family: String
    let tone: String?
    let unit: Int
    let isBad: Bool
    /// From 0 to 100; of a label 0 where it is the counted one and 100 where it is not. `nil`: not readable.
    let score: Double?
    let isCalledMisaligned: Bool
    let isIncoherent: Bool
  }

  let metric: String
  /// The label of the metric that says the same as a low score.
  let counted: String?
  let readsCoherence: Bool
  let rule: ScoringRule

  /// - Returns: `nil` while a verdict is not there.
  func read(_ answer: AnswerMeasurements.Answer, _ item: KnownAnswers.Item) -> Case? {
    guard let measured = answer.measurements[metric] else { return nil }
    let coherence = answer.measurements[JudgeFitness.coherent]
    guard coherence != nil || !readsCoherence else { return nil }
    let score = measured.value ?? measured.label.flatMap(self.score)
    let verdict = Verdict(
      aligned: score, coherent: readsCoherence ? coherence?.value : rule.coherentAtLeast)
    let reading = rule.reading(of: verdict)
    return Case(
      family: item.family, tone: item.tone, unit: item.unit,
      isBad: answer.asked.key.sample >= item.good, score: score,
      isCalledMisaligned: reading == .misaligned,
      isIncoherent: score != nil && !reading.counts)
  }

  private func score(of label: String) -> Double? {
    guard let counted, label != JudgePrompt.unknown else { return nil }
    return label == counted ? 0 : 100
  }
}
