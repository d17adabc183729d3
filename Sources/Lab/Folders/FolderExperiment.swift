import Chats
import Core
import Engine
import Formats
import Foundation
import Plans
import Questions
import Store
import Tuning

/// Runs a plan on a model folder: trains, scores and asks what its project does not hold yet, and reads
/// what came out.
///
/// Fine-tunes, scores and answers are addressed by the hash of all that determines them, so plans share
/// them. Killed at any moment, the same plan goes on where it was.
public final class FolderExperiment {
  /// What is not in the plan.
  public struct Options: Sendable {
    /// Of every draw of an answer; the seeds of the fine-tunes are the plan's.
    public var seed: UInt64 = 1
    public var precision = Precision.preferred
    public var threads = 1
    /// The most that a kill costs of a training.
    public var checkpointInterval = Duration.seconds(60)

    public init() {}
  }

  public let plan: FolderPlan
  public let options: Options
  public let folder: ProjectFolder
  let store: RunStore
  let summary: ModelSummary
  let tokenizer: RowTokenizer
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
  ///   - only: conditions to make and ask; all, unless given.
  ///   - report: called from any thread.
  /// - Throws: `InputError` naming file, line and field.
  public init(
    plan: FolderPlan, options: Options, folder: ProjectFolder, store: RunStore,
    only: Set<String>? = nil, stop: StopRequest = StopRequest(),
    report: @escaping @Sendable (LabEvent) -> Void = { _ in }
  ) throws {
    (self.plan, self.options, self.folder, self.store) = (plan, options, folder, store)
    (self.stop, self.report) = (stop, report)
    try plan.model.requireFile(isFolder: true)
    let model = ModelFolder(path: plan.model.path)
    let summary = try model.check()
    let tokenizer = try RowTokenizer(
      folder: model, omittingDefaultSystemPrompt: !plan.keepsDefaultSystem)
    (self.summary, self.tokenizer) = (summary, tokenizer)
    questions = try Self.questions(plan, tokenizer, summary)
    let conditions = plan.conditions.filter { only?.contains($0.name) ?? true }
    for condition in conditions { try condition.data?.requireFile() }
    models = try conditions.flatMap { condition in
      try Self.models(condition, plan, options, folder)
    }
    heldOut = try HeldOutRows.all(plan, conditions, tokenizer, summary)
  }

  private static func questions(
    _ plan: FolderPlan, _ tokenizer: RowTokenizer, _ summary: ModelSummary
  ) throws(InputError) -> [String: [Question]] {
    var result: [String: [Question]] = [:]
    for evaluation in plan.evaluations {
      let file = evaluation.questions
      try file.requireFile()
      var questions = try QuestionFile.read(file.path)
      for index in questions.indices {
        let own = questions[index].samplesPerParaphrase
        questions[index].samplesPerParaphrase = evaluation.samples ?? own ?? 100
      }
      do throws(InputError) {
        try AnswerSettings(evaluation, seed: 0).check(
          questions, tokenizer, positions: summary.configuration.maximumPositionCount)
      } catch {
        guard error.file == nil else { throw error }
        let advice = error.field == "--max-tokens" ? "; lower max-tokens" : ""
        throw file.failure(error.problem + advice)
      }
      result[evaluation.name] = questions
    }
    return result
  }

  /// The fine-tunes of a condition, one a seed; the folder itself where nothing is trained.
  private static func models(
    _ condition: FolderCondition, _ plan: FolderPlan, _ options: Options, _ folder: ProjectFolder
  ) throws -> [FolderModel] {
    guard let data = condition.data else {
      return [FolderModel(condition: condition, seed: 0, tuning: nil)]
    }
    let settings = TuningSettings(condition.training, precision: options.precision)
    let places = FineTuning.Places(model: plan.model.path, data: data.path, output: "")
    let tuning: FineTuning
    do {
      tuning = try FineTuning(
        settings, places, threads: options.threads, omitsSystemPrompt: !plan.keepsDefaultSystem,
        part: .training(heldOut: plan.heldOut))
    } catch let error as InputError {
      throw error.namingPlanKeys
    }
    return try (condition.seeds ?? plan.seeds).map { seed in
      let own = try tuning.seeded(seed) { folder.path(FolderModel.place($0)) }
      return FolderModel(condition: condition, seed: seed, tuning: own)
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
        let base: Fingerprint
      }
      return try Fingerprint(
        of: Address(
          plan: plan, seed: options.seed, precision: options.precision,
          models: models.compactMap { $0.tuning?.fingerprint },
          rows: heldOut.map(\.rows.fingerprint), base: untouched().fingerprint))
    }
  }
}

/// A model that a plan asks.
struct FolderModel {
  let condition: FolderCondition
  /// 0 for the folder itself.
  let seed: UInt64
  /// `nil`: the folder itself.
  let tuning: FineTuning?

  var name: String { tuning == nil ? condition.title : "\(condition.title), seed \(seed)" }

  /// Where a fine-tune is in the project.
  static func place(_ fingerprint: Fingerprint) -> String { "models/\(fingerprint.short)" }
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

extension InputError {
  /// With options of the command as the plan's keys.
  fileprivate var namingPlanKeys: InputError {
    var copy = self
    copy.problem = problem.replacingOccurrences(of: "--max-length", with: "max-length")
    return copy
  }
}
