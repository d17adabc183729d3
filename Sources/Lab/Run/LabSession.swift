import Core
import Engine
import Foundation
import Store

/// What the stages of a running experiment share.
///
/// `@unchecked Sendable`: all is constant but the stopwatch, which `lock` guards; the pool is used by
/// one stage at a time.
final class LabSession: @unchecked Sendable {
  let plan: DishPlan
  let folder: ProjectFolder
  let store: RunStore
  let pool: WorkerPool
  let stop: StopRequest
  let meter: WorkMeter
  let report: @Sendable (LabEvent) -> Void
  /// The run of the whole plan, which collects the time.
  let whole: Run
  /// Of sessions that work side by side, one counts the time.
  var recordsTime = true
  private let lock = NSLock()
  private let clock = ContinuousClock()
  private var lap: ContinuousClock.Instant

  /// How often a training's state is stored: changes what a kill costs, not what comes out.
  let checkpointInterval: Duration
  /// How often answers are stored, if not after `answerCount` of them.
  static let answerInterval = Duration.seconds(1)
  static let answerCount = 200

  init(
    plan: DishPlan, folder: ProjectFolder, store: RunStore, whole: Run, pool: WorkerPool,
    stop: StopRequest, checkpointInterval: Duration, meter: WorkMeter,
    report: @escaping @Sendable (LabEvent) -> Void
  ) {
    self.plan = plan
    self.folder = folder
    self.store = store
    self.whole = whole
    self.pool = pool
    self.stop = stop
    self.checkpointInterval = checkpointInterval
    self.report = report
    self.meter = meter
    lap = clock.now
  }

  /// Stores the time since the last call: called whenever work is stored, so that the sum over all
  /// processes is the time of what is there.
  func recordTime() throws {
    let seconds = lock.withLock {
      defer { lap = clock.now }
      return lap.duration(to: clock.now) / .seconds(1)
    }
    if recordsTime { try store.addSeconds(seconds, to: whole) }
  }

  func begin(_ stage: Stage) throws -> Run {
    try store.beginRun(
      fingerprint: stage.fingerprint, kind: stage.kind, name: stage.name, settings: stage.recipe)
  }
}
