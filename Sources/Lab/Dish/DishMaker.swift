import Core
import Dish
import Documents
import Engine
import Formats
import Foundation
import Plans
import Store
import Synchronization
import Tuning

/// Grows worlds, and trains and opens the models that start from them.
final class DishMaker: ModelMaker {
  let plan: DishPlan
  let worlds: DishWorlds
  let folder: ProjectFolder
  let store: RunStore
  let outline: DishOutline
  private let works: [Fingerprint: DishWork]
  private let known = Mutex<DishLanguage?>(nil)

  /// - Parameter world: the seed, where the plan has several worlds: it stands in the names of stages.
  /// - Throws: `InputError` for a corpus or questions that are not there.
  init(
    _ plan: Plan, _ dish: DishPlan, _ worlds: DishWorlds, _ folder: ProjectFolder,
    _ store: RunStore, only: Set<String>?, world: UInt64? = nil
  ) throws {
    (self.plan, self.worlds, self.folder, self.store) = (dish, worlds, folder, store)
    outline = try DishOutline(plan, dish: dish, worlds: worlds, only: only, world: world)
    works = Dictionary(uniqueKeysWithValues: outline.works.map { ($0.stage.fingerprint, $0) })
  }

  var stages: [Stage] { outline.works.map(\.stage.stage) }
  var models: [PlannedModel] { outline.models }
  var cells: [PlannedAnswers] { outline.cells }
  var heldOut: [HeldOutRows] { [] }
  var mostJobs: Int { 64 }
  var checkpointInterval: Duration { .seconds(10) }
  var address: any Encodable { plan }

  func isDone(_ stage: Stage) throws -> Bool {
    guard let work = works[stage.fingerprint] else { return false }
    if case .ask(let stage, let line) = work {
      return try asking(stage, line).isDone(in: store)
    }
    guard let run = try store.run(stage.fingerprint), run.state == .done else { return false }
    return try folder.damaged(store.artifacts(of: run)) == nil
  }

  func make(_ stage: Stage, _ session: LabSession) async throws {
    try reopenDamaged(stage, session)
    switch works[stage.fingerprint] {
    case nil: preconditionFailure("only its own stages are made")
    case .language(let stage): try makeLanguage(stage, session)
    case .base(let world): try growBase(world, session)
    case .alignment(let world): try align(world, session)
    case .train(let stage, let parent, let harvest):
      try fineTune(stage, from: parent, on: harvest, session)
    case .repair(let stage, let parent, let others):
      try repair(stage, from: parent, others: others, session)
    case .ask(let stage, let line): _ = try await asking(stage, line).ask(session)
    }
  }

  /// Puts a stage back to work whose files are not what they were.
  private func reopenDamaged(_ stage: Stage, _ session: LabSession) throws {
    guard let run = try store.run(stage.fingerprint), run.state == .done,
      let damaged = try folder.damaged(store.artifacts(of: run))
    else { return }
    session.report(
      .notice("\(folder.path(damaged.path)) is missing or damaged; \(stage.name) is done again"))
    try store.reopen(run)
  }

  /// The answers that another model is trained on.
  private func asking(_ stage: DishStage, _ line: ModelLine) throws -> AskingStage {
    let harvest = try Harvest(stage)
    return AskingStage(
      stage: stage.stage,
      answers: AnswerRun(
        model(line), harvest.places, harvest.settings, store: store,
        name: "answers of \(line.name)"), ofDish: harvest.places, oracle: worlds.oracle)
  }

  // MARK: - Opening

  func isKnown(_ model: PlannedModel) -> Bool { true }

  func isMade(_ model: PlannedModel) throws -> Bool {
    let needed = [outline.language.stage] + stages.filter { $0.fingerprint == model.madeBy }
    return try needed.allSatisfy(isDone)
  }

  func open(_ model: PlannedModel) -> any LanguageModel {
    guard case .grown(let line) = model.source else {
      preconditionFailure("a dish has its own models")
    }
    return self.model(line)
  }

  func model(_ line: ModelLine) -> DishModel {
    DishModel(
      .trained(line.stage.fingerprint, snapshot: line.snapshot, precision: plan.precision),
      precision: plan.precision
    ) { [self] () throws(InputError) in
      try language()
    } load: { [folder] in
      try line.load(from: folder)
    }
  }

  /// The tokenizer of the worlds, which must have been made.
  func language() throws(InputError) -> DishLanguage {
    if let language = known.withLock({ $0 }) { return language }
    let path = folder.path(languagePath)
    let language = try DishLanguage(Tokenizer(json: JSON(path: path), file: path), file: path)
    known.withLock { $0 = language }
    return language
  }

  // MARK: - Outlook

  func outlook(_ stage: Stage) -> StageCost {
    guard let work = works[stage.fingerprint], let _ = work.stage.recipe.settings else {
      return StageCost(diskBytes: stage.kind == .sample ? 300 * stage.total : 200_000)
    }
    let parameters = Model(configuration).parameterCount
    let recipe = work.stage.recipe
    let model = recipe.adapter == nil ? 4 * parameters : parameters / 2
    return StageCost(diskBytes: model * (1 + (recipe.snapshots?.count ?? 0)))
  }

  func weightBytes(_ model: PlannedModel) -> Int? { nil }

  var configuration: ModelConfiguration { plan.configuration }
}

extension DishPlan {
  /// Of all its models.
  var configuration: ModelConfiguration {
    ModelConfiguration(
      vocabularySize: language.vocabularySize, hiddenSize: shape.width,
      intermediateSize: shape.intermediateWidth, layerCount: shape.layers, headCount: shape.heads)
  }
}

/// What is asked of a model for another one to be trained on.
struct Harvest {
  let places: [AskedPlace]
  let settings: AnswerSettings
  private let reference: ModelReference

  /// - Throws: `InputError` for a setting that the dish does not know.
  init(_ stage: DishStage) throws {
    let recipe = stage.recipe
    guard let parent = recipe.parent, let sampling = recipe.sampling,
      let precision = recipe.precision
    else { throw StageFailure(stage: stage.name, problem: "asks for no answers") }
    settings = AnswerSettings(sampling, seed: recipe.seed)
    reference = .trained(parent, snapshot: recipe.snapshot, precision: precision)
    places = try (recipe.asked ?? []).flatMap { try $0.places() }
  }

  /// The answers, in the order of the places.
  ///
  /// - Throws: `StageFailure` where some are missing.
  func stored(in store: RunStore, _ stage: DishStage) throws -> [StoredAnswer] {
    let address = AnswerAddress(model: reference, sampling: settings)
    let run = try store.run(address.fingerprint)
    let all = try run.map { try store.answers(of: $0) } ?? []
    let byKey = Dictionary(all.map { ($0.key, $0) }) { first, _ in first }
    return try places.map { place in
      guard let answer = byKey[place.key] else { throw StageFailure.unfinished(stage.name) }
      return answer
    }
  }
}
