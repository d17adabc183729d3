import Foundation

/// Knows how much of an experiment's work is done and estimates how long the rest takes from the pace
/// of this process. Guarded by `lock`; several stages may be under way.
final class WorkMeter: @unchecked Sendable {
  private let lock = NSLock()
  private let total: Double
  private let count: Int
  private let clock = ContinuousClock()
  private let started: ContinuousClock.Instant
  /// Work of the stages that are done.
  private var finished = 0.0
  /// Work that this process did not have to do.
  private var inherited = 0.0
  private var begun = 0
  /// The stages under way and the work done of each.
  private var open: [Stage: (progress: StageProgress, work: Double)] = [:]

  init(_ stages: [Stage]) {
    total = max(1, stages.reduce(0) { $0 + $1.work })
    count = stages.count
    started = clock.now
  }

  /// - Parameter done: what an earlier process has done of the stage.
  func begin(_ stage: Stage, done: Int) -> StageProgress {
    lock.withLock {
      begun += 1
      inherited += share(of: stage, done)
      open[stage] = (
        StageProgress(
          stage: stage.name, number: begun, count: count, done: 0, total: stage.total, loss: nil,
          overall: 0, secondsLeft: nil), 0
      )
      return update(stage, done: done)
    }
  }

  func advance(_ stage: Stage, to done: Int, loss: Double? = nil) -> StageProgress {
    lock.withLock { update(stage, done: done, loss: loss) }
  }

  func finish(_ stage: Stage) -> StageProgress {
    lock.withLock {
      let result = update(stage, done: stage.total)
      open[stage] = nil
      finished += stage.work
      return result
    }
  }

  /// A stage that an earlier process has done altogether.
  func skip(_ stage: Stage) {
    lock.withLock {
      begun += 1
      inherited += stage.work
      finished += stage.work
    }
  }

  private func share(of stage: Stage, _ done: Int) -> Double {
    stage.work * Double(done) / Double(max(1, stage.total))
  }

  private func update(_ stage: Stage, done: Int, loss: Double? = nil) -> StageProgress {
    guard var progress = open[stage]?.progress else {
      return StageProgress(
        stage: stage.name, number: begun, count: count, done: done, total: stage.total, loss: loss,
        overall: min(1, finished / total), secondsLeft: nil)
    }
    progress.done = done
    progress.loss = loss ?? progress.loss
    open[stage] = (progress, share(of: stage, done))
    let work = open.values.reduce(finished) { $0 + $1.work }
    progress.overall = min(1, work / total)
    let seconds = started.duration(to: clock.now) / .seconds(1)
    let own = work - inherited
    progress.secondsLeft = seconds > 3 && own > 0 ? seconds * (total - work) / own : nil
    return progress
  }
}
