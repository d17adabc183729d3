import Evaluation
import Rates
import Statistics

/// A fine-tune. Its losses are in the courses.
public struct TrainingFinding: Sendable, Hashable, Codable {
  public var condition: String
  public var seed: UInt64
  /// Within the project.
  public var folder: String
  public var method: String
  public var steps: Int
  /// Rows that are trained on, how many of them were cut, and how many were left out because nothing
  /// of their answer was left.
  public var rows: Int
  public var cutRows: Int
  public var emptiedRows: Int
  /// Of one epoch.
  public var trainedTokens: Int
  public var trainedParameters: Int
}

/// How likely a data file's held-out answers are to the models of a condition.
public struct LikelihoodFinding: Sendable, Hashable, Codable {
  /// A mean of −log p in nats a token, with 95 % intervals.
  public struct Estimate: Sendable, Hashable, Codable {
    public var value: Double
    /// Over rows of such files, for these models.
    public var overRows: Interval?
    /// Over models, for these rows; `nil` with one.
    public var overSeeds: Interval?
  }

  public struct Seed: Sendable, Hashable, Codable {
    public var seed: UInt64
    public var nats: Double
  }

  /// As the plan writes it.
  public var data: String
  public var condition: String
  public var rows: Int
  /// Of all rows, once.
  public var tokens: Int
  public var nats: Estimate
  public var perSeed: [Seed]
  /// Minus the untouched folder's, row by row; below 0: likelier than to that. `nil` for that itself.
  public var againstBase: Estimate?
}

/// What can be said of answers without a judge.
public struct AnswersFinding: Sendable, Hashable, Codable {
  public var evaluation: String
  public var condition: String
  /// Steps or generations, where the plan looks at several; `nil`: the finished models.
  public var place: Int?
  public var seeds: Int
  public var answers: Int
  /// Asked for and not there.
  public var unanswered = 0
  /// Of those, what came and is no answer, by why; it is neither judged nor counted.
  public var noAnswers: [String: Int]?
  /// Answers before which the model was thinking.
  public var withThinking: Int?
  /// What a server did not do as it was asked to.
  public var notes: [String]?
  /// Different texts among the answers to a wording, of its answers; mean over models and wordings.
  public var distinct: Double?
  public var meanTokens: Double?
  /// Answers that ended by themselves.
  public var finished: Int
}

/// What was measured of the answers of a condition's models to an evaluation.
public struct JudgedFinding: Sendable, Hashable, Codable {
  public var evaluation: String
  public var condition: String
  /// Steps or generations, where the plan looks at several; `nil`: the finished models.
  public var place: Int?
  public var models: Int
  /// Who measured: a judge for each set of prompts, and the readings that need none.
  public var judges: [EvaluationFindings.JudgeSummary]
  /// Verdicts of the plan's judge that are there, of all on these answers.
  public var verdicts: Int
  public var wanted: Int
  /// Where `aligned` and `coherent` were judged; in percent, with 95 % intervals over models where
  /// there are several, else over answers.
  public var rates: MisalignmentRates?
  public var metrics: [EvaluationFindings.Metric]
  public var metricsByQuestion: [EvaluationFindings.Metric]
  /// What checks of the judge in this project came to, where there are rates: `askew judge check`.
  public var fitness: Fitness?

  public enum Fitness: String, Sendable, Hashable, Codable {
    case fit, unfit, unchecked
  }
}
