import Core
import Engine
import Foundation
import Store

/// What the stages of a running experiment share.
///
/// `@unchecked Sendable`: all is constant but the stopwatch, which `lock` guards; the pool is used by
/// one stage at a time.
final class LabSession: @unchecked Sendable {
  let folder: ProjectFolder
  let store: RunStore
  let pool: WorkerPool
  let stop: StopRequest
  let meter: WorkMeter
  let report: @Sendable (LabEvent) -> Void
  /// The run of the whole plan, which collects the time.
  let whole: Run
  /// Of sessions that work side by side, one counts the plan's time.
  let recordsTime: Bool
  /// How often a training's state is stored: changes what a kill costs, not what comes out.
  let checkpointInterval: Duration
  private let lock = NSLock()
  private let clock = ContinuousClock()
  private var lap: ContinuousClock.Instant
  private var stage: Stage?

  init(
    _ folder: ProjectFolder, _ store: RunStore, _ whole: Run, _ pool: WorkerPool,
    _ meter: WorkMeter, stop: StopRequest, checkpointInterval: Duration, recordsTime: Bool,
    report: @escaping @Sendable (LabEvent) -> Void
  ) {
    (self.folder, self.store, self.whole, self.pool) = (folder, store, whole, pool)
    (self.meter, self.stop, self.report) = (meter, stop, report)
    (self.checkpointInterval, self.recordsTime) = (checkpointInterval, recordsTime)
    lap = clock.now
  }

  /// Does a stage and keeps the books: what is under way, what is done, how long it took.
  ///
  /// - Parameter body: returns whether the stage is done.
  func perform(_ stage: Stage, _ body: () async throws -> Bool) async throws {
    try recordTime()
    lock.withLock { self.stage = stage }
    try store.mark(stage.fingerprint, .running)
    defer { lock.withLock { self.stage = nil } }
    do {
      let isDone = try await body()
      try recordTime()
      if isDone { try store.mark(stage.fingerprint, .done) }
    } catch {
      // What went wrong first is what is told, also where the store cannot be written either.
      try? recordTime()
      throw error
    }
  }

  /// Stores the time since the last call: called whenever work is stored, so that the sum over all
  /// processes is the time of what is there.
  func recordTime() throws {
    let (seconds, stage) = lock.withLock {
      defer { lap = clock.now }
      return (lap.duration(to: clock.now) / .seconds(1), self.stage)
    }
    if recordsTime { try store.addSeconds(seconds, to: whole) }
    if let stage { try store.addSeconds(seconds, toStage: stage.fingerprint) }
  }

  func begin(_ stage: DishStage) throws -> Run {
    try store.beginRun(
      fingerprint: stage.fingerprint, kind: stage.kind, name: stage.name, settings: stage.recipe)
  }
}
