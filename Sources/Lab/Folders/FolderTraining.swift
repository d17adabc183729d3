import Core
import Corpora
import Dish
import Engine
import Foundation
import Plans
import Store
import Tuning

/// A fine-tune of a plan on a model folder: known by all that decides it before anything is done, and
/// prepared when what it starts from is there.
final class FolderTraining {
  /// What it is trained on.
  enum Rows {
    /// All rows of a file but those that are held out, as `askew train` goes through them.
    case file(PlanPath)
    /// Rows that are drawn, in their order.
    case drawn(FineTuningSet)
    /// What another model answered, with a share of the dish's own rows between.
    case harvest(FolderHarvest)
    /// Nothing: its weights are computed from other models'.
    case weights(FolderRepair)
  }

  let condition: PlanCondition
  let seed: UInt64
  /// For people.
  let name: String
  let settings: TuningSettings
  let rows: Rows
  /// What it starts from; `nil`: the plan's folder as it is.
  let parent: FolderTraining?
  let fingerprint: Fingerprint
  /// Whether it can be prepared before anything is trained; then it is known by its content.
  private let prepared: FineTuning?
  private let base: String
  private let project: ProjectFolder
  private let prepare: (FolderTraining) throws -> FineTuning
  private var cached: FineTuning?

  init(
    _ condition: PlanCondition, seed: UInt64, name: String, settings: TuningSettings, rows: Rows,
    parent: FolderTraining?, fingerprint: Fingerprint, prepared: FineTuning?, base: String,
    project: ProjectFolder, prepare: @escaping (FolderTraining) throws -> FineTuning
  ) {
    (self.condition, self.seed, self.name) = (condition, seed, name)
    (self.settings, self.rows, self.parent) = (settings, rows, parent)
    (self.fingerprint, self.prepared) = (fingerprint, prepared)
    (self.base, self.project, self.prepare) = (base, project, prepare)
  }

  /// Within the project.
  var place: String { Self.place(fingerprint) }
  static func place(_ fingerprint: Fingerprint) -> String { "models/\(fingerprint.short)" }
  var output: String { project.path(place) }

  /// Where its weights are: of an adapter those that it is on.
  var weights: String { settings.method == .full ? output : parent?.weights ?? base }
  var adapter: String? { settings.method == .lora ? output : nil }

  /// After some of its steps.
  func snapshot(_ step: Int) -> (weights: String, adapter: String?) {
    let folder = "\(output)/\(FineTuning.snapshotName(step))"
    return settings.method == .full ? (folder, nil) : (weights, folder)
  }

  /// How its weights are computed, where nothing is trained.
  var repair: FolderRepair? { if case .weights(let repair) = rows { repair } else { nil } }

  /// - Throws: `InputError`, where what it starts from is not there yet or not as it should be.
  func tuning() throws -> FineTuning {
    if let tuning = prepared ?? cached { return tuning }
    let tuning = try prepare(self)
    cached = tuning
    return tuning
  }

  /// What is known before anything is trained.
  var outlook: TuningOutlook? { (prepared ?? cached)?.outlook }
  var kind: RunKind { repair == nil ? .finetune : .repair }
  var stage: Stage {
    let needed = [parent].compactMap { $0 } + (repair?.others ?? [])
    return Stage(
      kind, repair == nil ? "Training \(name)" : "Repair \(name)", fingerprint,
      needs: needed.map(\.fingerprint), total: max(1, steps))
  }

  /// Steps that it takes.
  var steps: Int { outlook?.steps ?? settings.steps ?? 0 }
}

/// How a model's weights are computed from those of others.
struct FolderRepair {
  let settings: RepairSettings
  /// Besides what it starts from.
  let others: [FolderTraining]
}

/// Answers of a model that the next one is trained on.
struct FolderHarvest {
  /// Whose answers; `nil`: of the plan's folder as it is.
  let model: FolderTraining?
  let asked: [AskedPlace]
  let settings: AnswerSettings
  /// Rows of the dish, one for each answer.
  let fresh: FineTuningSet
  let freshShare: Double
  let seed: UInt64

  /// The rows to train on: answers in shuffled rounds, with fresh rows between.
  func rows(_ answers: [StoredAnswer], count: Int) -> [Conversation] {
    var stream = RandomStream(seed: seed, "answers")
    let usable = answers.filter { !$0.text.isEmpty }
    var order: [Int] = []
    while !usable.isEmpty, order.count < count { order += stream.shuffled(Array(usable.indices)) }
    return (0..<count).map { row in
      if usable.isEmpty || stream.uniform() < freshShare { return fresh.rows[row] }
      let answer = usable[order[row]]
      return Conversation(user: answer.prompt, answer: answer.text)
    }
  }
}
