import Core
import Engine
import Plans
import Store
import Tuning

/// Asks a model for the answers that the next one is trained on.
struct FolderHarvesting {
  private let harvest: FolderHarvest
  private let model: LoadedFolder
  private let store: RunStore

  /// - Throws: `InputError`, where the model is not there yet or not as it should be.
  init(
    _ harvest: FolderHarvest, _ base: BaseFolder?, _ plan: Plan,
    _ options: Experiment.Options, _ store: RunStore
  ) throws {
    (self.harvest, self.store) = (harvest, store)
    model = try LoadedFolder(
      harvest.model?.weights ?? base?.path ?? "", adapter: harvest.model?.adapter,
      precision: options.precision, omitsSystemPrompt: !plan.keepsDefaultSystem,
      memory: options.memory)
  }

  var run: AnswerRun {
    AnswerRun(model, harvest.asked, harvest.settings, store: store, name: "answers to train on")
  }

  /// Those that the store has, in the order of what was asked.
  func answers() throws -> [StoredAnswer] {
    guard let stored = try run.stored() else { return [] }
    let byKey = Dictionary(try store.answers(of: stored).map { ($0.key, $0) }) { first, _ in first }
    return harvest.asked.compactMap { byKey[$0.key] }
  }
}
