import Core
import Plans
import Statistics

/// What a plan on a model folder found. The answers are not judged: nothing here says how many of them
/// are misaligned.
public struct FolderFindings: Sendable, Hashable, Codable {
  public static let kind = "model-folder"

  public var version = 1
  public var kind = FolderFindings.kind
  public var plan: FolderPlan
  public var fingerprint: String
  /// Parameters of the folder's model.
  public var parameters: Int
  /// `bf16` or `f32`.
  public var precision: String
  /// What the chat template adds before conversations without a system turn; `nil`: nothing.
  public var defaultSystemPrompt: String?
  public var elapsedSeconds: Double
  /// False: no judge has read the answers.
  public var isJudged = false
  public var trainings: [FolderTrainingFinding]
  public var likelihoods: [LikelihoodFinding]
  public var answers: [FolderAnswersFinding]
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
  public var seeds: Int
  public var answers: Int
  /// Different texts among the answers to a wording, of its answers; mean over models and wordings.
  public var distinct: Double?
  public var meanTokens: Double?
  /// Answers that ended by themselves.
  public var finished: Int
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
}

extension FolderFindings {
  /// In a sentence or two.
  public var summary: String {
    let answers = answers.reduce(0) { $0 + $1.answers }
    let models = trainings.count
    return "\(models) fine-tuned model\(models == 1 ? "" : "s") and \(answers) unjudged answers."
  }

  /// What must be known before the numbers are read.
  public var warnings: [String] {
    var warnings = [
      "The answers are unjudged: no judge has read them, and nothing here says how many are "
        + "misaligned. Log-likelihoods say how far a model took on its data, no more."
    ]
    if likelihoods.isEmpty {
      warnings.append(
        "No rows were held out, so nothing is scored; \"held-out\" in the plan says how many.")
    } else if trainings.contains(where: { $0.seed != trainings.first?.seed }) == false,
      !trainings.isEmpty
    {
      warnings.append("One model a condition: nothing here says how much models differ by chance.")
    }
    return warnings
  }
}
