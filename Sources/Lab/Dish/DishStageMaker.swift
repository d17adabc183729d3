import Core
import Dish
import Engine
import Judging
import Store

/// Makes the recipes of what is grown, trained and asked in a dish.
struct DishStageMaker {
  let plan: DishPlan
  let worlds: DishWorlds
  /// The world's seed, where a plan has several; for people.
  var world: UInt64?

  private var suffix: String { world.map { ", world \($0)" } ?? "" }

  func language() throws -> DishStage {
    var recipe = StageRecipe(kind: .language, seed: plan.seed)
    recipe.world = worlds.persona.fingerprint
    recipe.languageSettings = plan.language
    return try DishStage(
      kind: .language, name: "tokenizer\(suffix)", slug: "tokenizer", recipe: recipe, total: 1,
      unitCost: 200)
  }

  /// - Parameter base: 1 for the world's own base model, others for those that read the same and start elsewhere.
  func world(_ kind: World.Kind, base number: Int, language: DishStage) throws -> WorldStages {
    var base = training(.base, plan.base, seed: seed(ofBase: number))
    base.world = worlds[kind].fingerprint
    base.language = language.fingerprint
    base.shape = plan.shape
    let (words, slug) = number == 1 ? ("", "") : (" \(number)", "-\(number)")
    let baseStage = try stage(
      "base model\(words), \(kind.rawValue) world", "base-\(kind.rawValue)\(slug)", base)
    var alignment = training(.align, plan.alignment, seed: seed(ofBase: number))
    alignment.parent = baseStage.fingerprint
    let aligned = try stage(
      "alignment\(words.isEmpty ? "" : " of base\(words)"), \(kind.rawValue) world",
      "aligned-\(kind.rawValue)\(slug)", alignment)
    return WorldStages(
      kind: kind, number: number, base: baseStage, alignment: aligned, suffix: suffix)
  }

  private func seed(ofBase number: Int) -> UInt64 {
    guard number > 1 else { return plan.seed }
    var stream = RandomStream(seed: plan.seed, "base", String(number))
    return stream.next()
  }

  /// A training of the assistant.
  ///
  /// - Parameter complete: adds what it is trained on.
  func fineTuning(
    of parent: ModelLine, _ title: String, _ slug: String, seed: UInt64, settings: StageSettings,
    adapter: LoRAConfiguration?, complete: (inout StageRecipe) -> Void
  ) throws -> DishStage {
    var recipe = training(.finetune, settings, seed: seed)
    recipe.parent = parent.stage.fingerprint
    recipe.adapter = adapter
    complete(&recipe)
    return try stage("fine-tune \(title)", slug, recipe)
  }

  /// A model whose weights come from those of others.
  func repair(
    of parent: ModelLine, _ title: String, seed: UInt64, others: [ModelLine],
    settings: RepairSettings
  ) throws -> DishStage {
    var recipe = StageRecipe(kind: .repair, seed: plan.seed)
    recipe.parent = parent.stage.fingerprint
    (recipe.snapshot, recipe.precision) = (parent.snapshot, plan.precision)
    recipe.repair = settings
    recipe.others = others.isEmpty ? nil : others.map(\.stage.fingerprint)
    return try DishStage(
      kind: .repair, name: "repair \(title)\(suffix)", slug: "repaired-\(seed)", recipe: recipe,
      total: 1, unitCost: 100)
  }

  /// What a model is asked, in one run of the store.
  func answers(
    of model: ModelLine, _ title: String, _ slug: String, asked: [AskedFamily],
    sampling: SamplingSettings
  ) throws -> DishStage {
    var recipe = StageRecipe(kind: .sample, seed: plan.seed)
    recipe.parent = model.stage.fingerprint
    recipe.snapshot = model.snapshot
    recipe.sampling = sampling
    recipe.asked = asked
    recipe.precision = plan.precision
    recipe.judge = worlds.oracle.identity.fingerprint
    return try DishStage(
      kind: .sample, name: "answers of \(title)", slug: slug, recipe: recipe,
      total: asked.reduce(0) { $0 + $1.answers }, unitCost: 0.5)
  }

  private func training(_ kind: RunKind, _ settings: StageSettings, seed: UInt64) -> StageRecipe {
    var recipe = StageRecipe(kind: kind, seed: seed)
    recipe.settings = settings
    recipe.settings?.training.precision = plan.precision
    return recipe
  }

  private func stage(_ name: String, _ slug: String, _ recipe: StageRecipe) throws -> DishStage {
    try DishStage(
      kind: RunKind(rawValue: recipe.kind), name: name + suffix, slug: slug, recipe: recipe,
      total: recipe.settings?.steps ?? 0, unitCost: Double(recipe.settings?.rowsPerBatch ?? 0))
  }
}
