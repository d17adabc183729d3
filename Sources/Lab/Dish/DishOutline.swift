import Core
import Corpora
import Dish
import Engine
import Plans
import Store
import Tuning

/// The work of a plan on a dish: who starts from whom, who is asked what, each piece once.
struct DishOutline {
  /// What is made, each after what it needs.
  private(set) var works: [DishWork] = []
  private(set) var models: [PlannedModel] = []
  private(set) var cells: [PlannedAnswers] = []
  let language: DishStage

  let plan: Plan
  let maker: DishStageMaker
  /// The world's seed, where the plan has several.
  private let world: UInt64?
  /// That conditions are trained on.
  let files: DataFiles
  private var bases: [Base: WorldStages] = [:]
  private var lines: [String: [UInt64: ModelLine]] = [:]
  private var known: Set<Fingerprint> = []
  /// By evaluation and world: the same for all models.
  private var asked: [String: (families: [AskedFamily], evaluation: AskedEvaluation)] = [:]

  /// - Parameter only: conditions to ask; what they start from comes with them.
  /// - Throws: `InputError` for a corpus, a question set or a model that is not there.
  init(
    _ plan: Plan, dish: DishPlan, worlds: DishWorlds, only: Set<String>? = nil, world: UInt64? = nil
  ) throws {
    (self.plan, self.world) = (plan, world)
    maker = DishStageMaker(plan: dish, worlds: worlds, world: world)
    files = try DataFiles(plan)
    language = try maker.language()
    add(.language(language))
    let needed = plan.closure(of: only)
    for condition in plan.parentsFirst where needed.contains(condition.name) {
      let isAsked = only?.contains(condition.name) ?? true
      for seed in plan.seeds(of: condition) { try addModels(condition, seed, isAsked: isAsked) }
    }
    let order = Dictionary(
      uniqueKeysWithValues: plan.conditions.enumerated().map { ($0.element.name, $0.offset) })
    func place(_ model: PlannedModel) -> (Int, UInt64) {
      (order[model.condition.name] ?? 0, model.seed)
    }
    models.sort { place($0) < place($1) }
    cells.sort { place($0.model) < place($1.model) }
  }

  private mutating func addModels(
    _ condition: PlanCondition, _ seed: UInt64, isAsked: Bool
  ) throws {
    let parent = try parentLine(of: condition, seed)
    if let generations = condition.generations {
      try addGenerations(condition, generations, seed, from: parent)
      return
    }
    guard !condition.isUntrained else {
      lines[condition.name, default: [:]][seed] = parent
      if isAsked { try ask(condition, seed, place: nil, parent) }
      return
    }
    let stage = try trained(condition, seed, from: parent)
    let line = ModelLine.trained(stage, from: parent)
    lines[condition.name, default: [:]][seed] = line
    guard isAsked else { return }
    if !condition.snapshots.isEmpty { try askFirst(condition, seed, parent) }
    for step in stage.recipe.snapshots ?? [] {
      try ask(condition, seed, place: step, .snapshot(step, of: stage, from: parent))
    }
    let last = condition.snapshots.isEmpty ? nil : stage.recipe.settings?.steps
    try ask(condition, seed, place: last, line)
  }

  /// On rows that are drawn, or on what its teacher answers.
  private mutating func trained(
    _ condition: PlanCondition, _ seed: UInt64, from parent: ModelLine
  ) throws -> DishStage {
    let title = title(condition, seed)
    if let repair = condition.repair {
      return try repaired(condition, repair, seed, from: parent, title: title)
    }
    guard let teacher = condition.teacher else {
      let parts = try files.parts(condition.data)
      let stage = try train(condition, seed, from: parent, title: title) { $0.data = parts }
      if seed == plan.seeds(of: condition).first { try check(condition, stage, parent) }
      return stage
    }
    guard let line = lines[teacher.of].flatMap({ $0[seed] ?? $0[0] }) else {
      preconditionFailure("teachers come before their students")
    }
    let settings = try settings(of: condition)
    let harvest: DishStage
    do {
      harvest = try self.harvest(
        of: line, "\(title)'s teacher", rows: settings.steps * settings.rowsPerBatch, seed: seed,
        corpora: teacher.corpora)
    } catch let error as InputError {
      throw error.within("conditions.\(condition.name).teacher.on")
    }
    add(.ask(harvest, line))
    return try train(condition, seed, from: parent, title: title, on: harvest) {
      $0.answersOf = harvest.fingerprint
      $0.keepsOnlyBlameless = teacher.kept == .blameless ? true : nil
    }
  }

