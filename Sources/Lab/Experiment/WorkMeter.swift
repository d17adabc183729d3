import Core
import Foundation

/// Knows how much of an experiment's work is done and estimates how long the rest takes from the pace
/// of this process. Guarded by `lock`; several stages may be under way.
///
/// Where nobody knows beforehand what a stage costs, every stage counts the same, and the time left is told
/// in the last of them alone.
final class WorkMeter: @unchecked Sendable {
  private let lock = NSLock()
  private let total: Double
  private let count: Int
  private let isPriced: Bool
  private let clock = ContinuousClock()
  private let started: ContinuousClock.Instant
  /// Work of the stages that are done.
  private var finished = 0.0
  /// Work that this process did not have to do.
  private var inherited = 0.0
  private var begun = 0
  /// The stages under way.
  private var open: [Fingerprint: Open] = [:]

  private struct Open {
    var progress: StageProgress
    /// Work done of it.
    var work = 0.0
    /// When this process began it, and what was done then.
    let began: ContinuousClock.Instant
    let inherited: Int
  }

  init(_ stages: [Stage]) {
    isPriced = stages.allSatisfy { $0.unitCost != nil }
    let isPriced = isPriced
    total = max(1, stages.reduce(0) { $0 + (isPriced ? $1.work ?? 1 : 1) })
    count = stages.count
    started = clock.now
  }

  /// - Parameter done: what an earlier process has done of the stage.
  func begin(_ stage: Stage, done: Int) -> StageProgress {
    lock.withLock {
      begun += 1
      inherited += share(of: stage, done)
      open[stage.fingerprint] = Open(
        progress: StageProgress(
          stage: stage.name, number: begun, count: count, done: 0, total: stage.total, loss: nil,
          overall: 0, secondsLeft: nil), began: clock.now, inherited: done)
      return update(stage, done: done)
    }
  }

  func advance(_ stage: Stage, to done: Int, loss: Double? = nil) -> StageProgress {
    lock.withLock { update(stage, done: done, loss: loss) }
  }

  func finish(_ stage: Stage) -> StageProgress {
    lock.withLock {
      let result = update(stage, done: stage.total)
      if open.removeValue(forKey: stage.fingerprint) != nil { finished += work(of: stage) }
      return result
    }
  }

  /// A stage that an earlier process has done altogether.
  func skip(_ stage: Stage) {
    lock.withLock {
      begun += 1
      inherited += work(of: stage)
      finished += work(of: stage)
    }
  }

  private func work(of stage: Stage) -> Double { isPriced ? stage.work ?? 1 : 1 }

  private func share(of stage: Stage, _ done: Int) -> Double {
    work(of: stage) * Double(done) / Double(max(1, stage.total))
  }

  private func update(_ stage: Stage, done: Int, loss: Double? = nil) -> StageProgress {
    guard var own = open[stage.fingerprint] else {
      return StageProgress(
        stage: stage.name, number: begun, count: count, done: done, total: stage.total, loss: loss,
        overall: min(1, finished / total), secondsLeft: nil)
    }
    own.progress.done = done
    own.progress.loss = loss ?? own.progress.loss
    own.work = share(of: stage, done)
    open[stage.fingerprint] = own
    let work = open.values.reduce(finished) { $0 + $1.work }
    own.progress.overall = min(1, work / total)
    own.progress.secondsLeft = isPriced ? secondsLeft(work) : secondsLeft(own)
    return own.progress
  }

  private func secondsLeft(_ work: Double) -> Double? {
    let seconds = started.duration(to: clock.now) / .seconds(1)
    let own = work - inherited
    return seconds > 3 && own > 0 ? seconds * (total - work) / own : nil
  }

  private func secondsLeft(_ own: Open) -> Double? {
    let done = own.progress.done - own.inherited
    guard begun == count, open.count == 1, done > 0 else { return nil }
    let each = own.began.duration(to: clock.now) / .seconds(1) / Double(done)
    return each * Double(max(0, own.progress.total - own.progress.done))
  }
}
