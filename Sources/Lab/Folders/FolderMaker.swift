import Core
import Dish
import Engine
import Formats
import Foundation
import Plans
import Store
import Tuning

/// Fine-tunes a model folder and opens what comes of it, or opens models that conditions name.
final class FolderMaker: ModelMaker {
  let plan: Plan
  let options: Experiment.Options
  let folder: ProjectFolder
  let store: RunStore
  /// Of the dish, whose corpora can be read too.
  let world: World
  /// The plan's folder; `nil` where conditions name models.
  let base: BaseFolder?
  let models: [PlannedModel]
  let cells: [PlannedAnswers]
  let heldOut: [HeldOutRows]
  /// Parents before children.
  let trainings: [FolderTraining]

  /// Checks everything that can be wrong before a weight is read: model, template, tokenizer, every row of
  /// every data file, every question.
  ///
  /// - Throws: `InputError` naming file, line and field.
  init(
    _ plan: Plan, _ options: Experiment.Options, _ world: World, _ judge: PlanJudge?,
    _ folder: ProjectFolder, _ store: RunStore, only: Set<String>?
  ) throws {
    (self.plan, self.options, self.folder, self.store) = (plan, options, folder, store)
    self.world = world
    var base: BaseFolder?
    if case .model(let place) = plan.origin { base = try BaseFolder(place, plan, options.memory) }
    self.base = base
    let outline = try FolderOutline(plan, options, folder, base: base, world: world, only: only) {
      try FolderHarvesting($0, base, plan, options, store).answers()
    }
    (models, trainings) = (outline.models, outline.trainings)
    let opening = FolderOpening(plan: plan, base: base, options: options, project: folder)
    cells = try FolderCells(plan, world, judge, opening, seed: options.seed).cells(of: models)
    let conditions = plan.conditions.filter { only?.contains($0.name) ?? true }
    heldOut =
      try base.map { try HeldOutRows.all(plan, conditions, $0, world, seed: options.seed) } ?? []
    self.opening = opening
    self.byAddress = Dictionary(
      trainings.map { ($0.fingerprint, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private let opening: FolderOpening
  private let byAddress: [Fingerprint: FolderTraining]

  var stages: [Stage] { trainings.map(\.stage) }
  var mostJobs: Int { 1 }
  var checkpointInterval: Duration { .seconds(60) }

  var address: any Encodable {
    get throws {
      Address(
        seed: options.seed, precision: options.precision,
        models: try models.compactMap { try opening.fingerprint(of: $0) },
        rows: heldOut.map(\.rows.fingerprint),
        base: try base == nil ? nil : opening.untouched().fingerprint)
    }
  }

  private struct Address: Encodable {
    let seed: UInt64
    let precision: Precision
    let models: [Fingerprint]
    let rows: [Fingerprint]
    let base: Fingerprint?
  }

  // MARK: - Opening

  func isKnown(_ model: PlannedModel) throws -> Bool {
    try model.madeBy.flatMap { byAddress[$0] }.map { try isThere($0) } ?? true
  }

  func isMade(_ model: PlannedModel) throws -> Bool { try isKnown(model) }

  func open(_ model: PlannedModel) throws -> any LanguageModel { try opening.open(model) }

  /// Of the plan's folder, as it is.
  var identity: Fingerprint? {
    get throws { try base == nil ? nil : opening.untouched().identity.identity }
  }

  // MARK: - Training

  func isDone(_ stage: Stage) throws -> Bool {
    try byAddress[stage.fingerprint].map { try isThere($0) } ?? false
  }

  private func isThere(_ training: FolderTraining) throws -> Bool {
    guard let run = try store.run(training.fingerprint), run.state == .done else { return false }
    return try damaged(run) == nil
  }

  private func damaged(_ run: Run) throws -> Artifact? {
    try folder.damaged(try store.artifacts(of: run), hashing: options.memory)
  }

  /// Trains a fine-tune that is missing or damaged.
  func make(_ stage: Stage, _ session: LabSession) async throws {
    guard let training = byAddress[stage.fingerprint] else {
      preconditionFailure("only its own stages are made")
    }
    opening.close()
    let run = try store.beginRun(
      fingerprint: training.fingerprint, kind: training.kind, name: training.name,
      settings: training.settings)
    if run.state == .done {
      guard let damaged = try damaged(run) else { return }
      session.report(
        .notice("\(folder.path(damaged.path)) is missing or damaged: it is made again"))
      folder.remove(training.place)
      try store.reopen(run)
    }
    session.report(.began(session.meter.begin(stage, done: 0)))
    if let repair = training.repair {
      try self.repair(training, repair, session)
      try store.finish(run, artifacts: try artifacts(of: training))
      session.report(.finished(session.meter.finish(stage)))
      return
    }
    if case .harvest(let harvest) = training.rows {
      let asked = try FolderHarvesting(harvest, base, plan, options, store)
      _ = try await asked.run.run(on: session.pool, stop: session.stop) { _ in }
    }
    let tuning = try training.tuning()
    try clearHalf(tuning, training.place)
    do {
      try train(tuning, training, session) { event in
        guard case .step(let step, _) = event else { return }
        session.report(
          .advanced(session.meter.advance(stage, to: step.step + 1, loss: step.loss)))
      }
    } catch {
      // The steps that went well are worth seeing: where did it begin to go wrong?
      try? keepLosses(of: tuning, run)
      guard error is ToolProblem || error is TrainingError else { throw error }
      throw StageFailure(stage: stage.name, problem: "\(error)")
    }
    try keepLosses(of: tuning, run)
    try store.finish(run, artifacts: try artifacts(of: training))
    session.report(.finished(session.meter.finish(stage)))
  }

  /// Here, or by the program that the plan names.
  private func train(
    _ tuning: FineTuning, _ training: FolderTraining, _ session: LabSession,
    onEvent: (TuningEvent) -> Void
  ) throws {
    let own = training.condition.training
    guard let tool = own.with.flatMap(TrainingTool.init) else {
      _ = try tuning.run(
        threads: options.threads, checkpointInterval: session.checkpointInterval,
        stop: session.stop, onEvent: onEvent)
      return
    }
    _ = try ToolTraining(tuning, with: tool, in: ToolEnvironment(own.environment)).run(
      threads: options.threads, stop: session.stop, onEvent: onEvent)
  }

  /// The losses so far, from the training's log.
  private func keepLosses(of tuning: FineTuning, _ run: Run) throws {
    let steps = tuning.loggedSteps()
    try store.removeSteps(of: run, from: 0)
    try store.append(
      steps: steps.map(TrainingStep.init),
      evaluations: steps.compactMap { step in
        step.evalLoss.map { EvaluationLoss(step: step.step, loss: $0) }
      }, to: run)
  }

  /// All files but the log, which has times in it: it is no part of the result.
  private func artifacts(of training: FolderTraining) throws -> [Artifact] {
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

  // MARK: - Outlook

  func outlook(_ stage: Stage) throws -> StageCost {
    guard let outlook = byAddress[stage.fingerprint]?.outlook else { return StageCost() }
    return StageCost(memoryBytes: outlook.memory.total, teraflops: outlook.flops / 1e12)
  }

  func weightBytes(_ model: PlannedModel) throws -> Int? {
    let summary =
      if case .named(.folder(let path)) = model.source {
        try options.memory.folder(at: path).check()
      } else if model.endpoint == nil { base?.summary } else { nil as ModelSummary? }
    return (summary?.parameterCount ?? 0) * (options.precision == .bf16 ? 2 : 4)
  }
}

extension TrainingStep {
  fileprivate init(_ step: TuningStep) {
    self.init(
      step: step.step, loss: step.loss, learningRate: step.lr, gradientNorm: step.gradNorm,
      tokens: step.tokens ?? 0)
  }
}
