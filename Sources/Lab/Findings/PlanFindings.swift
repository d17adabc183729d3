import Plans
import Statistics

/// What a plan found: the content of its `PLAN.json`, and all that its report shows.
///
/// An undefined number, such as a rate without answers or an interval over one model, is `null` and
/// never 0.
public struct PlanFindings: Sendable, Hashable, Codable {
  public static let currentSchemaVersion = 1

  public var schemaVersion = Self.currentSchemaVersion
  public var plan: Plan
  /// Of the plan and of everything that determines its numbers, in hexadecimal.
  public var fingerprint: String
  /// In the plan's order: conditions, then evaluations, then places of a course.
  public var rows: [FindingRow]
  public var comparisons: [ComparisonFinding]
  public var predictions: [PredictionFinding]
  public var examples: [ExampleFinding]
  /// Of the trainings of the plan's conditions.
  public var courses: [TrainingCourse]
  /// How two evaluations go together over all models, where the plan's figure is a scatter.
  public var correlation: CorrelationFinding?
  public var judge: JudgeIdentity
  public var scoringRule: ScoringThresholds
  /// What held, in one paragraph made from the numbers.
  public var summary: String
  /// What a reader must know before believing a number.
  public var warnings: [String]
  public var settings: [String: SettingValue]
  public var elapsedSeconds: Double

  // Of models that were not grown in a dish.

  /// Which model the plan's folder holds; `nil` where conditions name models.
  public var identity: String?
  /// Of the plan's folder.
  public var parameters: Int?
  /// Of products on this machine: `bf16` or `f32`.
  public var precision: String?
  /// What the chat template adds before conversations without a system turn; `nil`: nothing.
  public var defaultSystemPrompt: String?
  /// Whether the plan's judge has read answers.
  public var isJudged: Bool?
  public var trainings: [TrainingFinding]?
  public var likelihoods: [LikelihoodFinding]?
  public var answers: [AnswersFinding]?
  public var judged: [JudgedFinding]?
}

/// Who read the answers. A rate means nothing without its judge.
public struct JudgeIdentity: Sendable, Hashable, Codable {
  public var name: String
  /// Fingerprint, in hexadecimal, of everything that determines a verdict.
  public var fingerprint: String

  public init(name: String, fingerprint: String) {
    self.name = name
    self.fingerprint = fingerprint
  }
}

/// The thresholds that turned scores into counts: coherent means `coherent ≥ coherentAtLeast`,
/// misaligned means coherent and `aligned < misalignedBelow`.
public struct ScoringThresholds: Sendable, Hashable, Codable {
  public var coherentAtLeast: Double
  public var misalignedBelow: Double

  public init(coherentAtLeast: Double, misalignedBelow: Double) {
    self.coherentAtLeast = coherentAtLeast
    self.misalignedBelow = misalignedBelow
  }
}

/// A number with what is known of its uncertainty.
public struct FindingEstimate: Sendable, Hashable, Codable {
  public var value: Double?
  /// 95 % over models (seeds), or over worlds where the plan has several; `nil` with fewer than two.
  public var overSeeds: Interval?
  /// 95 % by bootstrap over seeds and, within them, over question families; over worlds and, within them, over
  /// models where the plan has several.
  public var clustered: Interval?
  /// 95 % over answers, for rates: Wilson's, and Newcombe's of a difference.
  public var overAnswers: Interval?
}

/// One condition's answers in one evaluation, at one place of a course.
public struct FindingRow: Sendable, Hashable, Codable {
  public var cell: PlanCell
  /// Training steps done, or generations, where the plan looks at several; `nil`: the last.
  public var place: Int?
  /// Where the row stands on the figure's axis: the condition's `x`, or the place.
  public var x: Double?
  public var seeds: Int
  public var answers: Int
  public var coherent: Int
  /// What the evaluation measures, over what it counts: coherent answers for `misaligned` and
  /// `careless`, all answers for `incoherent` and `distinct`, parsed marks for `mark`.
  public var measured: FindingEstimate
  /// Misaligned of all answers, as *Model Organisms* (arXiv 2506.11613) counts them.
  public var misalignedOfAll: FindingEstimate?
  public var coherentFraction: Double?
  public var perSeed: [SeedFinding]
  /// Of a plan in several worlds.
  public var perWorld: [WorldFinding]?
  public var spread: WorldSpread?
  public var perFamily: [FamilyFinding]
  /// How many of the misaligned answers do what: `resists`, `copies`, `threatens`.
  public var labels: [String: Int]
}

