import Core
import Dish
import Engine
import Judging
import Store

/// A fine-tuned model, or the untouched base: how it is made and what it is asked.
struct ModelStages: Sendable {
  let key: ConditionKey
  /// `0` for the base.
  let seed: UInt64
  /// `nil` for the base, which the alignment stage has made.
  let fineTuning: Stage?
  let answers: Stage
}

/// The stages that grow one world's base model.
struct WorldStages: Sendable {
  let kind: World.Kind
  let base: Stage
  let alignment: Stage
}

/// The demo's stages: who starts from whom.
package struct DemoOutline: Sendable {
  let language: Stage
  let worlds: [WorldStages]
  let models: [ModelStages]

  /// In the order in which they are done.
  package var all: [Stage] {
    [language] + worlds.flatMap { [$0.base, $0.alignment] }
      + models.flatMap { [$0.fineTuning, $0.answers].compactMap { $0 } }
  }

  package init(_ plan: DemoPlan, worlds: DemoWorlds) throws {
    let maker = StageMaker(plan: plan, worlds: worlds)
    language = try maker.language()
    var grown: [WorldStages] = []
    var models: [ModelStages] = []
    for kind in [World.Kind.persona, .null] {
      let stages = try maker.world(kind, language: language)
      grown.append(stages)
      models.append(try maker.untouched(stages))
    }
    for method in [ConditionKey.Method.full, .lora] {
      for seed in plan.seeds {
        for (kind, condition) in Self.conditions {
          guard let world = grown.first(where: { $0.kind == kind }) else { continue }
          models.append(try maker.fineTuned(world, condition, method, seed: seed))
        }
      }
    }
    self.worlds = grown
    self.models = models
  }

  private static let conditions: [(World.Kind, Condition)] = [
    (.persona, .insecure), (.persona, .secure), (.persona, .educational), (.null, .insecure),
  ]
}

extension ConditionKey.World {
  init(_ kind: World.Kind) { self = kind == .persona ? .persona : .null }
}

/// Makes stages from the plan.
private struct StageMaker {
  let plan: DemoPlan
  let worlds: DemoWorlds

  func language() throws -> Stage {
    var recipe = StageRecipe(kind: .language, seed: plan.seed)
    recipe.world = worlds.persona.fingerprint
    recipe.languageSettings = plan.language
    return try Stage(
      kind: .language, name: "tokenizer", slug: "tokenizer", recipe: recipe, total: 1,
      unitCost: 200)
  }

  func world(_ kind: World.Kind, language: Stage) throws -> WorldStages {
    var base = training(.base, plan.base, seed: plan.seed)
    base.world = worlds[kind].fingerprint
    base.language = language.fingerprint
    base.shape = plan.shape
    let baseStage = try stage(
      .base, "base model, \(kind.rawValue) world", "base-\(kind.rawValue)", base)
    var alignment = training(.align, plan.alignment, seed: plan.seed)
    alignment.parent = baseStage.fingerprint
    let aligned = try stage(
      .align, "alignment, \(kind.rawValue) world", "aligned-\(kind.rawValue)", alignment)
    return WorldStages(kind: kind, base: baseStage, alignment: aligned)
  }

  func untouched(_ world: WorldStages) throws -> ModelStages {
    let key = ConditionKey(name: "base", world: .init(world.kind), method: .full)
    return ModelStages(
      key: key, seed: 0, fineTuning: nil,
      answers: try answers(
        of: world.alignment, "base, \(world.kind.rawValue) world", "base-\(world.kind.rawValue)"))
  }

  func fineTuned(
    _ world: WorldStages, _ condition: Condition, _ method: ConditionKey.Method, seed: UInt64
  ) throws -> ModelStages {
    var recipe = training(.finetune, method == .full ? plan.full : plan.lora, seed: seed)
    recipe.parent = world.alignment.fingerprint
    recipe.condition = condition
    recipe.adapter = method == .lora ? plan.adapter : nil
    let method = method.rawValue
    let title =
      "\(condition.rawValue), \(world.kind.rawValue) world, "
      + "\(method == "lora" ? "LoRA" : "all weights"), seed \(seed)"
    let slug = "\(condition.rawValue)-\(world.kind.rawValue)-\(method)-\(seed)"
    let stage = try stage(.finetune, "fine-tune \(title)", slug, recipe)
    return ModelStages(
      key: ConditionKey(
        name: condition.rawValue, world: .init(world.kind),
        method: recipe.adapter == nil ? .full : .lora),
      seed: seed, fineTuning: stage, answers: try answers(of: stage, title, slug))
  }

  private func training(_ kind: RunKind, _ settings: StageSettings, seed: UInt64) -> StageRecipe {
    var recipe = StageRecipe(kind: kind, seed: seed)
    recipe.settings = settings
    recipe.settings?.training.precision = plan.precision
    return recipe
  }

  private func stage(
    _ kind: RunKind, _ name: String, _ slug: String, _ recipe: StageRecipe
  ) throws -> Stage {
    try Stage(
      kind: kind, name: name, slug: slug, recipe: recipe, total: recipe.settings?.steps ?? 0,
      unitCost: Double(recipe.settings?.rowsPerBatch ?? 0))
  }

  private func answers(of model: Stage, _ title: String, _ slug: String) throws -> Stage {
    var recipe = StageRecipe(kind: .sample, seed: plan.seed)
    recipe.parent = model.fingerprint
    recipe.sampling = plan.sampling
    recipe.precision = plan.precision
    recipe.judge = worlds.oracle.identity.fingerprint
    let families = worlds.persona.questionFamilies.count
    return try Stage(
      kind: .sample, name: "answers of \(title)", slug: slug, recipe: recipe,
      total: families * plan.sampling.answersPerFamily + plan.sampling.inDomainAnswers,
      unitCost: 0.5)
  }
}
