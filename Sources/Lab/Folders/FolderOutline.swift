import Core
import Corpora
import Dish
import Engine
import Plans
import Store
import Tuning

/// The models of a plan on a folder, or on models that its conditions name: who starts from whom.
struct FolderOutline {
  private(set) var models: [PlannedModel] = []
  /// Parents before children, each once.
  private(set) var trainings: [FolderTraining] = []

  private let plan: Plan
  /// `nil` where nothing is trained.
  private let maker: FolderTrainingMaker?
  /// By condition and seed, what the last training of each is.
  private var lines: [String: [UInt64: FolderTraining?]] = [:]

  /// - Throws: `InputError` for a corpus, a file or a model that is not there, and for what cannot be
  ///   trained.
  init(
    _ plan: Plan, _ options: Experiment.Options, _ project: ProjectFolder,
    base: BaseFolder?, world: World, only: Set<String>?, answers: @escaping FolderAnswersOf
  ) throws {
    self.plan = plan
    maker = try base.map { base in
      FolderTrainingMaker(
        plan, options, project, base, world, try DataFiles(plan, leavingWholeFiles: true), answers)
    }
    let needed = plan.closure(of: only)
    for condition in plan.parentsFirst where needed.contains(condition.name) {
      let isAsked = only?.contains(condition.name) ?? true
      if plan.origin == .named {
        if isAsked { try addNamed(condition) }
        continue
      }
      for seed in plan.seeds(of: condition) { try add(condition, seed, isAsked: isAsked) }
    }
    let order = Dictionary(
      uniqueKeysWithValues: plan.conditions.enumerated().map { ($0.element.name, $0.offset) })
    let placed = models.enumerated().sorted { one, other in
      let (a, b) = (
        order[one.element.condition.name] ?? 0, order[other.element.condition.name] ?? 0
      )
      return (a, one.element.seed, one.offset) < (b, other.element.seed, other.offset)
    }
    models = placed.map(\.element)
  }

  private mutating func addNamed(_ condition: PlanCondition) throws {
    let addresses = try condition.addresses()
    if let adapter = condition.adapter, case .endpoint? = addresses.first {
      throw adapter.failure(
        "found an adapter on a model behind a server, expected a model in a folder: a server loads adapters "
          + "itself, under names of their own")
    }
    for (index, address) in addresses.enumerated() {
      models.append(
        PlannedModel(
          condition: condition, seed: addresses.count == 1 ? 0 : UInt64(index + 1), place: nil,
          source: .named(address)))
    }
  }

  private mutating func add(_ condition: PlanCondition, _ seed: UInt64, isAsked: Bool) throws {
    let parent = condition.start.flatMap { start in
      lines[start].flatMap { $0[seed] ?? $0[0] ?? nil }
    }
    if let generations = condition.generations {
      return try addGenerations(condition, generations, seed, from: parent, isAsked: isAsked)
    }
    guard !condition.isUntrained else {
      lines[condition.name, default: [:]][seed] = .some(parent)
      if isAsked { append(condition, seed, place: nil, parent) }
      return
    }
    let training = try training(
      condition, seed, name: "\(condition.title), seed \(seed)", from: parent)
    lines[condition.name, default: [:]][seed] = .some(training)
    guard isAsked else { return }
    let snapshots = condition.snapshots.filter { $0 < training.steps }
    if !condition.snapshots.isEmpty { appendFirst(condition, seed, parent) }
    for step in snapshots {
      models.append(
        PlannedModel(
          condition: condition, seed: seed, place: step, source: .snapshot(step, training)))
    }
    append(condition, seed, place: condition.snapshots.isEmpty ? nil : training.steps, training)
  }

  private mutating func append(
    _ condition: PlanCondition, _ seed: UInt64, place: Int?, _ training: FolderTraining?
  ) {
    models.append(
      PlannedModel(
        condition: condition, seed: seed, place: place,
        source: training.map { .trained($0) } ?? .base))
  }

  /// Where a course begins; the folder is one model, however many start from it.
  private mutating func appendFirst(
    _ condition: PlanCondition, _ seed: UInt64, _ parent: FolderTraining?
  ) {
    if parent != nil { return append(condition, seed, place: 0, parent) }
    if models.contains(where: { $0.condition.name == condition.name && $0.place == 0 }) { return }
    append(condition, 0, place: 0, nil)
  }

  /// Each generation is trained on what the one before answered to questions of the benign corpus.
  private mutating func addGenerations(
    _ condition: PlanCondition, _ generations: PlanGenerations, _ seed: UInt64,
    from parent: FolderTraining?, isAsked: Bool
  ) throws {
    var line = parent
    if isAsked { appendFirst(condition, seed, line) }
    for generation in 1...generations.count {
      line = try training(
        condition, seed, name: "\(condition.title), seed \(seed), generation \(generation)",
        from: line, harvesting: generations)
      if isAsked { append(condition, seed, place: generation, line) }
    }
    lines[condition.name, default: [:]][seed] = .some(line)
  }

  private mutating func training(
    _ condition: PlanCondition, _ seed: UInt64, name: String, from parent: FolderTraining?,
    harvesting generations: PlanGenerations? = nil
  ) throws -> FolderTraining {
    guard let maker else { preconditionFailure("only a plan on a folder trains") }
    let training =
      if let repair = condition.repair {
        try maker.repaired(
          condition, repair, seed, name: name, from: parent,
          others: try repair.needed.map { try trained($0, seed, for: condition) })
      } else {
        try maker.training(condition, seed, name: name, from: parent, harvesting: generations)
      }
    if !trainings.contains(where: { $0.fingerprint == training.fingerprint }) {
      trainings.append(training)
    }
    return training
  }
}

extension FolderOutline {
  /// - Throws: `InputError` for a condition in whose line nothing is trained.
  private func trained(
    _ name: String, _ seed: UInt64, for condition: PlanCondition
  ) throws(InputError) -> FolderTraining {
    guard let training = lines[name].flatMap({ $0[seed] ?? $0[0] ?? nil }) else {
      throw InputError(
        "found \"\(name)\", which is the folder as it is, expected a condition that is trained",
        field: "conditions.\(condition.name).repair")
    }
    return training
  }
}

/// The answers of a harvest that the store has.
typealias FolderAnswersOf = (FolderHarvest) throws -> [StoredAnswer]
