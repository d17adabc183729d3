import Core
import Corpora
import Dish
import Engine
import Formats
import Foundation
import Plans
import Store
import Tuning

/// Makes the trainings of a plan on a folder: what they are trained on, and how they are known.
final class FolderTrainingMaker {
  private let plan: Plan
  private let options: Experiment.Options
  private let project: ProjectFolder
  private let base: BaseFolder
  private let world: World
  private let files: DataFiles
  private let answers: FolderAnswersOf
  /// By condition: seeds differ by their seed alone, and rows of a file are read once.
  private var templates: [String: FineTuning] = [:]

  /// Where neither plan nor preset says how long a training on drawn rows is.
  private static let usualSteps = 60

  init(
    _ plan: Plan, _ options: Experiment.Options, _ project: ProjectFolder,
    _ base: BaseFolder, _ world: World, _ files: DataFiles, _ answers: @escaping FolderAnswersOf
  ) {
    (self.plan, self.options, self.project, self.base) = (plan, options, project, base)
    (self.world, self.files, self.answers) = (world, files, answers)
  }

  /// - Throws: `InputError` for data that cannot be trained on, and for a start that it does not fit.
  func training(
    _ condition: PlanCondition, _ seed: UInt64, name: String, from parent: FolderTraining?,
    harvesting generations: PlanGenerations?
  ) throws -> FolderTraining {
    var settings = TuningSettings(condition.training, precision: options.precision)
    settings.seed = seed
    try check(condition, settings, parent)
    let rows = try rows(condition, &settings, seed, from: parent, generations)
    var prepared: FineTuning?
    if parent == nil, generations == nil {
      prepared = try template(condition, settings, rows, seed)
    }
    let fingerprint = try Self.keeping(
      condition.snapshots, condition.training.with,
      prepared?.fingerprint
        ?? Fingerprint(
          of: Recipe(
            parent: parent?.fingerprint, base: options.identity(base, plan), settings: settings,
            rows: address(rows, settings), anchor: condition.anchor,
            defence: try defence(condition))))
    return FolderTraining(
      condition, seed: seed, name: name, settings: settings, rows: rows, parent: parent,
      fingerprint: fingerprint, prepared: prepared, base: base.path, project: project
    ) { [self] training in
      try tuning(
        condition, settings, rows, weights: training.parent?.weights ?? base.path,
        adapter: settings.method == .lora ? training.parent?.adapter : nil, seed: seed,
        output: training.output)
    }
  }

  private func template(
    _ condition: PlanCondition, _ settings: TuningSettings, _ rows: FolderTraining.Rows,
    _ seed: UInt64
  ) throws -> FineTuning {
    var isFile = false
    if case .file = rows { isFile = true }
    let own =
      try (isFile && condition.anchor == nil ? templates[condition.name] : nil)
      ?? tuning(
        condition, settings, rows, weights: base.path, adapter: nil, seed: seed, output: "")
    templates[condition.name] = own
    return try own.seeded(seed) { content in
      // Encoding a few words cannot fail.
      let known =
        (try? Self.keeping(condition.snapshots, condition.training.with, content)) ?? content
      return project.path(FolderTraining.place(known))
    }
  }

  /// Of a training that keeps snapshots: one that does not has them nowhere. Another program's is another one.
  private static func keeping(
    _ snapshots: [Int], _ tool: String?, _ training: Fingerprint
  ) throws -> Fingerprint {
    let parts = snapshots.map { "step \($0)" } + (tool.map { ["with \($0)"] } ?? [])
    return parts.isEmpty ? training : try Fingerprint(of: [training.hex] + parts)
  }

  /// What decides a training that cannot be prepared before others are done.
  private struct Recipe: Encodable {
    let version = 1
    let parent: Fingerprint?
    let base: Fingerprint
    let settings: TuningSettings
    let rows: Fingerprint
    let anchor: PlanAnchor?
    let defence: DefenceSettings?
  }

  private func defence(_ condition: PlanCondition) throws -> DefenceSettings? {
    try condition.defence.map {
      try DefenceSettings(
        $0, of: base.summary.configuration, field: "conditions.\(condition.name).defend")
    }
  }

