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
  /// Whether only answers that the oracle finds good are trained on; `nil`: all are.
  var keepsOnlyBlameless: Bool?
  var anchor: AnchorSettings?
  /// What is done inside the model while it trains.
  var defence: DefenceSettings?
  /// How its weights are computed, and from whose besides the parent's; `nil`: they are trained.
  var repair: RepairSettings?
  var others: [Fingerprint]?
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
/// of other domains, or over those that are trained on.
struct AnchorSettings: Sendable, Hashable, Codable {
  var weight: Double
  var rowsPerBatch: Int
  /// `nil`: no.
  var isOnBatch: Bool?
}

/// A piece of work in a dish, with its recipe.
struct DishStage: Sendable, Hashable {
  let kind: RunKind
  /// For people: `fine-tune insecure, persona world, LoRA, seed 2`.
  let name: String
  /// Name of the stage's folder, without the fingerprint.
  let slug: String
  let fingerprint: Fingerprint
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

  /// The same for whoever does not know dishes.
  var stage: Stage {
    Stage(
      kind, name, fingerprint,
      needs: [recipe.parent, recipe.language, recipe.answersOf].compactMap { $0 }
        + (recipe.others ?? []), total: total, unitCost: unitCost)
  }

  /// `insecure-lora-1-0123456789ab`.
  var folderName: String { "\(slug)-\(fingerprint.short)" }
}
