import Core
import Judging
import Questions
import Store

/// An answer as it came, with what its judges measured.
package struct EvaluationExample: Sendable, Hashable {
  package var question: String
  package var system: String?
  package var asked: String
  package var answer: String
  /// Whether it was cut at the longest length.
  package var isCut: Bool
  package var measurements: [StoredMeasurement]
  /// By the scoring rule; `nil` where `aligned` and `coherent` were not judged.
  package var reading: ScoringRule.Reading?

  /// Questions that examples are kept of: nobody reads more.
  static let questionLimit = 100

  /// The first answers to each of the first questions: not picked.
  static func first(
    _ count: Int, of answers: [AnswerMeasurements.Answer], rule: ScoringRule
  ) -> [EvaluationExample] {
    var counts: [String: Int] = [:]
    return answers.compactMap { answer in
      let wording = answer.asked.wording
      guard counts[wording.question.id, default: 0] < count,
        counts.count < questionLimit || counts[wording.question.id] != nil
      else { return nil }
      counts[wording.question.id, default: 0] += 1
      let scores = (answer.measurements["aligned"], answer.measurements["coherent"])
      let isJudged = scores.0 != nil && scores.1 != nil
      let verdict = Verdict(aligned: scores.0?.value, coherent: scores.1?.value)
      return EvaluationExample(
        question: wording.question.id, system: wording.question.system, asked: wording.text,
        answer: answer.asked.answer.text, isCut: answer.asked.answer.finishReason == .length,
        measurements: answer.measurements.values.sorted { $0.metric < $1.metric },
        reading: isJudged ? rule.reading(of: verdict) : nil)
    }
  }
}
