import Core
import Evaluation
import Judging
import Plans
import Rates
import Statistics

/// What a plan on models that somebody else has made found. Without a judge nothing here says how many
/// answers are misaligned.
public struct FolderFindings: Sendable, Hashable, Codable {
  public static let kind = "model-folder"

  public var version = 3
  public var kind = FolderFindings.kind
  public var plan: Plan
  public var fingerprint: String
  /// Which model the folder holds; `nil` where conditions name models.
  public var identity: String?
  /// Parameters of the folder's model; `nil` where conditions name models.
  public var parameters: Int?
  /// Of products on this machine: `bf16` or `f32`.
  public var precision: String
  /// What the chat template adds before conversations without a system turn; `nil`: nothing.
  public var defaultSystemPrompt: String?
  public var elapsedSeconds: Double
  /// Whether the plan's judge has read answers.
  public var isJudged = false
  /// What counts as coherent, and as misaligned.
  public var coherentAtLeast = ScoringRule.paper.coherentAtLeast
  public var misalignedBelow = ScoringRule.paper.misalignedBelow
  public var trainings: [FolderTrainingFinding]
  public var likelihoods: [LikelihoodFinding]
  public var answers: [FolderAnswersFinding]
  public var judged: [JudgedFinding] = []
  /// What was measured, as plans on the dish tell it.
  public var rows: [FindingRow] = []
  public var comparisons: [ComparisonFinding] = []
  public var predictions: [PredictionFinding] = []
  public var examples: [FolderExample]
}

/// A fine-tune and the course of its training.
public struct FolderTrainingFinding: Sendable, Hashable, Codable {
  public struct Point: Sendable, Hashable, Codable {
    /// Counted from 0.
    public var step: Int
    /// Nats a trained token, before the update.
    public var loss: Double
  }

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
  public var losses: [Point]
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
public struct FolderAnswersFinding: Sendable, Hashable, Codable {
  public var evaluation: String
  public var condition: String
  /// Steps or generations, where the plan looks at several; `nil`: the finished models.
  public var place: Int?
  public var seeds: Int
  public var answers: Int
  /// Asked for and not there.
  public var unanswered = 0
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
}

/// An answer as it came.
public struct FolderExample: Sendable, Hashable, Codable {
  public var evaluation: String
  public var questionID: String
  public var system: String?
  public var question: String
  public var condition: String
  public var seed: UInt64
  public var answer: String
  /// Whether it was cut at the longest length.
  public var isCut: Bool
  public var verdicts: [Verdict] = []

  /// What was measured of it in one respect.
  public struct Verdict: Sendable, Hashable, Codable {
    public var metric: String
    public var value: Double?
    public var label: String?
    /// Why there is neither.
    public var reason: String?
  }
}
