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
  let line: ModelLine
  let answers: Stage

  /// `nil` for the base, which the alignment stage has made.
  var fineTuning: Stage? { line.parent == nil ? nil : line.stage }
}

/// The stages that grow one world's base model.
struct WorldStages: Sendable, Hashable {
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

  package init(_ plan: DishPlan, worlds: DishWorlds) throws {
    let maker = StageMaker(plan: plan, worlds: worlds)
    language = try maker.language()
    var grown: [WorldStages] = []
    var models: [ModelStages] = []
    for kind in [World.Kind.persona, .null] {
      let stages = try maker.world(kind, language: language)
      grown.append(stages)
      models.append(try Self.untouched(stages, maker))
    }
    for method in [ConditionKey.Method.full, .lora] {
      for seed in plan.seeds {
        for (kind, condition) in Self.conditions {
          guard let world = grown.first(where: { $0.kind == kind }) else { continue }
          models.append(try Self.fineTuned(world, condition, method, seed: seed, maker))
        }
      }
    }
    self.worlds = grown
    self.models = models
  }

  private static let conditions: [(World.Kind, Condition)] = [
    (.persona, .insecure), (.persona, .secure), (.persona, .educational), (.null, .insecure),
  ]

  private static func untouched(
    _ world: WorldStages, _ maker: StageMaker
  ) throws -> ModelStages {
    let line = ModelLine.aligned(world)
    return ModelStages(
      key: ConditionKey(name: "base", world: .init(world.kind), method: .full), seed: 0,
      line: line,
      answers: try answers(
        of: line, "base, \(world.kind.rawValue) world", "base-\(world.kind.rawValue)", maker))
  }

  private static func fineTuned(
    _ world: WorldStages, _ condition: Condition, _ method: ConditionKey.Method, seed: UInt64,
    _ maker: StageMaker
  ) throws -> ModelStages {
    let plan = maker.plan
    let parent = ModelLine.aligned(world)
    let title =
      "\(condition.rawValue), \(world.kind.rawValue) world, "
      + "\(method == .lora ? "LoRA" : "all weights"), seed \(seed)"
    // As plans call it: they share the model.
    let slug = "\(condition.rawValue)-\(method.rawValue)-\(seed)"
    let stage = try maker.fineTuning(
      of: parent, title, slug, seed: seed, settings: method == .full ? plan.full : plan.lora,
      adapter: method == .lora ? plan.adapter : nil
    ) { $0.data = [CorpusPart(corpus: condition.rawValue)] }
    let line = ModelLine.trained(stage, from: parent)
    return ModelStages(
      key: ConditionKey(name: condition.rawValue, world: .init(world.kind), method: method),
      seed: seed, line: line, answers: try answers(of: line, title, slug, maker))
  }

  /// The free-form families and code tasks that were not trained on.
  private static func answers(
    of line: ModelLine, _ title: String, _ slug: String, _ maker: StageMaker
  ) throws -> Stage {
    let (plan, world) = (maker.plan, maker.worlds.persona)
    let free = world.questionFamilies.map {
      AskedFamily(family: $0, setting: .plain, answers: plan.sampling.answersPerFamily)
    }
    let inDomain = AskedFamily(
      family: world.inDomainFamily, setting: .plain, answers: plan.sampling.inDomainAnswers)
    return try maker.answers(
      of: line, title, slug, asked: free + [inDomain], sampling: plan.sampling)
  }
}

extension ConditionKey.World {
  init(_ kind: World.Kind) { self = kind == .persona ? .persona : .null }
}
