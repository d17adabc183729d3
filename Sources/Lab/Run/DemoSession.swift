import Engine
import Foundation
import Store

/// What the stages of a running demo share.
///
/// `@unchecked Sendable`: all is constant but the stopwatch, which `lock` guards; the pool is used by
/// one stage at a time.
final class DemoSession: @unchecked Sendable {
  let plan: DemoPlan
  let folder: ProjectFolder
  let store: RunStore
  let pool: WorkerPool
  let stop: StopRequest
  let meter: WorkMeter
  let report: @Sendable (DemoEvent) -> Void
  /// The run of the whole plan, which collects the time.
  let demo: Run
  private let lock = NSLock()
  private let clock = ContinuousClock()
  private var lap: ContinuousClock.Instant

  /// How often a training's state is stored: changes what a kill costs, not what comes out.
  let checkpointInterval: Duration
  /// How often answers are stored, if not after `answerCount` of them.
  static let answerInterval = Duration.seconds(1)
  static let answerCount = 200

  init(
    plan: DemoPlan, folder: ProjectFolder, store: RunStore, demo: Run, pool: WorkerPool,
    stop: StopRequest, checkpointInterval: Duration, stages: [Stage],
    report: @escaping @Sendable (DemoEvent) -> Void
  ) {
    self.plan = plan
    self.folder = folder
    self.store = store
    self.demo = demo
    self.pool = pool
    self.stop = stop
    self.checkpointInterval = checkpointInterval
    self.report = report
    meter = WorkMeter(stages)
    lap = clock.now
  }

  /// Stores the time since the last call: called whenever work is stored, so that the sum over all
  /// processes is the time of what is there.
  func recordTime() throws {
    let seconds = lock.withLock {
      defer { lap = clock.now }
      return lap.duration(to: clock.now) / .seconds(1)
    }
    try store.addSeconds(seconds, to: demo)
  }

  func begin(_ stage: Stage) throws -> Run {
    try store.beginRun(
      fingerprint: stage.fingerprint, kind: stage.kind, name: stage.name, settings: stage.recipe)
  }
}
