import Core
import Dish
import Engine
import Store

/// Everything that determines the result of one stage, its parents by their fingerprints. Its own
/// fingerprint is the address of the stage's run in the store.
struct StageRecipe: Sendable, Hashable, Encodable {
  /// Raised whenever the same recipe gives other bytes than before.
  static let version = 1

  var version = Self.version
  var kind: String
  /// The run that this one starts from.
  var parent: Fingerprint?
  var language: Fingerprint?
  var world: Fingerprint?
  var languageSettings: LanguageSettings?
  var shape: ModelShape?
  var settings: StageSettings?
  var adapter: LoRAConfiguration?
  /// What a fine-tuning set is made of.
  var data: [CorpusPart]?
  /// A sampling run whose answers are trained on, and the share of rows that are the world's own.
  var answersOf: Fingerprint?
  var freshShare: Double?
  var anchor: AnchorSettings?
  /// Steps after which the model is kept, besides the last.
  var snapshots: [Int]?
  /// Decides the stage's draws.
  var seed: UInt64
  var sampling: SamplingSettings?
  /// The snapshot of the parent that is asked; `nil`: the finished model.
  var snapshot: Int?
  var asked: [AskedFamily]?
  var precision: Precision?
  /// Who reads the answers.
  var judge: Fingerprint?

  init(kind: RunKind, seed: UInt64) {
    self.kind = kind.rawValue
    self.seed = seed
  }
}

/// Questions of one family in one setting, and how many answers they get.
struct AskedFamily: Sendable, Hashable, Codable {
  var family: QuestionFamily
  var setting: QuestionSetting
  var answers: Int
}

/// A pull back to the model that training started from: `weight` · KL over `rowsPerBatch` rows a step
/// of other domains.
struct AnchorSettings: Sendable, Hashable, Codable {
  var weight: Double
  var rowsPerBatch: Int
}

extension RunKind {
  /// A YAML plan, as it was run.
  public static let plan = RunKind(rawValue: "plan")
  /// What somebody expected, stored before the result.
  public static let prediction = RunKind(rawValue: "prediction")
  /// A whole plan: its settings are the plan, its time is that of everything it took.
  public static let demo = RunKind(rawValue: "demo")
  public static let language = RunKind(rawValue: "language")
}

/// One piece of the demo's work, which is one run of the store.
public struct Stage: Sendable, Hashable {
  public let kind: RunKind
  /// For people: `fine-tune insecure, persona world, LoRA, seed 2`.
  public let name: String
  /// Name of the stage's folder, without the fingerprint.
  let slug: String
  public let fingerprint: Fingerprint
  let recipe: StageRecipe
  /// Steps or answers.
  let total: Int
  /// What one step or answer costs, in units of a training row; for the estimate of what is left.
  let unitCost: Double

  init(
    kind: RunKind, name: String, slug: String, recipe: StageRecipe, total: Int, unitCost: Double
  ) throws {
    self.kind = kind
    self.name = name
    self.slug = slug
    self.recipe = recipe
    self.total = total
    self.unitCost = unitCost
    fingerprint = try Fingerprint(of: recipe)
  }

  var work: Double { Double(total) * unitCost }
  /// `insecure-lora-1-0123456789ab`.
  var folderName: String { "\(slug)-\(fingerprint.short)" }
}