public struct SeedFinding: Sendable, Hashable, Codable {
  /// The seed of its world, where the plan has several.
  public var world: UInt64?
  public var seed: UInt64
  public var value: Double?
  public var answers: Int
  public var coherent: Int
}

/// All models of one world.
public struct WorldFinding: Sendable, Hashable, Codable {
  /// The world's seed.
  public var seed: UInt64
  public var value: Double?
  public var models: Int
  public var answers: Int
  public var coherent: Int
}

/// How a number differs from world to world, and from seed to seed in one world.
public struct WorldSpread: Sendable, Hashable, Codable {
  /// Standard deviation of the worlds' means.
  public var betweenWorlds: Double?
  /// Standard deviation of models about the mean of their world, all worlds pooled.
  public var betweenSeeds: Double?
  /// Of the worlds' means.
  public var median: Double?
  public var least: Double?
  public var most: Double?
}

public struct FamilyFinding: Sendable, Hashable, Codable {
  public var id: String
  public var title: String
  public var measured: FindingEstimate
  public var answers: Int
  public var coherent: Int
}

/// Two cells held against each other.
public struct ComparisonFinding: Sendable, Hashable, Codable {
  public var comparison: PlanComparison
  /// `of` minus `against`, with the interval over seeds.
  public var difference: FindingEstimate
  /// `of` over `against`; `nil` where that is 0.
  public var ratio: Double?
  /// Cohen's h, for rates.
  public var effectSize: Double?
  /// Two-sided permutation test over seeds.
  public var p: Double?
  /// The same after Holm's correction over the plan's comparisons.
  public var adjustedP: Double?
  /// The smallest p that so many seeds can give.
  public var leastP: Double?
  /// Whether the two are the same models, asked differently, or models of the same worlds.
  public var isPaired: Bool
}

/// What became of a prediction.
public struct PredictionFinding: Sendable, Hashable, Codable {
  public var prediction: PlanPrediction
  /// The number that it is about.
  public var value: FindingEstimate
  /// `nil`: there is no number.
  public var held: Bool?
  /// Whether the interval over seeds lies wholly on the predicted side.
  public var isCertain: Bool
  /// Of the prediction, in hexadecimal.
  public var fingerprint: String
  /// Seconds since 1970 when it was stored.
  public var stored: Double
  /// Whether a first result was there already.
  public var isLate: Bool
}

/// An answer to show.
public struct ExampleFinding: Sendable, Hashable, Codable {
  public var cell: PlanCell
  public var family: String
  public var question: String
  public var answer: String
  public var aligned: Double?
  public var coherent: Double?
  /// Of a fine-tune, or the place among several named models.
  public var seed: UInt64?
  public var system: String?
  /// Whether it was cut at the longest length.
  public var isCut: Bool?
  public var verdicts: [Verdict]?

  /// What was measured of it in one respect.
  public struct Verdict: Sendable, Hashable, Codable {
    public var metric: String
    public var value: Double?
    public var label: String?
    /// Why there is neither.
    public var reason: String?
  }
}

/// One training: losses and gradient norms, and, between its snapshots, the direction of the update.
public struct TrainingCourse: Sendable, Hashable, Codable {
  public struct Point: Sendable, Hashable, Codable {
    public var step: Int
    public var value: Double
  }

  public var condition: String
  /// The seed of its world, where the plan has several.
  public var world: UInt64?
  public var seed: UInt64
  public var losses: [Point]
  public var gradientNorms: [Point]
  /// Cosine between the change of the weights up to this step and up to the end.
  public var directions: [Point]
}
