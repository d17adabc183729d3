import Core
import Engine
import Formats
import Foundation
import Plans
import Store
import Tuning

extension FolderExperiment {
  /// Does what is left, one model after the other.
  ///
  /// - Returns: whether there was anything to do.
  /// - Throws: `Interrupted`, `StageFailure`, `StoreError`, `InputError`, `TrainingError`.
  public func run() throws -> Bool {
    let whole = try store.beginRun(
      fingerprint: fingerprint, kind: .plan, name: plan.name, settings: plan)
    let left = try outlook().filter { $0.state != "done" }
    if left.isEmpty, whole.state == .done { return false }
    if whole.state == .done { try store.reopen(whole) }
    let clock = ContinuousClock()
    let meter = FolderMeter(left)
    let pool = WorkerPool(threadCount: options.threads)
    defer { pool.stop() }
    for model in models {
      let start = clock.now
      defer { try? store.addSeconds(start.duration(to: clock.now) / .seconds(1), to: whole) }
      try stop.check()
      try train(model, meter)
      try ask(model, meter, pool)
    }
    try store.finish(whole)
    return true
  }

  /// Trains a fine-tune that is missing or damaged.
  private func train(_ model: FolderModel, _ meter: FolderMeter) throws {
    guard let tuning = model.tuning else { return }
    let place = FolderModel.place(tuning.fingerprint)
    let run = try store.beginRun(
      fingerprint: tuning.fingerprint, kind: .finetune, name: model.name,
      settings: tuning.settings)
    if run.state == .done {
      guard let damaged = folder.damaged(try store.artifacts(of: run)) else { return }
      report(.notice("\(folder.path(damaged.path)) is missing or damaged: it is made again"))
      folder.remove(place)
      try store.reopen(run)
    }
    try clearHalf(tuning, place)
    let name = "Training \(model.name)"
    report(.began(meter.begin(name)))
    do {
      _ = try tuning.run(
        threads: options.threads, checkpointInterval: options.checkpointInterval, stop: stop
      ) { event in
        guard case .step(let step, _) = event else { return }
        report(.advanced(meter.advance(name, to: step.step + 1, loss: step.loss)))
      }
    } catch let error as TrainingError {
      throw StageFailure(stage: name, problem: error.description)
    }
    // The log has times in it: it is no part of the result.
    let artifacts = try folder.artifacts(in: place).filter { $0.role != "log.jsonl" }
    try store.finish(run, artifacts: artifacts)
    report(.finished(meter.advance(name, to: tuning.outlook.steps)))
  }

  /// Takes away what a process that was killed while it wrote the result has left. The folder's name
  /// is the training's hash: nobody else's files are there.
  private func clearHalf(_ tuning: FineTuning, _ place: String) throws {
    guard try !tuning.isFinished() else { return }
    let kept = ["checkpoint.safetensors", "log.jsonl"]
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path(place))) ?? []
    for name in names where !kept.contains(name) { folder.remove("\(place)/\(name)") }
  }

  /// Scores and asks a model; its weights are read if anything is missing.
  private func ask(_ model: FolderModel, _ meter: FolderMeter, _ pool: WorkerPool) throws {
    let loaded = try loaded(model)
    for rows in heldOut where try scores(rows, loaded) == nil {
      let name = scoringName(model, rows)
      report(.began(meter.begin(name)))
      var scores: [RowScore] = []
      try loaded.score(rows.rows, pool: pool) { some in
        scores += some
        report(.advanced(meter.advance(name, to: scores.count)))
        return !stop.isStopped
      }
      try stop.check()
      try write(scores, rows, loaded, name)
      report(.finished(meter.advance(name, to: scores.count)))
    }
    for evaluation in plan.evaluations where asks(model, evaluation) {
      let sampling = try sampling(model, evaluation, loaded)
      let name = samplingName(model, evaluation)
      report(.began(meter.begin(name)))
      let report = report
      _ = try sampling.sample(pool: pool, stop: stop) { done in
        report(.advanced(meter.advance(name, to: done)))
      }
      report(.finished(meter.advance(name, to: sampling.total)))
    }
  }

  func scoringName(_ model: FolderModel, _ rows: HeldOutRows) -> String {
    "Scoring \(rows.file) by \(model.name)"
  }

  func samplingName(_ model: FolderModel, _ evaluation: FolderEvaluation) -> String {
    "\(evaluation.title), \(model.name)"
  }

  func asks(_ model: FolderModel, _ evaluation: FolderEvaluation) -> Bool {
    evaluation.conditions?.contains(model.condition.name) ?? true
  }

  // MARK: - What is there

  /// The folder itself.
  func untouched() throws(InputError) -> LoadedFolder {
    try LoadedFolder(
      plan.model.path, adapter: nil, precision: options.precision,
      omitsSystemPrompt: !plan.keepsDefaultSystem)
  }

  /// The model, which must be trained; no weight is read yet.
  func loaded(_ model: FolderModel) throws(InputError) -> LoadedFolder {
    guard let tuning = model.tuning else { return try untouched() }
    let isAdapter = tuning.settings.method == .lora
    return try LoadedFolder(
      isAdapter ? plan.model.path : tuning.places.output,
      adapter: isAdapter ? tuning.places.output : nil, precision: options.precision,
      omitsSystemPrompt: !plan.keepsDefaultSystem)
  }

  /// An answer depends on its model, its question and its number. Streams of different models are
  /// different streams.
  func sampling(
    _ model: FolderModel, _ evaluation: FolderEvaluation, _ loaded: LoadedFolder
  ) throws -> FolderSampling {
    var stream = RandomStream(
      seed: options.seed, "answers of a folder", model.tuning?.fingerprint.hex ?? "")
    return FolderSampling(
      loaded, questions: questions[evaluation.name] ?? [],
      settings: AnswerSettings(evaluation, seed: stream.next()), samples: nil, store: store,
      name: samplingName(model, evaluation))
  }
}
