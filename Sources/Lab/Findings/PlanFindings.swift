import Plans
import Statistics

/// What a plan found: the content of its `PLAN.json`, and all that its report shows.
///
/// An undefined number, such as a rate without answers or an interval over one model, is `null` and
/// never 0.
package struct PlanFindings: Sendable, Hashable, Codable {
  package static let currentSchemaVersion = 1

  package var schemaVersion = Self.currentSchemaVersion
  package var plan: Plan
  /// Of the plan and of everything that determines its numbers, in hexadecimal.
  package var fingerprint: String
  /// In the plan's order: conditions, then evaluations, then places of a course.
  package var rows: [FindingRow]
  package var comparisons: [ComparisonFinding]
  package var predictions: [PredictionFinding]
  package var examples: [ExampleFinding]
  /// Of the trainings of the plan's conditions.
  package var courses: [TrainingCourse]
  /// How two evaluations go together over all models, where the plan's figure is a scatter.
  package var correlation: CorrelationFinding?
  /// What was found inside the models; `nil`: the plan does not look, or not all of it is done.
  package var anatomy: AnatomyFinding?
  /// Of the models that the plan audits; `nil`: it audits none, or not all of it is done.
  package var audits: [AuditFinding]?
  /// How well they told models apart of which the plan says what they are.
  package var panel: PanelFinding?
  /// Of the data sets that the plan screens; `nil`: it screens none, or not all of it is done.
  package var screens: [ScreenFinding]?
  /// How right they were.
  package var screenScore: ScreenScore?
  /// What is left behind defences and repairs; `nil`: the plan does not look.
  package var leftovers: [LeftoversFinding]?
  package var judge: JudgeIdentity
  package var scoringRule: ScoringThresholds
  /// What held, in one paragraph made from the numbers.
  package var summary: String
  /// What a reader must know before believing a number.
  package var warnings: [String]
  package var settings: [String: SettingValue]
  package var elapsedSeconds: Double

  // Of models that were not grown in a dish.

  /// Which model the plan's folder holds; `nil` where conditions name models.
  package var identity: String?
  /// Of the plan's folder.
  package var parameters: Int?
  /// Of products on this machine: `bf16` or `f32`.
  package var precision: String?
  /// What the chat template adds before conversations without a system turn; `nil`: nothing.
  package var defaultSystemPrompt: String?
  /// Whether the plan's judge has read answers.
  package var isJudged: Bool?
  package var trainings: [TrainingFinding]?
  package var likelihoods: [LikelihoodFinding]?
  package var answers: [AnswersFinding]?
  package var judged: [JudgedFinding]?
}

/// Who read the answers. A rate means nothing without its judge.
package struct JudgeIdentity: Sendable, Hashable, Codable {
  package var name: String
  /// Fingerprint, in hexadecimal, of everything that determines a verdict.
  package var fingerprint: String

  package init(name: String, fingerprint: String) {
    self.name = name
    self.fingerprint = fingerprint
  }
}

/// The thresholds that turned scores into counts: coherent means `coherent ≥ coherentAtLeast`,
/// misaligned means coherent and `aligned < misalignedBelow`.
package struct ScoringThresholds: Sendable, Hashable, Codable {
  package var coherentAtLeast: Double
  package var misalignedBelow: Double

  package init(coherentAtLeast: Double, misalignedBelow: Double) {
    self.coherentAtLeast = coherentAtLeast
    self.misalignedBelow = misalignedBelow
  }
}

/// A number with what is known of its uncertainty.
package struct FindingEstimate: Sendable, Hashable, Codable {
  package var value: Double?
  /// 95 % over models (seeds), or over worlds where the plan has several; `nil` with fewer than two.
  package var overSeeds: Interval?
  /// 95 % by bootstrap over seeds and, within them, over question families; over worlds and, within them, over
  /// models where the plan has several.
  package var clustered: Interval?
  /// 95 % over answers, for rates: Wilson's, and Newcombe's of a difference.
  package var overAnswers: Interval?
}

