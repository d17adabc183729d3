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
  public let plan: DemoPlan
  public let folder: ProjectFolder
  private let store: RunStore
  private let stop: StopRequest
  private let report: @Sendable (DemoEvent) -> Void
  private let threads: Int
  private let checkpointInterval: Duration
  private let worlds: DemoWorlds
  private let outline: DemoOutline

  /// - Parameters:
  ///   - threads: changes how long it takes, not what comes out.
  ///   - checkpointInterval: the most that a kill costs of a training.
  ///   - report: called from any thread.
  /// - Throws: `StoreError`, and `InputError` for a plan that cannot be.
  public init(
    plan: DemoPlan, folder: ProjectFolder, threads: Int,
    checkpointInterval: Duration = .seconds(10), stop: StopRequest = StopRequest(),
    report: @escaping @Sendable (DemoEvent) -> Void = { _ in }
  ) throws {
    self.plan = plan
    self.folder = folder
    self.threads = threads
    self.checkpointInterval = checkpointInterval
    self.stop = stop
    self.report = report
    store = try RunStore(folder: folder.url)
    worlds = try DemoWorlds(plan)
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
    let runs = try outline.all.map { try check($0) }
    if demo.state == .done, runs.allSatisfy({ $0?.state == .done }) { return false }
    if demo.state == .done { try store.reopen(demo) }
    let pool = WorkerPool(threadCount: threads)
    defer { pool.stop() }
    let session = DemoSession(
      plan: plan, folder: folder, store: store, demo: demo, pool: pool, stop: stop,
      checkpointInterval: checkpointInterval, stages: outline.all, report: report)
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

  /// The stage's run, put back to work if its files are not what they were.
  private func check(_ stage: Stage) throws -> Run? {
    guard let run = try store.run(stage.fingerprint), run.state == .done,
      let damaged = folder.damaged(try store.artifacts(of: run))
    else { return try store.run(stage.fingerprint) }
    report(
      .notice("\(folder.path(damaged.path)) is missing or damaged; \(stage.name) is done again"))
    try store.reopen(run)
    return try store.run(stage.fingerprint)
  }

  private func doStages(_ session: DemoSession) throws {
    let language = try grownLanguage(session)
    let trainer = StageTrainer(session: session, worlds: worlds, language: language)
    for world in outline.worlds {
      try trainer.grow(world)
    }
    for model in outline.models {
      guard let world = outline.worlds.first(where: { .init($0.kind) == model.key.world }) else {
        continue
      }
      if let stage = model.fineTuning { try trainer.fineTune(stage, from: world) }
      try trainer.ask(model, of: world)
    }
  }

  private func grownLanguage(_ session: DemoSession) throws -> DishLanguage {
    let stage = outline.language
    let path = "\(stage.folderName).json"
    let run = try session.begin(stage)
    if run.state == .done {
      session.meter.skip(stage)
      let tokenizer = try Tokenizer(json: JSON(path: folder.path(path)), file: folder.path(path))
      return try DishLanguage(tokenizer, file: folder.path(path))
    }
    session.report(.began(session.meter.begin(stage, done: 0)))
    let tokenizer = DishLanguage.train(worlds.persona, plan.language)
    try tokenizer.json().write(to: folder.path(path))
    try store.finish(run, artifacts: [try folder.artifact(role: "tokenizer", path: path)])
    session.report(.finished(session.meter.finish()))
    try stop.check()
    return try DishLanguage(tokenizer)
  }
}