  /// A model whose weights are computed from others', in 32 bits.
  func repaired(
    _ condition: PlanCondition, _ repair: PlanRepair, _ seed: UInt64, name: String,
    from parent: FolderTraining?, others: [FolderTraining]
  ) throws -> FolderTraining {
    struct Address: Encodable {
      let version = 1
      let base: Fingerprint
      let parent: Fingerprint?
      let others: [Fingerprint]
      let repair: RepairSettings
      let seed: UInt64
    }
    let settings = try RepairSettings(
      repair, of: base.summary.configuration, field: "conditions.\(condition.name).repair")
    var whole = TuningSettings()
    (whole.method, whole.steps, whole.seed) = (.full, 1, seed)
    let fingerprint = try Fingerprint(
      of: Address(
        base: options.identity(base, plan), parent: parent?.fingerprint,
        others: others.map(\.fingerprint), repair: settings, seed: options.seed))
    return FolderTraining(
      condition, seed: seed, name: name, settings: whole,
      rows: .weights(FolderRepair(settings: settings, others: others)), parent: parent,
      fingerprint: fingerprint, prepared: nil, base: base.path, project: project
    ) { _ in preconditionFailure("nothing is trained") }
  }

  /// Of the rows as the model reads them, which are checked here; of answers that nobody has given yet, of
  /// what is asked.
  private func address(
    _ rows: FolderTraining.Rows, _ settings: TuningSettings
  ) throws -> Fingerprint {
    let longest = min(
      settings.maximumLength, base.summary.configuration.maximumPositionCount)
    switch rows {
    case .file(let file):
      return try TuningRows(
        reading: file.path, with: base.tokenizer, maximumLength: longest, tooLong: settings.tooLong,
        part: .training(heldOut: plan.heldOut)
      ).fingerprint
    case .drawn(let set):
      return try TuningRows(
        set.rows, named: set.name, with: base.tokenizer, maximumLength: longest,
        tooLong: settings.tooLong
      ).fingerprint
    case .weights: preconditionFailure("nothing is trained")
    case .harvest(let harvest):
      return try Fingerprint(
        of: HarvestAddress(
          model: harvest.model?.fingerprint, asked: harvest.asked.map(\.key.question),
          settings: harvest.settings, fresh: harvest.fresh.fingerprint,
          share: harvest.freshShare, seed: harvest.seed))
    }
  }

  private func check(
    _ condition: PlanCondition, _ settings: TuningSettings, _ parent: FolderTraining?
  ) throws(InputError) {
    if let tool = condition.training.with {
      let problem: String? =
        if settings.method == .full {
          "all weights trained, expected an adapter"
        } else if parent != nil {
          "a start, expected the plan's own folder"
        } else if !condition.snapshots.isEmpty || condition.anchor != nil {
          "snapshots or an anchor, expected neither"
        } else { nil }
      if let problem {
        throw InputError(
          "found \(problem), where \(tool) trains", field: "conditions.\(condition.name).with")
      }
    }
    guard let parent, parent.settings.method == .lora else { return }
    func failure(_ problem: String) -> InputError {
      InputError(problem, field: "conditions.\(condition.name).start")
    }
    guard settings.method == .lora else {
      throw failure(
        "found all weights trained from \"\(parent.condition.name)\", which is an adapter; expected "
          + "method \"lora\"")
    }
    guard condition.anchor == nil else {
      throw failure(
        "found an anchor beside a start that is an adapter, expected one of them: what it is held to "
          + "would be the folder without the adapter")
    }
  }

