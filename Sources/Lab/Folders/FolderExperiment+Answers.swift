import Core
import Evaluation
import Plans
import Store
import Tuning

/// The answers of a model to an evaluation: where the store has them, or will have them.
struct AskedCell {
  let model: FolderModel
  let evaluation: PlanEvaluation
  let answers: AnswerRun

  /// Of all answers that are asked for, in the order of the questions.
  var keys: [AnswerKey] { answers.keys }
}

extension FolderExperiment {
  func asks(_ model: FolderModel, _ evaluation: PlanEvaluation) -> Bool {
    evaluation.conditions?.contains(model.condition.name) ?? true
  }

  /// The places of a model's answers, in the plan's order.
  ///
  /// - Parameter opened: the model, of which no weight need be read.
  func places(_ model: FolderModel, _ opened: any LanguageModel) throws -> [AskedCell] {
    try plan.evaluations.filter { asks(model, $0) }.map { evaluation in
      AskedCell(
        model: model, evaluation: evaluation,
        answers: AnswerRun(
          opened, asked[evaluation.name]?.places ?? [],
          AnswerSettings(evaluation, seed: try seed(of: model, opened)), store: store,
          name: "answers of \(model.name)"))
    }
  }

  /// An answer depends on its model, its question and its number. Streams of different models are
  /// different streams.
  private func seed(of model: FolderModel, _ opened: any LanguageModel) throws -> UInt64 {
    var stream =
      switch model.source {
      case .base: RandomStream(seed: options.seed, "answers of a folder", "")
      case .named(.endpoint(let address)):
        RandomStream(seed: options.seed, "answers of a server", "\(address)")
      case .trained, .snapshot, .named(.folder):
        RandomStream(
          seed: options.seed, "answers of a folder", try fingerprint(of: model)?.hex ?? "")
      }
    return stream.next()
  }

  /// The answers that the store has, with the prompts that their judge gets; `nil`: none.
  func answers(at place: AskedCell) throws -> AnswerSet? {
    guard let run = try place.answers.stored() else { return nil }
    let set = try AnswerSet(run, in: store, keys: place.keys)
    return set.answers.isEmpty ? nil : set.judged(by: asked[place.evaluation.name]?.questions ?? [])
  }

  // MARK: - Models

  /// The plan's folder as it is.
  func untouched() throws -> LoadedFolder {
    guard let base else { preconditionFailure("only a plan on a folder has it as it is") }
    return try loaded(base.path)
  }

  /// The model, which must be trained; no weight is read yet.
  func opened(_ model: FolderModel) throws -> any LanguageModel {
    switch model.source {
    case .base: return try untouched()
    case .trained(let training):
      return try loaded(training.weights, adapter: training.adapter)
    case .snapshot(let step, let training):
      let (weights, adapter) = training.snapshot(step)
      return try loaded(weights, adapter: adapter)
    case .named(.folder(let path)): return try loaded(path)
    case .named(.endpoint(let address)): return ServedModel(address, options.asking)
    }
  }

  /// The model where it is in a folder.
  func loaded(_ model: FolderModel) throws -> LoadedFolder? { try opened(model) as? LoadedFolder }

  private func loaded(_ path: String, adapter: String? = nil) throws -> LoadedFolder {
    try LoadedFolder(
      path, adapter: adapter, precision: options.precision,
      omitsSystemPrompt: !plan.keepsDefaultSystem, memory: options.memory)
  }
}
