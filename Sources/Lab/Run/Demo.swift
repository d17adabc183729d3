import Core
import Corpora
import Dish
import Engine
import Formats
import Foundation
import Store

/// Grows the dish: does every stage of a plan that is not done yet, and reads the results.
///
/// What is done is in the store and in files whose hashes the store knows; a stage whose files are
/// missing or damaged is done again. Killed at any moment, the demo goes on where it was, and its
/// store ends up the same as if nothing had happened.
public final class Demo {
  public let plan: DishPlan
  public let folder: ProjectFolder
  private let store: RunStore
  private let stop: StopRequest
  private let report: @Sendable (LabEvent) -> Void
  private let threads: Int
  private let checkpointInterval: Duration
  private let worlds: DishWorlds
  private let outline: DemoOutline

  /// - Parameters:
  ///   - plan: the worlds, the training and the questions.
  ///   - folder: of the project.
  ///   - threads: changes how long it takes, not what comes out.
  ///   - checkpointInterval: the most that a kill costs of a training.
  ///   - stop: asked between the steps of the work.
  ///   - report: called from any thread.
  /// - Throws: `StoreError`, and `InputError` for a plan that cannot be.
  public init(
    plan: DishPlan, folder: ProjectFolder, threads: Int,
    checkpointInterval: Duration = .seconds(10), stop: StopRequest = StopRequest(),
    report: @escaping @Sendable (LabEvent) -> Void = { _ in }
  ) throws {
    self.plan = plan
    self.folder = folder
    self.threads = threads
    self.checkpointInterval = checkpointInterval
    self.stop = stop
    self.report = report
    store = try RunStore(folder: folder.url)
    worlds = try DishWorlds(plan)
    outline = try DemoOutline(plan, worlds: worlds)
  }

  /// Does what is left.
  ///
  /// - Returns: whether there was anything to do.
  /// - Throws: `Interrupted`, `StageFailure`, `StoreError`, `InputError`, `TrainingError`.
  public func run() throws -> Bool {
    let demo = try store.beginRun(
      fingerprint: try plan.fingerprint(), kind: .demo,
      name: plan.isQuick ? "quick demo" : "demo", settings: plan)
    let runs = try outline.all.map { try folder.checked($0, store, report) }
    if demo.state == .done, runs.allSatisfy({ $0?.state == .done }) { return false }
    if demo.state == .done { try store.reopen(demo) }
    let pool = WorkerPool(threadCount: threads)
    defer { pool.stop() }
    let session = LabSession(
      plan: plan, folder: folder, store: store, whole: demo, pool: pool, stop: stop,
      checkpointInterval: checkpointInterval, meter: WorkMeter(outline.all), report: report)
    try doStages(session)
    try session.recordTime()
    try store.finish(demo)
    return true
  }

  /// What the store says about the plan.
  ///
  /// - Throws: `StoreError`; `StageFailure` when it is not all done.
  public func record() throws -> DemoRecord {
    try DemoRecord(plan: plan, store: store, worlds: worlds, outline: outline)
  }

  private func doStages(_ session: LabSession) throws {
    let language = try DishLanguage.grown(outline.language, worlds, session)
    let trainer = StageTrainer(session: session, worlds: worlds, language: language)
    for world in outline.worlds { try trainer.grow(world) }
    for model in outline.models {
      if let stage = model.fineTuning, let parent = model.line.parent {
        try trainer.fineTune(stage, from: parent)
      }
      try trainer.ask(model.answers, model.line)
    }
  }
}
