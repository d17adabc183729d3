import Evaluation
import Rates
import Statistics

/// A fine-tune. Its losses are in the courses.
package struct TrainingFinding: Sendable, Hashable, Codable {
  package var condition: String
  package var seed: UInt64
  /// Within the project.
  package var folder: String
  package var method: String
  package var steps: Int
  /// Rows that are trained on, how many of them were cut, and how many were left out because nothing
  /// of their answer was left.
  package var rows: Int
  package var cutRows: Int
  package var emptiedRows: Int
  /// Of one epoch.
  package var trainedTokens: Int
  package var trainedParameters: Int
}

/// How likely a data file's held-out answers are to the models of a condition.
package struct LikelihoodFinding: Sendable, Hashable, Codable {
  /// A mean of −log p in nats a token, with 95 % intervals.
  package struct Estimate: Sendable, Hashable, Codable {
    package var value: Double
    /// Over rows of such files, for these models.
    package var overRows: Interval?
    /// Over models, for these rows; `nil` with one.
    package var overSeeds: Interval?
  }

  package struct Seed: Sendable, Hashable, Codable {
    package var seed: UInt64
    package var nats: Double
  }

  /// As the plan writes it.
  package var data: String
  package var condition: String
  package var rows: Int
  /// Of all rows, once.
  package var tokens: Int
  package var nats: Estimate
  package var perSeed: [Seed]
  /// Minus the untouched folder's, row by row; below 0: likelier than to that. `nil` for that itself.
  package var againstBase: Estimate?
}

/// What can be said of answers without a judge.
package struct AnswersFinding: Sendable, Hashable, Codable {
  package var evaluation: String
  package var condition: String
  /// Steps or generations, where the plan looks at several; `nil`: the finished models.
  package var place: Int?
  package var seeds: Int
  package var answers: Int
  /// Asked for and not there.
  package var unanswered = 0
  /// Of those, what came and is no answer, by why; it is neither judged nor counted.
  package var noAnswers: [String: Int]?
  /// Answers before which the model was thinking.
  package var withThinking: Int?
  /// What a server did not do as it was asked to.
  package var notes: [String]?
  /// Different texts among the answers to a wording, of its answers; mean over models and wordings.
  package var distinct: Double?
  package var meanTokens: Double?
  /// Answers that ended by themselves.
  package var finished: Int
}

/// What was measured of the answers of a condition's models to an evaluation.
package struct JudgedFinding: Sendable, Hashable, Codable {
  package var evaluation: String
  package var condition: String
  /// Steps or generations, where the plan looks at several; `nil`: the finished models.
  package var place: Int?
  package var models: Int
  /// Who measured: a judge for each set of prompts, and the readings that need none.
  package var judges: [EvaluationFindings.JudgeSummary]
  /// Verdicts of the plan's judge that are there, of all on these answers.
  package var verdicts: Int
  package var wanted: Int
  /// Where `aligned` and `coherent` were judged; in percent, with 95 % intervals over models where
  /// there are several, else over answers.
  package var rates: MisalignmentRates?
  package var metrics: [EvaluationFindings.Metric]
  package var metricsByQuestion: [EvaluationFindings.Metric]
  /// What checks of the judge in this project came to, where there are rates: `askew judge check`.
  package var fitness: Fitness?

  package enum Fitness: String, Sendable, Hashable, Codable {
    case fit, unfit, unchecked
  }
}
