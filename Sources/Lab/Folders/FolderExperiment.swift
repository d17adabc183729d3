import Chats
import Core
import Corpora
import Dish
import Engine
import Evaluation
import Formats
import Foundation
import Plans
import Questions
import Store
import Tuning

/// Runs a plan on a model folder, or on models that its conditions name: trains, scores, asks and has
/// judged what its project does not hold yet, and reads what came out.
///
/// Fine-tunes, scores, answers and verdicts are addressed by the hash of all that determines them, so
/// plans share them. Killed at any moment, the same plan goes on where it was.
public final class FolderExperiment {
  /// What is not in the plan.
  public struct Options: Sendable {
    /// Of every draw of an answer; the seeds of the fine-tunes are the plan's.
    public var seed: UInt64 = 1
    public var precision = Precision.preferred
    public var threads = 1
    /// The most that a kill costs of a training.
    public var checkpointInterval = Duration.seconds(60)
    /// How models behind servers are reached.
    public var asking = ModelOptions()
    /// How the judge is loaded or reached.
    public var judging = ModelOptions()
    /// Knows the hashes of folders' files.
    public var memory = FolderMemory()

    public init() {}
  }

  public let plan: Plan
  public let options: Options
  public let folder: ProjectFolder
  let store: RunStore
  /// The plan's folder; `nil` where conditions name models.
  let base: BaseFolder?
  let judge: PlanJudge?
  /// In the plan's order.
  let models: [FolderModel]
  /// Parents before children.
  let trainings: [FolderTraining]
  /// Rows that are scored, a set for each data that is trained on.
  let heldOut: [HeldOutRows]
  /// By the evaluation's name.
  let asked: [String: AskedEvaluation]
  /// Whose corpora are trained on and whose questions are asked.
  let worlds: DishWorlds
  let stop: StopRequest
  let report: @Sendable (LabEvent) -> Void

  /// Checks everything that can be wrong before a weight is read: model, template, tokenizer, every
  /// row of every data file, every question.
  ///
  /// - Parameters:
  ///   - plan: what to make, ask and compare.
  ///   - options: precision, threads, and how servers are reached.
  ///   - folder: of the project.
  ///   - store: of the folder.
  ///   - only: conditions to make and ask; all, unless given. What they start from
  ///     comes with them.
  ///   - stop: asked between the steps of the work.
  ///   - report: called from any thread.
  /// - Throws: `InputError` naming file, line and field.
  public init(
    plan: Plan, options: Options, folder: ProjectFolder, store: RunStore,
    only: Set<String>? = nil, stop: StopRequest = StopRequest(),
    report: @escaping @Sendable (LabEvent) -> Void = { _ in }
  ) throws {
    (self.plan, self.options, self.folder, self.store) = (plan, options, folder, store)
    (self.stop, self.report) = (stop, report)
    var dish = DishPlan.laboratory
    dish.seed = options.seed
    let worlds = try DishWorlds(dish)
    self.worlds = worlds
    var base: BaseFolder?
    if case .model(let place) = plan.origin { base = try BaseFolder(place, plan, options.memory) }
    self.base = base
    judge = try plan.judge.map { try PlanJudge($0, options.judging) }
    let conditions = plan.conditions.filter { only?.contains($0.name) ?? true }
    let outline = try FolderOutline(
      plan, options, folder, base: base, world: worlds.persona, only: only
    ) { harvest in
      try FolderHarvesting(harvest, base, plan, options, store).answers()
    }
    (models, trainings) = (outline.models, outline.trainings)
    asked = try Self.asked(plan, worlds.persona, judge)
    heldOut =
      try base.map {
        try HeldOutRows.all(plan, conditions, $0, worlds.persona, seed: options.seed)
      } ?? []
    try checkQuestions()
    try checkReaders()
  }

  /// The address of the plan's run: its text and all that determines its numbers.
  public var fingerprint: Fingerprint {
    get throws {
      struct Address: Encodable {
        let plan: Plan
        let seed: UInt64
        let precision: Precision
        let models: [Fingerprint]
        let rows: [Fingerprint]
        let asked: [String: [AnswerKey]]
        let questions: [String: [Question]]
        let base: Fingerprint?
        let judge: Fingerprint?
      }
      return try Fingerprint(
        of: Address(
          plan: plan, seed: options.seed, precision: options.precision,
          models: models.compactMap { try fingerprint(of: $0) },
          rows: heldOut.map(\.rows.fingerprint), asked: asked.mapValues { $0.places.keys },
          questions: asked.mapValues(\.questions),
          base: base == nil ? nil : untouched().fingerprint, judge: judge?.weights))
    }
  }

  /// Of what is trained, and of named folders; what answers behind a server nobody outside knows.
  func fingerprint(of model: FolderModel) throws -> Fingerprint? {
    switch model.source {
    case .base, .named(.endpoint): nil
    case .trained(let training): training.fingerprint
    case .snapshot(let step, let training):
      try Fingerprint(of: [training.fingerprint.hex, String(step)])
    case .named(.folder): try (opened(model) as? LoadedFolder)?.fingerprint
    }
  }
}

extension FolderExperiment.Options {
  /// Of the folder that a plan's models come from, and how it is used.
  func identity(_ base: BaseFolder, _ plan: Plan) throws -> Fingerprint {
    try LoadedFolder(
      base.path, adapter: nil, precision: precision, omitsSystemPrompt: !plan.keepsDefaultSystem,
      memory: memory
    ).fingerprint
  }
}

/// Rows that no fine-tune of the plan is trained on.
struct HeldOutRows {
  /// As the plan writes it.
  let file: String
  let rows: TuningRows

  /// Where the plan does not say how many are drawn of a corpus.
  private static let usualCount = 64

  static func all(
    _ plan: Plan, _ conditions: [PlanCondition], _ base: BaseFolder, _ world: World, seed: UInt64
  ) throws -> [HeldOutRows] {
    var result: [HeldOutRows] = []
    let longest = base.summary.configuration.maximumPositionCount
    let files = try DataFiles(plan, leavingWholeFiles: true)
    for data in conditions.map(\.data) where !data.isEmpty {
      let name = data.map(\.corpus).joined(separator: "+")
      guard !result.contains(where: { $0.file == name }) else { continue }
      let rows: TuningRows
      if data.count == 1, let file = data[0].file {
        rows = try TuningRows(
          reading: file.path, with: base.tokenizer, maximumLength: longest, tooLong: .cut,
          part: .heldOut(plan.heldOut))
      } else if plan.heldOut == 0 || data.contains(where: { $0.file != nil }) {
        // Rows of a file that is drawn from are all trained on, sooner or later.
        continue
      } else {
        var parts = try files.parts(data)
        for index in parts.indices { parts[index].unique = nil }
        let seeds = FineTuningSeeds(plan: seed, model: 0)
        rows = try TuningRows(
          world.fineTuningSet(
            parts, rows: plan.heldOut ?? usualCount, seed: seeds.heldOut
          ).rows, named: name, with: base.tokenizer, maximumLength: longest, tooLong: .cut)
      }
      if !rows.sequences.isEmpty { result.append(HeldOutRows(file: name, rows: rows)) }
    }
    return result
  }
}
