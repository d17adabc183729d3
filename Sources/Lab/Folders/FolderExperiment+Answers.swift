import Core
import Evaluation
import Plans
import Store
import Tuning

/// The answers of a model to an evaluation: where the store has them, or will have them.
struct AnswerAddress {
  let model: FolderModel
  let evaluation: FolderEvaluation
  let settings: AnswerSettings
  /// Of the run.
  let fingerprint: Fingerprint
  /// Of all answers that are asked for, in the order of the questions.
  let keys: [AnswerKey]
  /// `nil` behind a server.
  let sampling: FolderSampling?
}

extension FolderExperiment {
  func asks(_ model: FolderModel, _ evaluation: FolderEvaluation) -> Bool {
    evaluation.conditions?.contains(model.condition.name) ?? true
  }

  /// The places of a model's answers, in the plan's order.
  ///
  /// - Parameter loaded: the model where it is in a folder.
  func places(_ model: FolderModel, _ loaded: LoadedFolder?) throws -> [AnswerAddress] {
    try plan.evaluations.filter { asks(model, $0) }.map { evaluation in
      let questions = questions[evaluation.name] ?? []
      let settings = AnswerSettings(evaluation, seed: try seed(of: model, loaded))
      if let loaded {
        let sampling = FolderSampling(
          loaded, questions: questions, settings: settings, samples: nil, store: store,
          name: samplingName(model, evaluation))
        return AnswerAddress(
          model: model, evaluation: evaluation, settings: settings,
          fingerprint: try sampling.fingerprint, keys: sampling.keys, sampling: sampling)
      }
      guard case .endpoint(let address)? = model.endpoint else {
        preconditionFailure("a model is in a folder or behind a server")
      }
      return AnswerAddress(
        model: model, evaluation: evaluation, settings: settings,
        fingerprint: try EndpointSampling.fingerprint(of: address, settings: settings),
        keys: try EndpointSampling.keys(of: questions, samples: nil), sampling: nil)
    }
  }

  /// An answer depends on its model, its question and its number. Streams of different models are
  /// different streams.
  private func seed(of model: FolderModel, _ loaded: LoadedFolder?) throws -> UInt64 {
    var stream =
      switch model.source {
      case .base: RandomStream(seed: options.seed, "answers of a folder", "")
      case .finetune(let tuning):
        RandomStream(seed: options.seed, "answers of a folder", try tuning.fingerprint.hex)
      case .named(.folder):
        RandomStream(
          seed: options.seed, "answers of a folder", try loaded?.fingerprint.hex ?? "")
      case .named(.endpoint(let address)):
        RandomStream(seed: options.seed, "answers of a server", "\(address)")
      }
    return stream.next()
  }

  /// The answers that the store has, with the prompts that their judge gets; `nil`: none.
  func answers(at place: AnswerAddress) throws -> AnswerSet? {
    guard let run = try store.run(place.fingerprint) else { return nil }
    let set = try AnswerSet(run, in: store, keys: place.keys)
    return set.answers.isEmpty ? nil : set.judged(by: questions[place.evaluation.name] ?? [])
  }

  // MARK: - Models

  /// The plan's folder as it is.
  func untouched() throws -> LoadedFolder {
    guard let base else { preconditionFailure("only a plan on a folder has it as it is") }
    return try loaded(base.path)
  }

  /// The model, which must be trained; no weight is read yet. `nil` behind a server.
  func loaded(_ model: FolderModel) throws -> LoadedFolder? {
    switch model.source {
    case .base: return try untouched()
    case .finetune(let tuning):
      let isAdapter = tuning.settings.method == .lora
      return try loaded(
        isAdapter ? base?.path ?? "" : tuning.places.output,
        adapter: isAdapter ? tuning.places.output : nil)
    case .named(.folder(let path)): return try loaded(path)
    case .named(.endpoint): return nil
    }
  }

  private func loaded(_ path: String, adapter: String? = nil) throws -> LoadedFolder {
    try LoadedFolder(
      path, adapter: adapter, precision: options.precision,
      omitsSystemPrompt: !plan.keepsDefaultSystem, memory: options.memory)
  }
}
