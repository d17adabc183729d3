import Core
import Foundation

/// Hands out the tasks of a plan, each once all that it needs is done, the first in the plan's order
/// first. Guarded by `condition`.
final class TaskQueue: @unchecked Sendable {
  private let condition = NSCondition()
  private let stop: StopRequest
  private var waiting: [PlanTask]
  private var underWay = 0
  private var missing: Set<Fingerprint>
  private var failure: (any Error)?

  init(_ tasks: [PlanTask], stop: StopRequest) {
    waiting = tasks
    self.stop = stop
    missing = Set(tasks.flatMap(\.stages).map(\.fingerprint))
  }

  /// The next task that can be begun; waits for one; `nil` when there is none any more.
  func next() -> PlanTask? {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if failure != nil || waiting.isEmpty { return nil }
      if stop.isStopped { return nil }
      if let index = waiting.firstIndex(where: { isReady($0) }) {
        underWay += 1
        return waiting.remove(at: index)
      }
      precondition(underWay > 0, "tasks wait for each other")
      condition.wait()
    }
  }

  func finish(_ task: PlanTask) {
    condition.lock()
    for stage in task.stages { missing.remove(stage.fingerprint) }
    underWay -= 1
    condition.broadcast()
    condition.unlock()
  }

  /// The first failure counts; tasks under way end, no other begins.
  func fail(_ error: any Error) {
    condition.lock()
    if failure == nil { failure = error }
    underWay -= 1
    condition.broadcast()
    condition.unlock()
  }

  /// - Throws: the first failure, or `Interrupted` when something is left.
  func check() throws {
    condition.lock()
    defer { condition.unlock() }
    if let failure { throw failure }
    if !waiting.isEmpty { throw Interrupted() }
  }

  private func isReady(_ task: PlanTask) -> Bool {
    let own = Set(task.stages.map(\.fingerprint))
    return task.stages.allSatisfy { stage in
      let recipe = stage.recipe
      let needed = [recipe.parent, recipe.language, recipe.answersOf].compactMap { $0 }
      return needed.allSatisfy { own.contains($0) || !missing.contains($0) }
    }
  }
}