  private func rows(
    _ condition: PlanCondition, _ settings: inout TuningSettings, _ seed: UInt64,
    from parent: FolderTraining?, _ generations: PlanGenerations?
  ) throws -> FolderTraining.Rows {
    if generations == nil, condition.data.count == 1, let part = condition.data.first,
      let file = part.file, part.isWhole
    {
      try file.requireFile()
      return .file(file)
    }
    if condition.training.epochs != nil {
      throw InputError(
        "found epochs of rows that are drawn, expected steps",
        field: "conditions.\(condition.name).epochs")
    }
    settings.steps = settings.steps ?? Self.usualSteps
    settings.shuffles = false
    let count = (settings.steps ?? 0) * settings.rowsPerStep
    let seeds = FineTuningSeeds(plan: options.seed, model: seed)
    if let generations {
      return .harvest(try harvest(parent, generations, count, seeds))
    }
    do {
      return .drawn(
        try world.fineTuningSet(
          files.parts(condition.data), rows: count, seed: seeds.rows, files: files.sets))
    } catch let error as InputError {
      throw error.file == nil ? error.within("conditions.\(condition.name).data") : error
    }
  }

  private func harvest(
    _ parent: FolderTraining?, _ generations: PlanGenerations, _ count: Int,
    _ seeds: FineTuningSeeds
  ) throws -> FolderHarvest {
    let fresh = try world.fineTuningSet(
      [CorpusPart(corpus: "benign")], rows: max(1, count), seed: seeds.rows)
    let family = QuestionFamily(id: "harvest", title: "Questions of everyday", asking: fresh.rows)
    var settings = AnswerSettings()
    settings.maximumTokens = DishPlan.laboratory.sampling.maximumTokens
    settings.seed = seeds.rows
    return FolderHarvest(
      model: parent,
      asked: try AskedFamily(family: family, setting: .plain, answers: count)
        .places(drawnByText: true), settings: settings, fresh: fresh,
      freshShare: generations.fresh, seed: seeds.rows)
  }

  private func tuning(
    _ condition: PlanCondition, _ settings: TuningSettings, _ rows: FolderTraining.Rows,
    weights: String, adapter: String?, seed: UInt64, output: String
  ) throws -> FineTuning {
    var places = FineTuning.Places(model: weights, data: rows.name, output: output)
    places.initialAdapter = adapter
    places.snapshots = condition.snapshots
    let seeds = FineTuningSeeds(plan: options.seed, model: seed)
    let conversations: [Conversation]? =
      switch rows {
      case .file, .weights: nil
      case .drawn(let set): set.rows
      case .harvest(let harvest):
        harvest.rows(try answers(harvest), count: harvest.fresh.rows.count)
      }
    let steps = settings.steps ?? Self.usualSteps
    do {
      return try FineTuning(
        settings, places, threads: options.threads, omitsSystemPrompt: !plan.keepsDefaultSystem,
        part: .training(heldOut: plan.heldOut), conversations: conversations,
        anchor: try condition.anchor.map { anchor in
          guard anchor.on != .batch else { return .batch(weight: anchor.weight) }
          return .rows(
            weight: anchor.weight, rowsPerStep: anchor.batch,
            try world.fineTuningSet(
              [CorpusPart(corpus: "benign")], rows: anchor.batch * steps, seed: seeds.anchor
            ).rows)
        },
        steering: try defence(condition)?.edits {
          try $0.vector(of: base.summary.configuration, placebo: options.seed)
        } ?? [], memory: options.memory)
    } catch let error as InputError {
      throw error.namingPlanKeys
    }
  }
}

extension FolderTraining.Rows {
  /// As the plan's reader knows them.
  var name: String {
    switch self {
    case .file(let path): path.path
    case .drawn(let set): set.name
    case .harvest: "answers"
    case .weights: "weights"
    }
  }
}

private struct HarvestAddress: Encodable {
  let model: Fingerprint?
  let asked: [String]
  let settings: AnswerSettings
  let fresh: Fingerprint
  let share: Double
  let seed: UInt64
}

extension PlanData {
  /// Whether it is a file as it stands, to be gone through by epochs.
  var isWhole: Bool {
    topics == nil && unique == nil && setting == .plain && share == 1
  }
}

extension InputError {
  /// With options of the command as the plan's keys.
  fileprivate var namingPlanKeys: InputError {
    var copy = self
    copy.problem = problem.replacingOccurrences(of: "--max-length", with: "max-length")
    return copy
  }
}