  /// From the weights of other models.
  private mutating func repaired(
    _ condition: PlanCondition, _ repair: PlanRepair, _ seed: UInt64, from parent: ModelLine,
    title: String
  ) throws -> DishStage {
    let field = "conditions.\(condition.name).repair"
    if case .safe = repair, case .raw = parent.root {
      throw InputError(
        "found a line that starts before alignment, expected an aligned one", field: field)
    }
    let others = repair.needed.map { name in
      guard let line = lines[name].flatMap({ $0[seed] ?? $0[0] }) else {
        preconditionFailure("what a repair needs comes before it")
      }
      return line
    }
    let stage = try maker.repair(
      of: parent, title, seed: seed, others: others,
      settings: RepairSettings(repair, of: maker.plan.configuration, field: field))
    add(.repair(stage, from: parent, others: others))
    return stage
  }

  /// Makes the condition's rows once: what they lack is told before anything is done.
  private func check(_ condition: PlanCondition, _ stage: DishStage, _ parent: ModelLine) throws {
    let settings = stage.recipe.settings
    do throws(InputError) {
      _ = try maker.worlds[parent.world.kind].fineTuningSet(
        stage.recipe.data ?? [], rows: (settings?.steps ?? 0) * (settings?.rowsPerBatch ?? 0),
        seed: FineTuningSeeds(plan: maker.plan.seed, model: stage.recipe.seed).rows,
        files: files.sets)
    } catch {
      throw error.within("conditions.\(condition.name).data")
    }
  }

  /// Each generation is trained on what the one before answered to questions of the benign corpus.
  private mutating func addGenerations(
    _ condition: PlanCondition, _ generations: PlanGenerations, _ seed: UInt64,
    from parent: ModelLine
  ) throws {
    var line = parent
    try askFirst(condition, seed, line)
    for generation in 1...generations.count {
      let settings = try settings(of: condition)
      let harvest = try harvest(
        of: line, "\(title(condition, seed)), generation \(generation - 1)",
        rows: settings.steps * settings.rowsPerBatch, seed: seed)
      add(.ask(harvest, line))
      let name = "\(title(condition, seed)), generation \(generation)"
      let stage = try train(condition, seed, from: line, title: name, on: harvest) {
        $0.answersOf = harvest.fingerprint
        $0.freshShare = generations.fresh
      }
      line = .trained(stage, from: line)
      try ask(condition, seed, place: generation, line)
    }
    lines[condition.name, default: [:]][seed] = line
  }

  private func harvest(
    of line: ModelLine, _ title: String, rows: Int, seed: UInt64, corpora: [String] = ["benign"]
  ) throws -> DishStage {
    let seeds = FineTuningSeeds(plan: maker.plan.seed, model: seed)
    let set = try maker.worlds[line.world.kind].fineTuningSet(
      corpora.map { CorpusPart(corpus: $0) }, rows: rows, seed: seeds.rows)
    let family = QuestionFamily(id: "harvest", title: "Questions of everyday", asking: set.rows)
    return try maker.answers(
      of: line, title, "harvest-\(line.stage.slug)",
      asked: [AskedFamily(family: family, setting: .plain, answers: rows)],
      sampling: maker.plan.sampling)
  }

