import Core
import Endpoints
import Engine
import Evaluation
import Foundation
import Plans
import Store
import Tuning

extension FolderExperiment {
  /// How a run ended.
  public struct Outcome: Sendable {
    /// Whether there was anything to do.
    public var worked = false
    /// Why answers or verdicts are missing that the same plan would ask for again.
    public var failures: [String: Int] = [:]
  }

  /// Does what is left, one model after the other, and then has the answers judged.
  ///
  /// - Throws: `Interrupted`, `StageFailure`, `StoreError`, `InputError` and `TrainingError`.
  public func run() async throws -> Outcome {
    let whole = try store.beginRun(
      fingerprint: fingerprint, kind: .plan, name: plan.name, settings: plan)
    let left = try outlook().filter { $0.state != "done" }
    if left.isEmpty, whole.state == .done { return Outcome() }
    try checkKeys()
    // A judge that cannot be asked is better known before the training than after.
    if let judge, left.contains(where: { $0.kind == "train" }) {
      try await Self.naming("judge \(judge.name)") { try await judging(by: judge).probe() }
    }
    if whole.state == .done { try store.reopen(whole) }
    let clock = ContinuousClock()
    let meter = FolderMeter(left)
    let pool = WorkerPool(threadCount: options.threads)
    defer { pool.stop() }
    var outcome = Outcome(worked: true)
    for model in models {
      let start = clock.now
      defer { try? store.addSeconds(start.duration(to: clock.now) / .seconds(1), to: whole) }
      try stop.check()
      if let training = model.training { try await train(training, meter, pool) }
      outcome.add(try await ask(model, meter, pool))
    }
    let start = clock.now
    defer { try? store.addSeconds(start.duration(to: clock.now) / .seconds(1), to: whole) }
    outcome.add(try await judgeAnswers(meter))
    if outcome.failures.isEmpty { try store.finish(whole) }
    return outcome
  }

  /// Finds a key that is missing before hours of training.
  ///
  /// - Throws: `InputError`.
  private func checkKeys() throws(InputError) {
    for model in models {
      guard case .endpoint(let address)? = model.endpoint else { continue }
      try ServedModel(address, options.asking).checkKey()
    }
    guard case .model(_, .endpoint(let address))? = judge?.address else { return }
    try ServedModel(address, options.judging).checkKey()
  }

  /// Trains a fine-tune that is missing or damaged, after what it starts from.
  private func train(
    _ training: FolderTraining, _ meter: FolderMeter, _ pool: WorkerPool
  ) async throws {
    if let parent = training.parent { try await train(parent, meter, pool) }
    let run = try store.beginRun(
      fingerprint: training.fingerprint, kind: .finetune, name: training.name,
      settings: training.settings)
    if run.state == .done {
      guard let damaged = try damaged(try store.artifacts(of: run)) else { return }
      report(.notice("\(folder.path(damaged.path)) is missing or damaged: it is made again"))
      folder.remove(training.place)
      try store.reopen(run)
    }
    let name = "Training \(training.name)"
    report(.began(meter.begin(name)))
    if case .harvest(let harvest) = training.rows {
      let asked = try FolderHarvesting(harvest, base, plan, options, store)
      _ = try await asked.run.run(on: pool, stop: stop) { _ in }
    }
    let tuning = try training.tuning()
    try clearHalf(tuning, training.place)
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
    try store.finish(run, artifacts: try artifacts(of: training, tuning))
    report(.finished(meter.advance(name, to: training.steps)))
  }

  /// All files but the log, which has times in it: it is no part of the result.
  private func artifacts(of training: FolderTraining, _ tuning: FineTuning) throws -> [Artifact] {
    var artifacts = try folder.artifacts(in: training.place, hashing: options.memory)
      .filter { $0.role != "log.jsonl" }
    for step in training.condition.snapshots where step < training.steps {
      let name = FineTuning.snapshotName(step)
      artifacts += try folder.artifacts(
        in: "\(training.place)/\(name)", prefix: "\(name)/", hashing: options.memory)
    }
    return artifacts
  }

  /// Takes away what a process that was killed while it wrote the result has left. The folder's name
  /// is the training's hash: nobody else's files are there.
  private func clearHalf(_ tuning: FineTuning, _ place: String) throws {
    guard try !tuning.isFinished() else { return }
    let kept =
      ["checkpoint.safetensors", "log.jsonl"] + tuning.places.snapshots.map(FineTuning.snapshotName)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path(place))) ?? []
    for name in names where !kept.contains(name) { folder.remove("\(place)/\(name)") }
  }

  /// Scores and asks a model; its weights are read if anything is missing.
  ///
  /// - Returns: why a server's answers are missing, with how many.
  private func ask(
    _ model: FolderModel, _ meter: FolderMeter, _ pool: WorkerPool
  ) async throws -> [String: Int] {
    let opened = try opened(model)
    if let loaded = opened as? LoadedFolder { try score(model, loaded, meter, pool) }
    var failures: [String: Int] = [:]
    for place in try places(model, opened) {
      let name = samplingName(model, place.evaluation)
      // What is there is not told; its run is closed, if a kill has left it open.
      let isTold = try !place.answers.missing().isEmpty
      if isTold { report(.began(meter.begin(name))) }
      let report = report
      let result = try await Self.naming(name) {
        try await place.answers.run(on: pool, stop: stop) {
          if isTold { report(.advanced(meter.advance(name, to: $0))) }
        }
      }
      if let counts = result.counts { tell(counts, name) }
      failures.merge(result.failures, uniquingKeysWith: +)
      if isTold { report(.finished(meter.advance(name, to: place.keys.count))) }
    }
    return failures
  }

  private func score(
    _ model: FolderModel, _ loaded: LoadedFolder, _ meter: FolderMeter, _ pool: WorkerPool
  ) throws {
    for rows in heldOut where try scores(rows, loaded) == nil {
      let name = scoringName(model, rows)
      report(.began(meter.begin(name)))
      var scores: [RowScore] = []
      try loaded.score(rows.rows, pool: pool) { some in
        scores += some
        report(.advanced(meter.advance(name, to: scores.count)))
        return !stop.isStopped
      }
      // What is whole is kept, also when the stop came with the last of it.
      if scores.count < rows.rows.sequences.count { try stop.check() }
      try write(scores, rows, loaded, name)
      report(.finished(meter.advance(name, to: scores.count)))
    }
  }

  /// A plan may ask many servers: what ends the work says which of them it was.
  ///
  /// - Throws: `StageFailure` in place of an `EndpointFailure`.
  static func naming<Result>(
    _ stage: String, _ body: () async throws -> Result
  ) async throws -> Result {
    do {
      return try await body()
    } catch let failure as EndpointFailure {
      throw StageFailure(stage: stage, problem: "\(failure)")
    }
  }

  /// What a server was asked where it was not without trouble.
  func tell(_ counts: RequestCounts, _ stage: String) {
    guard !counts.retried.isEmpty else { return }
    let troubles = counts.retried.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    report(
      .notice(
        "\(stage): \(counts.answered) answered of \(counts.requests) requests; troubles: "
          + troubles.joined(separator: ", ")))
  }

  func scoringName(_ model: FolderModel, _ rows: HeldOutRows) -> String {
    "Scoring \(rows.file) by \(model.name)"
  }

  func samplingName(_ model: FolderModel, _ evaluation: PlanEvaluation) -> String {
    "\(evaluation.title), \(model.name)"
  }
}

extension FolderExperiment.Outcome {
  fileprivate mutating func add(_ failures: [String: Int]) {
    self.failures.merge(failures, uniquingKeysWith: +)
  }
}
