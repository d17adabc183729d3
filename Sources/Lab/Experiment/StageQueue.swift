import Core

/// Hands out the stages of a plan, each once all that it needs is done, the first in the plan's order
/// first.
actor StageQueue {
  private let stop: StopRequest
  private var stages: [Stage]
  private var underWay = 0
  private var missing: Set<Fingerprint>
  private var failure: (any Error)?
  /// Workers that wait for a stage of another one to end.
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(_ stages: [Stage], stop: StopRequest) {
    self.stages = stages
    self.stop = stop
    missing = Set(stages.map(\.fingerprint))
  }

  /// The next stage that can be begun; waits for one; `nil` when there is none any more.
  func next() async -> Stage? {
    while failure == nil, !stages.isEmpty, !stop.isStopped {
      if let index = stages.firstIndex(where: { missing.isDisjoint(with: $0.needs) }) {
        underWay += 1
        return stages.remove(at: index)
      }
      precondition(underWay > 0, "stages wait for each other")
      await withCheckedContinuation { waiting.append($0) }
    }
    return nil
  }

  func finish(_ stage: Stage) {
    missing.remove(stage.fingerprint)
    end()
  }

  /// The first failure counts; stages under way end, no other begins.
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
    if !stages.isEmpty { throw Interrupted() }
  }
}
