import Chats
import Core
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
    public var asking = Evaluation.ModelOptions()
    /// How the judge is loaded or reached.
    public var judging = Evaluation.ModelOptions()
    /// Knows the hashes of folders' files.
    public var memory = FolderMemory()

    public init() {}
  }

  public let plan: FolderPlan
  public let options: Options
  public let folder: ProjectFolder
  let store: RunStore
  /// The plan's folder; `nil` where conditions name models.
  let base: BaseFolder?
  let judge: PlanJudge?
  /// In the plan's order.
  let models: [FolderModel]
  /// Rows that are scored, a set for each data file.
  let heldOut: [HeldOutRows]
  /// By the evaluation's name.
  let questions: [String: [Question]]
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
  ///   - only: conditions to make and ask; all, unless given.
  ///   - stop: asked between the steps of the work.
  ///   - report: called from any thread.
  /// - Throws: `InputError` naming file, line and field.
  public init(
    plan: FolderPlan, options: Options, folder: ProjectFolder, store: RunStore,
    only: Set<String>? = nil, stop: StopRequest = StopRequest(),
    report: @escaping @Sendable (LabEvent) -> Void = { _ in }
  ) throws {
    (self.plan, self.options, self.folder, self.store) = (plan, options, folder, store)
    (self.stop, self.report) = (stop, report)
    base = try plan.model.map { try BaseFolder($0, plan, options.memory) }
    judge = try plan.judge.map { try PlanJudge($0, options.judging) }
    let conditions = plan.conditions.filter { only?.contains($0.name) ?? true }
    for condition in conditions { try condition.data?.requireFile() }
    models = try conditions.flatMap { condition in
      try Self.models(condition, plan, options, folder)
    }
    questions = try plan.questions(of: judge)
    heldOut = try base.map { try HeldOutRows.all(plan, conditions, $0.tokenizer, $0.summary) } ?? []
    try checkQuestions()
  }

  /// The models that a condition names, or its fine-tunes, one a seed, or the plan's folder itself.
  private static func models(
    _ condition: FolderCondition, _ plan: FolderPlan, _ options: Options, _ folder: ProjectFolder
  ) throws -> [FolderModel] {
    guard let base = plan.model else {
      let addresses = try condition.addresses()
      let isAlone = addresses.count == 1
      return addresses.enumerated().map { index, address in
        FolderModel(
          condition: condition, seed: isAlone ? 0 : UInt64(index + 1), source: .named(address))
      }
    }
    guard let data = condition.data else {
      return [FolderModel(condition: condition, seed: 0, source: .base)]
    }
    let settings = TuningSettings(condition.training, precision: options.precision)
    let places = FineTuning.Places(model: base.path, data: data.path, output: "")
    let tuning: FineTuning
    do {
      tuning = try FineTuning(
        settings, places, threads: options.threads, omitsSystemPrompt: !plan.keepsDefaultSystem,
        part: .training(heldOut: plan.heldOut), memory: options.memory)
    } catch let error as InputError {
      throw error.namingPlanKeys
    }
    return try (condition.seeds ?? plan.seeds).map { seed in
      let own = try tuning.seeded(seed) { folder.path(FolderModel.place($0)) }
      return FolderModel(condition: condition, seed: seed, source: .finetune(own))
    }
  }

  /// The address of the plan's run: its text and all that determines its numbers.
  public var fingerprint: Fingerprint {
    get throws {
      struct Address: Encodable {
        let plan: FolderPlan
        let seed: UInt64
        let precision: Precision
        let models: [Fingerprint]
        let rows: [Fingerprint]
        let questions: [String: [Question]]
        let base: Fingerprint?
        let judge: Fingerprint?
      }
      return try Fingerprint(
        of: Address(
          plan: plan, seed: options.seed, precision: options.precision,
          models: models.compactMap { try fingerprint(of: $0) },
          rows: heldOut.map(\.rows.fingerprint), questions: questions,
          base: base == nil ? nil : untouched().fingerprint, judge: judge?.weights))
    }
  }
}

/// Rows of a data file that no fine-tune of the plan is trained on.
struct HeldOutRows {
  /// As the plan writes it.
  let file: String
  let rows: TuningRows

  static func all(
    _ plan: FolderPlan, _ conditions: [FolderCondition], _ tokenizer: RowTokenizer,
    _ summary: ModelSummary
  ) throws -> [HeldOutRows] {
    var result: [HeldOutRows] = []
    for data in conditions.compactMap(\.data)
    where !result.contains(where: { $0.rows.file == data.path }) {
      let rows = try TuningRows(
        reading: data.path, with: tokenizer,
        maximumLength: summary.configuration.maximumPositionCount, tooLong: .cut,
        part: .heldOut(plan.heldOut))
      if !rows.sequences.isEmpty { result.append(HeldOutRows(file: data.written, rows: rows)) }
    }
    return result
  }
}

extension FolderExperiment {
  /// Of what is trained, and of named folders; what answers behind a server nobody outside knows.
  private func fingerprint(of model: FolderModel) throws -> Fingerprint? {
    switch model.source {
    case .base, .named(.endpoint): nil
    case .finetune(let tuning): try tuning.fingerprint
    case .named(.folder): try loaded(model)?.fingerprint
    }
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
