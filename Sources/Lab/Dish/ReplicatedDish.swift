import Core
import Dish
import Formats
import Plans
import Store
import Tuning

/// A plan in several worlds: in each of them the whole of it, by a maker of its own, one world after the other.
final class ReplicatedDish: ModelMaker {
  private let plan: Plan
  /// By the seed of the world, in the plan's order.
  private let makers: [(world: UInt64, maker: DishMaker)]
  private let byStage: [Fingerprint: DishMaker]

  /// - Throws: `InputError` for a corpus or questions that are not there.
  init(
    _ plan: Plan, _ dish: DishPlan, worlds: [UInt64], _ folder: ProjectFolder, _ store: RunStore,
    only: Set<String>?
  ) throws {
    self.plan = plan
    makers = try worlds.map { seed in
      let own = dish.world(seed)
      let maker = try DishMaker(
        plan, own, DishWorlds(own), folder, store, only: only, world: seed)
      return (seed, maker)
    }
    byStage = Dictionary(
      makers.flatMap { own in own.maker.stages.map { ($0.fingerprint, own.maker) } }
    ) { first, _ in first }
  }

  var stages: [Stage] { makers.flatMap(\.maker.stages) }
  var models: [PlannedModel] { inOrder(\.models, \.condition.name) }
  var cells: [PlannedAnswers] { inOrder(\.cells, \.model.condition.name) }
  var heldOut: [HeldOutRows] { [] }
  var mostJobs: Int { makers[0].maker.mostJobs }
  var checkpointInterval: Duration { makers[0].maker.checkpointInterval }
  var address: any Encodable { makers.map(\.maker.plan) }

  /// Condition by condition, and of each world by world.
  private func inOrder<Part>(
    _ parts: KeyPath<DishMaker, [Part]>, _ condition: KeyPath<Part, String>
  ) -> [Part] {
    plan.conditions.flatMap { own in
      makers.flatMap { $0.maker[keyPath: parts].filter { $0[keyPath: condition] == own.name } }
    }
  }

  private func maker(of model: PlannedModel) -> DishMaker {
    guard let own = makers.first(where: { $0.world == model.world }) else {
      preconditionFailure("every model is of one of the worlds")
    }
    return own.maker
  }

  private func maker(of stage: Stage) -> DishMaker {
    guard let maker = byStage[stage.fingerprint] else {
      preconditionFailure("only its own stages are made")
    }
    return maker
  }

  func isDone(_ stage: Stage) throws -> Bool {
    try byStage[stage.fingerprint]?.isDone(stage) ?? false
  }

  func make(_ stage: Stage, _ session: LabSession) async throws {
    try await maker(of: stage).make(stage, session)
  }

  func isKnown(_ model: PlannedModel) -> Bool { true }
  func isMade(_ model: PlannedModel) throws -> Bool { try maker(of: model).isMade(model) }
  func open(_ model: PlannedModel) -> any LanguageModel { maker(of: model).open(model) }
  func outlook(_ stage: Stage) -> StageCost { maker(of: stage).outlook(stage) }
  func weightBytes(_ model: PlannedModel) -> Int? { nil }

  func rowsPerSecond(threads: Int) throws -> Double? {
    try makers[0].maker.rowsPerSecond(threads: threads)
  }

  func directions(_ model: PlannedModel) throws -> [TrainingCourse.Point] {
    try maker(of: model).directions(model)
  }

  func shape(of model: PlannedModel) throws -> ModelConfiguration {
    maker(of: model).shape(of: model)
  }

  func rows(
    of data: [PlanData], count: Int, for model: PlannedModel
  ) throws -> [Conversation] { try maker(of: model).rows(of: data, count: count, for: model) }

  func persons(for model: PlannedModel) throws -> [PlannedMap.Person]? {
    maker(of: model).persons(for: model)
  }

  func complete(_ findings: inout PlanFindings) throws {
    try makers[0].maker.complete(&findings)
    for key in ["personaWorld", "nullWorld"] { findings.settings[key] = nil }
    findings.settings["worlds"] = .string(makers.map { String($0.world) }.joined(separator: ", "))
  }
}

extension DishPlan {
  /// The same, grown from another seed.
  func world(_ seed: UInt64) -> DishPlan {
    var plan = self
    plan.seed = seed
    return plan
  }
}
