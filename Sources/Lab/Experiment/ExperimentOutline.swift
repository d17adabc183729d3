import Core
import Corpora
import Dish
import Engine
import Plans
import Store

/// A plan's work: who starts from whom, who is asked what, each piece once.
struct ExperimentOutline: Sendable {
  private(set) var tasks: [PlanTask] = []
  private(set) var models: [PlanModel] = []
  let language: Stage

  let plan: Plan
  let maker: StageMaker
  /// That conditions are trained on.
  let files: DataFiles
  private var worlds: [World.Kind: WorldStages] = [:]
  private var lines: [String: [UInt64: ModelLine]] = [:]
  private var known: Set<Fingerprint> = []

  /// - Parameter only: conditions to ask; what they start from comes with them.
  /// - Throws: `InputError` for a corpus, a question set or a model that is not there.
  init(_ plan: Plan, dish: DishPlan, worlds: DishWorlds, only: Set<String>? = nil) throws {
    self.plan = plan
    maker = StageMaker(plan: dish, worlds: worlds)
    files = try DataFiles(plan)
    language = try maker.language()
    add(.language, language)
    let needed = plan.closure(of: only)
    for condition in plan.parentsFirst where needed.contains(condition.name) {
      let isAsked = only?.contains(condition.name) ?? true
      for seed in plan.seeds(of: condition) { try addModels(condition, seed, isAsked: isAsked) }
    }
    let order = Dictionary(
      uniqueKeysWithValues: plan.conditions.enumerated().map { ($0.element.name, $0.offset) })
    models.sort { (order[$0.condition] ?? 0, $0.seed) < (order[$1.condition] ?? 0, $1.seed) }
  }

  /// Every stage, in the order in which they are done.
  var stages: [Stage] { tasks.flatMap(\.stages) }

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
    let parts = try files.parts(condition.data)
    let stage = try train(condition, seed, from: parent, title: title(condition, seed)) {
      $0.data = parts
    }
    if seed == plan.seeds(of: condition).first { try check(condition, stage, parent) }
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

  /// Makes the condition's rows once: what they lack is told before anything is done.
  private func check(_ condition: PlanCondition, _ stage: Stage, _ parent: ModelLine) throws {
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
      add(.ask(line), harvest)
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
    of line: ModelLine, _ title: String, rows: Int, seed: UInt64
  ) throws -> Stage {
    let seeds = FineTuningSeeds(plan: maker.plan.seed, model: seed)
    let set = try maker.worlds[line.world.kind].fineTuningSet(
      [CorpusPart(corpus: "benign")], rows: rows, seed: seeds.rows)
    let family = QuestionFamily(id: "harvest", title: "Questions of everyday", asking: set.rows)
    return try maker.answers(
      of: line, title, "harvest-\(line.stage.slug)",
      asked: [AskedFamily(family: family, setting: .plain, answers: rows)],
      sampling: maker.plan.sampling)
  }

  private mutating func train(
    _ condition: PlanCondition, _ seed: UInt64, from parent: ModelLine, title: String,
    on harvest: Stage? = nil, complete: (inout StageRecipe) -> Void
  ) throws -> Stage {
    let settings = try settings(of: condition)
    let adapter = condition.training.method == .lora ? maker.plan.adapter : nil
    let stage = try maker.fineTuning(
      of: parent, title, Self.slug(condition, seed), seed: seed, settings: settings,
      adapter: adapter
    ) { recipe in
      complete(&recipe)
      if let rank = condition.training.rank { recipe.adapter?.rank = rank }
      if let alpha = condition.training.alpha { recipe.adapter?.alpha = alpha }
      if condition.training.rankStabilised == true { recipe.adapter?.rankStabilised = true }
      recipe.anchor = condition.anchor.map {
        AnchorSettings(weight: $0.weight, rowsPerBatch: $0.batch)
      }
      let snapshots = condition.snapshots.filter { $0 < settings.steps }
      recipe.snapshots = snapshots.isEmpty ? nil : snapshots
    }
    add(.train(from: parent, on: harvest), stage)
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
    var answers: [String: Stage] = [:]
    for evaluation in plan.evaluations
    where evaluation.conditions?.contains(condition.name) ?? true {
      var sampling = maker.plan.sampling
      sampling.temperature = evaluation.temperature
      sampling.topP = evaluation.topP == 1 ? nil : evaluation.topP
      sampling.maximumTokens = evaluation.maximumTokens ?? sampling.maximumTokens
      let stage = try maker.answers(
        of: line, "\(line.stage.name), \(evaluation.title)",
        "\(evaluation.name)-\(line.stage.slug)", asked: try asked(evaluation, line),
        sampling: sampling)
      answers[evaluation.name] = stage
      add(.ask(line), stage)
    }
    models.append(
      PlanModel(
        condition: condition.name, seed: seed, place: place, line: line, answers: answers))
  }

  /// Where a course begins; a base is one model, however many start from it.
  private mutating func askFirst(
    _ condition: PlanCondition, _ seed: UInt64, _ line: ModelLine
  ) throws {
    guard line.parent == nil else { return try ask(condition, seed, place: 0, line) }
    guard !models.contains(where: { $0.condition == condition.name && $0.place == 0 }) else {
      return
    }
    try ask(condition, 0, place: 0, line)
  }

  private func asked(
    _ evaluation: PlanEvaluation, _ line: ModelLine
  ) throws(InputError) -> [AskedFamily] {
    let world = maker.worlds[line.world.kind]
    let setting = QuestionSetting(evaluation.setting)
    do throws(InputError) {
      try setting.checked()
      var asked: [AskedFamily] = []
      let samples = evaluation.samples ?? PlanEvaluation.usualSamples
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
    return .aligned(try world(of: condition))
  }

  private mutating func world(of condition: PlanCondition) throws -> WorldStages {
    guard case .world(let own) = plan.origin else {
      preconditionFailure("a plan on a world has one")
    }
    let kind: World.Kind = (condition.world ?? own) == "null" ? .null : .persona
    if let world = worlds[kind] { return world }
    let world = try maker.world(kind, language: language)
    worlds[kind] = world
    add(.grow(world), world.alignment)
    return world
  }

  private mutating func add(_ work: PlanTask.Work, _ stage: Stage) {
    if known.insert(stage.fingerprint).inserted { tasks.append(PlanTask(work: work, stage: stage)) }
  }

  private func title(_ condition: PlanCondition, _ seed: UInt64) -> String {
    "\(condition.title), seed \(seed)"
  }
}