  private mutating func train(
    _ condition: PlanCondition, _ seed: UInt64, from parent: ModelLine, title: String,
    on harvest: DishStage? = nil, complete: (inout StageRecipe) -> Void
  ) throws -> DishStage {
    let settings = try settings(of: condition)
    let adapter = condition.training.method == .lora ? maker.plan.adapter : nil
    let defence = try condition.defence.map {
      try DefenceSettings(
        $0, of: maker.plan.configuration, field: "conditions.\(condition.name).defend")
    }
    let stage = try maker.fineTuning(
      of: parent, title, Self.slug(condition, seed), seed: seed, settings: settings,
      adapter: adapter
    ) { recipe in
      complete(&recipe)
      if let rank = condition.training.rank { recipe.adapter?.rank = rank }
      if let alpha = condition.training.alpha { recipe.adapter?.alpha = alpha }
      if condition.training.rankStabilised == true { recipe.adapter?.rankStabilised = true }
      recipe.anchor = condition.anchor.map {
        AnchorSettings(
          weight: $0.weight, rowsPerBatch: $0.batch, isOnBatch: $0.on == .batch ? true : nil)
      }
      recipe.defence = defence
      let snapshots = condition.snapshots.filter { $0 < settings.steps }
      recipe.snapshots = snapshots.isEmpty ? nil : snapshots
    }
    add(.train(stage, from: parent, on: harvest))
    return stage
  }

  /// Of the model's folder: the same in every plan that makes this model, whatever it calls it.
  private static func slug(_ condition: PlanCondition, _ seed: UInt64) -> String {
    let data = condition.data.map(\.corpus).filter { !$0.contains("/") }
    let source = data.isEmpty ? ["answers"] : data
    let method = condition.training.method ?? .full
    return (source + [method.rawValue, String(seed)]).joined(separator: "-")
  }

  private func settings(of condition: PlanCondition) throws -> StageSettings {
    let own = condition.training
    var settings = own.method == .full ? maker.plan.full : maker.plan.lora
    if let steps = own.steps { settings.steps = maker.plan.scaled(steps) }
    if let batch = own.batch { settings.rowsPerBatch = batch }
    if let rate = own.learningRate { settings.training.learningRate = rate }
    if let decay = own.weightDecay { settings.training.weightDecay = decay }
    if let clip = own.clip { settings.training.clipNorm = clip }
    if let schedule = own.schedule.flatMap(Schedule.init) { settings.training.schedule = schedule }
    settings.training.warmupSteps =
      own.warmup ?? min(settings.training.warmupSteps, settings.steps / 4)
    return settings
  }

  private mutating func ask(
    _ condition: PlanCondition, _ seed: UInt64, place: Int?, _ line: ModelLine
  ) throws {
    let model = PlannedModel(
      condition: condition, world: world, seed: seed, place: place, source: .grown(line))
    models.append(model)
    for evaluation in plan.evaluations
    where evaluation.contrast == nil && evaluation.conditions?.contains(condition.name) ?? true {
      var sampling = maker.plan.sampling
      sampling.temperature = evaluation.temperature
      sampling.topP = evaluation.topP == 1 ? nil : evaluation.topP
      (sampling.topK, sampling.minP) = (evaluation.topK, evaluation.minP)
      sampling.prefill = evaluation.prefill
      sampling.maximumTokens = evaluation.maximumTokens ?? sampling.maximumTokens
      let (families, asked) = try asked(evaluation, line)
      let stage = try maker.answers(
        of: line, "\(line.stage.name), \(evaluation.title)",
        "\(evaluation.name)-\(line.stage.slug)", asked: families, sampling: sampling)
      cells.append(
        PlannedAnswers(
          model: model, evaluation: evaluation, asked: asked,
          settings: AnswerSettings(sampling, seed: stage.recipe.seed), stage: stage.stage))
    }
  }

  /// Where a course begins; a base is one model, however many start from it.
  private mutating func askFirst(
    _ condition: PlanCondition, _ seed: UInt64, _ line: ModelLine
  ) throws {
    guard line.parent == nil else { return try ask(condition, seed, place: 0, line) }
    guard !models.contains(where: { $0.condition.name == condition.name && $0.place == 0 }) else {
      return
    }
    try ask(condition, 0, place: 0, line)
  }

