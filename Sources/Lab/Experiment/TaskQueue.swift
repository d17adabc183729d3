import Core

/// Hands out the tasks of a plan, each once all that it needs is done, the first in the plan's order
/// first.
actor TaskQueue {
  private let stop: StopRequest
  private var tasks: [PlanTask]
  private var underWay = 0
  private var missing: Set<Fingerprint>
  private var failure: (any Error)?
  /// Workers that wait for a task of another one to end.
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(_ tasks: [PlanTask], stop: StopRequest) {
    self.tasks = tasks
    self.stop = stop
    missing = Set(tasks.flatMap(\.stages).map(\.fingerprint))
  }

  /// The next task that can be begun; waits for one; `nil` when there is none any more.
  func next() async -> PlanTask? {
    while failure == nil, !tasks.isEmpty, !stop.isStopped {
      if let index = tasks.firstIndex(where: { isReady($0) }) {
        underWay += 1
        return tasks.remove(at: index)
      }
      precondition(underWay > 0, "tasks wait for each other")
      await withCheckedContinuation { waiting.append($0) }
    }
    return nil
  }

  func finish(_ task: PlanTask) {
    for stage in task.stages { missing.remove(stage.fingerprint) }
    end()
  }

  /// The first failure counts; tasks under way end, no other begins.
  func fail(_ error: any Error) {
    if failure == nil { failure = error }
    end()
  }

  private func end() {
    underWay -= 1
    for worker in waiting { worker.resume() }
    waiting = []
  }

  /// - Throws: the first failure, or `Interrupted` when something is left.
  func check() throws {
    if let failure { throw failure }
    if !tasks.isEmpty { throw Interrupted() }
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
