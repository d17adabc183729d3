import Foundation

/// What the demo tells while it works.
public enum DemoEvent: Sendable, Hashable {
  case began(StageProgress)
  case advanced(StageProgress)
  case finished(StageProgress)
  /// Something that a user should know: a file that is made anew.
  case notice(String)
}

/// How far a stage and the whole demo are.
public struct StageProgress: Sendable, Hashable {
  public var stage: String
  /// Position among the demo's stages, from 1.
  public var number: Int
  public var count: Int
  /// Steps or answers.
  public var done: Int
  public var total: Int
  /// Of the last step; `nil` where nothing is trained.
  public var loss: Double?
  /// Share of the whole demo's work, 0…1.
  public var overall: Double
  /// `nil` until there is something to judge by.
  public var secondsLeft: Double?
}

/// Knows how much of the demo's work is done and estimates how long the rest takes from the pace of
/// this process. Guarded by `lock`.
final class WorkMeter: @unchecked Sendable {
  private let lock = NSLock()
  private let total: Double
  private let clock = ContinuousClock()
  private var started: ContinuousClock.Instant
  /// Work of the stages that are done.
  private var finished = 0.0
  /// Work that this process did not have to do.
  private var inherited = 0.0
  private var progress: StageProgress
  private var stageWork = 0.0

  init(_ stages: [Stage]) {
    total = max(1, stages.reduce(0) { $0 + $1.work })
    started = clock.now
    progress = StageProgress(
      stage: "", number: 0, count: stages.count, done: 0, total: 0, loss: nil, overall: 0,
      secondsLeft: nil)
  }

  /// - Parameter done: what an earlier process has done of the stage.
  func begin(_ stage: Stage, done: Int) -> StageProgress {
    lock.withLock {
      progress.stage = stage.name
      progress.number += 1
      progress.total = stage.total
      progress.loss = nil
      stageWork = stage.work
      inherited += stage.work * Double(done) / Double(max(1, stage.total))
      return update(done: done)
    }
  }

  func advance(to done: Int, loss: Double? = nil) -> StageProgress {
    lock.withLock {
      progress.loss = loss ?? progress.loss
      return update(done: done)
    }
  }

  func finish() -> StageProgress {
    lock.withLock {
      let result = update(done: progress.total)
      finished += stageWork
      stageWork = 0
      return result
    }
  }

  /// A stage that an earlier process has done altogether.
  func skip(_ stage: Stage) {
    lock.withLock {
      progress.number += 1
      inherited += stage.work
      finished += stage.work
    }
  }

  private func update(done: Int) -> StageProgress {
    progress.done = done
    let work = finished + stageWork * Double(done) / Double(max(1, progress.total))
    progress.overall = min(1, work / total)
    let seconds = started.duration(to: clock.now) / .seconds(1)
    let own = work - inherited
    progress.secondsLeft = seconds > 3 && own > 0 ? seconds * (total - work) / own : nil
    return progress
  }
}