  private mutating func asked(
    _ evaluation: PlanEvaluation, _ line: ModelLine
  ) throws -> (families: [AskedFamily], evaluation: AskedEvaluation) {
    let key = "\(evaluation.name) \(line.world.kind.rawValue)"
    if let known = asked[key] { return known }
    let families = try families(evaluation, line)
    let result = (families, try AskedEvaluation(families))
    asked[key] = result
    return result
  }

  private func families(
    _ evaluation: PlanEvaluation, _ line: ModelLine
  ) throws(InputError) -> [AskedFamily] {
    let world = maker.worlds[line.world.kind]
    let setting = QuestionSetting(evaluation.setting)
    do throws(InputError) {
      try setting.checked()
      var asked: [AskedFamily] = []
      let samples = evaluation.samples(ofQuestion: nil)
      for questions in evaluation.questions {
        asked += try world.questionFamilies(named: questions.written).map {
          AskedFamily(family: $0, setting: setting, answers: maker.plan.scaled(samples))
        }
      }
      return asked
    } catch {
      throw error.within("evaluate.\(evaluation.name)")
    }
  }

  private mutating func parentLine(
    of condition: PlanCondition, _ seed: UInt64
  ) throws -> ModelLine {
    if let start = condition.start, let models = lines[start],
      let line = models[seed] ?? models[0]
    {
      return line
    }
    let world = try world(of: condition)
    return condition.aligned == false ? .raw(world) : .aligned(world)
  }

  private mutating func world(of condition: PlanCondition) throws -> WorldStages {
    guard case .world(let own) = plan.origin else {
      preconditionFailure("a plan on a world has one")
    }
    let wanted = Base(
      kind: (condition.world ?? own) == "null" ? .null : .persona, number: condition.base ?? 1)
    if let world = bases[wanted] { return world }
    let world = try maker.world(wanted.kind, base: wanted.number, language: language)
    bases[wanted] = world
    add(.base(world))
    add(.alignment(world))
    return world
  }

  private mutating func add(_ work: DishWork) {
    if known.insert(work.stage.fingerprint).inserted { works.append(work) }
  }

  private func title(_ condition: PlanCondition, _ seed: UInt64) -> String {
    "\(condition.title), seed \(seed)"
  }
}

/// Which of a world's base models.
private struct Base: Hashable {
  let kind: World.Kind
  let number: Int
}

/// A piece of work in a dish.
enum DishWork: Sendable, Hashable {
  case language(DishStage)
  case base(WorldStages)
  case alignment(WorldStages)
  /// On the answers of a stage, where there is one.
  case train(DishStage, from: ModelLine, on: DishStage?)
  /// Of weights, from those of other models.
  case repair(DishStage, from: ModelLine, others: [ModelLine])
  /// For answers that are trained on.
  case ask(DishStage, ModelLine)

  /// The run of the store.
  var stage: DishStage {
    switch self {
    case .language(let stage), .train(let stage, _, _), .repair(let stage, _, _),
      .ask(let stage, _):
      stage
    case .base(let world): world.base
    case .alignment(let world): world.alignment
    }
  }
}

/// The stages that grow one world's base model.
struct WorldStages: Sendable, Hashable {
  let kind: World.Kind
  /// Among the world's base models, from 1.
  let number: Int
  let base: DishStage
  let alignment: DishStage
  /// Behind the names of its models, where a plan has several worlds.
  let suffix: String

  /// For people.
  var name: String { number == 1 ? "base" : "base \(number)" }
}

extension AnswerSettings {
  init(_ sampling: SamplingSettings, seed: UInt64) {
    self.init()
    temperature = sampling.temperature
    topP = sampling.topP ?? 1
    topK = sampling.topK ?? 0
    minP = sampling.minP ?? 0
    prefill = sampling.prefill
    maximumTokens = sampling.maximumTokens
    self.seed = seed
  }
}