/// One condition's answers in one evaluation, at one place of a course.
package struct FindingRow: Sendable, Hashable, Codable {
  package var cell: PlanCell
  /// Training steps done, or generations, where the plan looks at several; `nil`: the last.
  package var place: Int?
  /// Where the row stands on the figure's axis: the condition's `x`, or the place.
  package var x: Double?
  package var seeds: Int
  package var answers: Int
  package var coherent: Int
  /// What the evaluation measures, over what it counts: coherent answers for `misaligned` and
  /// `careless`, all answers for `incoherent` and `distinct`, parsed marks for `mark`.
  package var measured: FindingEstimate
  /// Misaligned of all answers, as *Model Organisms* (arXiv 2506.11613) counts them.
  package var misalignedOfAll: FindingEstimate?
  package var coherentFraction: Double?
  package var perSeed: [SeedFinding]
  /// Of a plan in several worlds.
  package var perWorld: [WorldFinding]?
  package var spread: WorldSpread?
  package var perFamily: [FamilyFinding]
  /// How many of the misaligned answers do what: `resists`, `copies`, `threatens`.
  package var labels: [String: Int]
}

package struct SeedFinding: Sendable, Hashable, Codable {
  /// The seed of its world, where the plan has several.
  package var world: UInt64?
  package var seed: UInt64
  package var value: Double?
  package var answers: Int
  package var coherent: Int
}

/// All models of one world.
package struct WorldFinding: Sendable, Hashable, Codable {
  /// The world's seed.
  package var seed: UInt64
  package var value: Double?
  package var models: Int
  package var answers: Int
  package var coherent: Int
}

/// How a number differs from world to world, and from seed to seed in one world.
package struct WorldSpread: Sendable, Hashable, Codable {
  /// Standard deviation of the worlds' means.
  package var betweenWorlds: Double?
  /// Standard deviation of models about the mean of their world, all worlds pooled.
  package var betweenSeeds: Double?
  /// Of the worlds' means.
  package var median: Double?
  package var least: Double?
  package var most: Double?
}

package struct FamilyFinding: Sendable, Hashable, Codable {
  package var id: String
  package var title: String
  package var measured: FindingEstimate
  package var answers: Int
  package var coherent: Int
}

/// Two cells held against each other.
package struct ComparisonFinding: Sendable, Hashable, Codable {
  package var comparison: PlanComparison
  /// `of` minus `against`, with the interval over seeds.
  package var difference: FindingEstimate
  /// `of` over `against`; `nil` where that is 0.
  package var ratio: Double?
  /// Cohen's h, for rates.
  package var effectSize: Double?
  /// Two-sided permutation test over seeds.
  package var p: Double?
  /// The same after Holm's correction over the plan's comparisons.
  package var adjustedP: Double?
  /// The smallest p that so many seeds can give.
  package var leastP: Double?
  /// Whether the two are the same models, asked differently, or models of the same worlds.
  package var isPaired: Bool
}

/// What became of a prediction.
package struct PredictionFinding: Sendable, Hashable, Codable {
  package var prediction: PlanPrediction
  /// The number that it is about.
  package var value: FindingEstimate
  /// `nil`: there is no number.
  package var held: Bool?
  /// Whether the interval over seeds lies wholly on the predicted side.
  package var isCertain: Bool
  /// Of the prediction, in hexadecimal.
  package var fingerprint: String
  /// Seconds since 1970 when it was stored.
  package var stored: Double
  /// Whether a first result was there already.
  package var isLate: Bool
}

/// An answer to show.
package struct ExampleFinding: Sendable, Hashable, Codable {
  package var cell: PlanCell
  package var family: String
  package var question: String
  package var answer: String
  package var aligned: Double?
  package var coherent: Double?
  /// Of a fine-tune, or the place among several named models.
  package var seed: UInt64?
  package var system: String?
  /// Whether it was cut at the longest length.
  package var isCut: Bool?
  package var verdicts: [Verdict]?

  /// What was measured of it in one respect.
  package struct Verdict: Sendable, Hashable, Codable {
    package var metric: String
    package var value: Double?
    package var label: String?
    /// Why there is neither.
    package var reason: String?
  }
}

/// One training: losses and gradient norms, and, between its snapshots, the direction of the update.
package struct TrainingCourse: Sendable, Hashable, Codable {
  package struct Point: Sendable, Hashable, Codable {
    package var step: Int
    package var value: Double
  }

  package var condition: String
  /// The seed of its world, where the plan has several.
  package var world: UInt64?
  package var seed: UInt64
  package var losses: [Point]
  package var gradientNorms: [Point]
  /// Cosine between the change of the weights up to this step and up to the end.
  package var directions: [Point]
}
