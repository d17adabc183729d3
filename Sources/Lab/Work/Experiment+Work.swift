import Core
import Engine
import Evaluation
import Foundation
import Plans
import Scheduling
import Store

extension Experiment {
  /// All that the plan does, the judge's reading included, each after what it needs.
  package var work: [Stage] { get throws { try stages + judgingStages().map(\.stage) } }

  /// Whether the store has all of it, and its files are as they were written.
  package func isDone(_ stage: Stage) throws -> Bool { try state(of: stage) == .done }

  /// Does one stage, and nothing else of the plan.
  ///
  /// - Returns: why answers or verdicts are missing, with how many.
  /// - Throws: as `run()` does.
  package func perform(_ stage: Stage) async throws -> [String: Int] {
    let whole = try store.beginRun(
      fingerprint: fingerprint, kind: .plan, name: plan.name, settings: plan)
    try store.enter([
      StoredStage(
        fingerprint: stage.fingerprint, kind: stage.kind, name: stage.name, needs: stage.needs,
        total: stage.total, state: .waiting)
    ])
    let pool = WorkerPool(threadCount: options.threads)
    defer { pool.stop() }
    let session = LabSession(
      folder, store, whole, pool, WorkMeter([stage]), stop: stop,
      checkpointInterval: options.checkpointInterval ?? maker.checkpointInterval,
      recordsTime: false, report: report)
    guard let judging = try judgingStages().first(where: { $0.stage == stage }) else {
      var failures: [String: Int] = [:]
      try await session.perform(stage) {
        failures = try await carryOut(stage, session)
        return failures.isEmpty
      }
      return failures
    }
    let outcomes = try await judgeAnswers([judging], session)
    if outcomes.isEmpty { try store.mark(stage.fingerprint, .done) }
    return outcomes.reduce(into: [:]) { $0.merge($1.failures, uniquingKeysWith: +) }
  }

  /// - Returns: why answers of a server are missing, with how many.
  func carryOut(_ stage: Stage, _ session: LabSession) async throws -> [String: Int] {
    if let cell = cells[stage.fingerprint] { return try await asking(cell).ask(session) }
    if let scores = scorings[stage.fingerprint] {
      return try await scores.score(maker.open(scores.model), session)
    }
    if let own = examinations[stage.fingerprint] {
      try await own.run(in: self, session)
    } else {
      try await maker.make(stage, session)
    }
    return [:]
  }
}

extension Stage {
  package var task: StageTask {
    StageTask(fingerprint, kind: kind.rawValue, name: name, needs: needs, total: total)
  }
}

extension Sequence<Stage> {
  /// The stages that some of them need, and what those need.
  package func needed(by stages: [Stage]) -> [Stage] {
    let all = Dictionary(map { ($0.fingerprint, $0) }) { first, _ in first }
    var known: Set<Fingerprint> = []
    var open = stages.flatMap(\.needs)
    while let next = open.popLast() {
      if known.insert(next).inserted { open += all[next]?.needs ?? [] }
    }
    return filter { known.contains($0.fingerprint) }
  }
}
