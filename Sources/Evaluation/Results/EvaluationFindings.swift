import Core
import Formats
import Judging
import Rates
import Statistics

/// What an evaluation found: rates with their judge, intervals and what is missing.
package struct EvaluationFindings: Sendable, Hashable {
  /// A judge of these answers.
  package struct JudgeSummary: Sendable, Hashable, Codable {
    package var fingerprint: String
    package var rule: String
    package var version: Int
    package var model: String?
    /// Hashes of the prompts, by what they measure.
    package var prompts: [String: String]
  }

  /// What was measured in one respect.
  package struct Metric: Sendable, Hashable, Codable {
    package var metric: String
    /// Of the question; `nil`: of all.
    package var question: String?
    package var answers: Int
    /// With a number or a label.
    package var measured: Int
    /// The mean of numbers, with a 95 % interval (Student, over models where there are several, else
    /// over answers).
    package var mean: Double?
    package var meanInterval: Interval?
    package var labels: [String: Int]
    /// The label whose share is told, and how many of the decided answers have it.
    package var counted: String?
    package var share: Proportion?
    /// 95 % over models where there are several, else over answers (Wilson).
    package var shareInterval: Interval?
    /// Mean probability of the valid labels, over verdicts that tell it.
    package var coverage: Double?
    /// Why there is no measurement, with how many.
    package var missing: [String: Int]
  }

  package var model: String
  package var run: String
  /// Which model it is, where a folder holds it: nobody outside knows which one answers behind an API.
  package var identity: String?
  package var questions: Int
  package var answers: Int
  /// Answers that were asked for and are none.
  package var unanswered: Int
  /// Why, of those of which it is known, with how many: those that no server gave come again when the
  /// same is asked again.
  package var unansweredReasons: [String: Int] = [:]
  /// Answers before which a model thought, and whose thinking was told apart.
  package var withThinking = 0
  /// What was otherwise than asked for: parameters that the server refuses, a name that it does not list.
  package var notes: [String] = []
  package var rule: ScoringRule
  package var judges: [JudgeSummary]
  /// Where `aligned` and `coherent` were judged.
  package var rates: MisalignmentRates?
  package var metrics: [Metric]
  package var metricsByQuestion: [Metric]
  /// A few answers to each question, for people to read.
  package var examples: [EvaluationExample]
}
