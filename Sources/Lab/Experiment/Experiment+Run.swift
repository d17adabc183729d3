import Core
import Engine
import Evaluation
import Foundation
import Plans
import Store
import Tuning

extension Experiment {
  /// How a run ended.
  package struct Outcome: Sendable {
    /// Whether there was anything to do.
    package var worked = false
    /// Why answers are missing that the same plan would ask for again.
    package var unanswered: [String: Int] = [:]
    /// The same of verdicts.
    package var unjudged: [String: Int] = [:]
    /// What the judge's server did otherwise than it was asked to; `nil`: it was not asked.
    package var judgeNotes: [String]?

    /// Why anything is missing.
    package var failures: [String: Int] { unanswered.merging(unjudged, uniquingKeysWith: +) }
  }

  /// Does what is left: trains, scores and asks, and then has the answers judged.
  ///
  /// - Throws: `Interrupted`, `StageFailure`, `StoreError`, `InputError` and `TrainingError`.
  package func run() async throws -> Outcome {
    try storePredictions()
    let whole = try store.beginRun(
      fingerprint: fingerprint, kind: .plan, name: plan.name, settings: plan)
    let judging = try judgingStages()
    let left = try enter(stages + judging.map(\.stage))
    try enterCells()
    if left.isEmpty, whole.state == .done { return Outcome() }
    if left.isEmpty { try takeSeconds(whole) }
    try await checkServers(left)
    if whole.state == .done { try store.reopen(whole) }
    let context = WorkContext(self, whole, WorkMeter(stages + judging.map(\.stage)), left: left)
    let jobs = max(1, min(options.jobs, maker.mostJobs, stages.count))
    let threads = max(1, options.threads / jobs)
    let queue = StageQueue(stages, stop: stop)
    await withTaskGroup(of: Void.self) { group in
      for worker in 0..<jobs {
        group.addTask {
          await context.work(queue, threads: threads, recordsTime: worker == 0)
        }
      }
    }
    try await queue.check()
    var outcome = Outcome(worked: true, unanswered: context.failures)
    try await context.judge(judging, &outcome)
    if outcome.failures.isEmpty { try store.finish(whole) }
    return outcome
  }

  /// The time of a plan that was done elsewhere is that of its stages.
  private func takeSeconds(_ whole: Run) throws {
    guard try store.seconds(of: whole) == 0 else { return }
    let own = Set(stages.map(\.fingerprint))
    let seconds = try store.stages().filter { own.contains($0.fingerprint) }
      .reduce(0) { $0 + $1.seconds }
    try store.addSeconds(seconds, to: whole)
  }

  /// Writes the plan's work into the project's books.
  ///
  /// - Returns: the stages that are left.
  @discardableResult
  func enter(_ stages: [Stage]) throws -> Set<Fingerprint> {
    let states = try stages.map { try state(of: $0) }
    try store.enter(
      zip(stages, states).map { stage, state in
        StoredStage(
          fingerprint: stage.fingerprint, kind: stage.kind, name: stage.name, needs: stage.needs,
          total: stage.total, state: state,
          run: state == .done ? try cells[stage.fingerprint].map { try answerRun($0) } : nil)
      })
    return Set(zip(stages, states).filter { $0.1 != .done }.map(\.0.fingerprint))
  }

  private func answerRun(_ cell: PlannedAnswers) throws -> Fingerprint {
    try cell.run(maker.open(cell.model), in: store).fingerprint
  }

  /// Finds a key that is missing, and a judge that cannot be asked, before hours of training.
  private func checkServers(_ left: Set<Fingerprint>) async throws {
    for model in maker.models {
      guard case .endpoint(let address)? = model.endpoint else { continue }
      try ServedModel(address, options.asking).checkKey()
    }
    guard let judge else { return }
    if case .model(_, .endpoint(let address)) = judge.address {
      try ServedModel(address, options.judging).checkKey()
    }
    if stages.contains(where: { $0.kind == .finetune && left.contains($0.fingerprint) }) {
      try await StageFailure.naming("judge \(judge.name)") {
        _ = try await judging(by: judge).probe()
      }
    }
  }
}

/// What the workers of an experiment share. All is constant or guards itself.
private final class WorkContext: @unchecked Sendable {
  private let experiment: Experiment
  private let whole: Run
  private let meter: WorkMeter
  /// Stages that are not done yet.
  private let left: Set<Fingerprint>
  private let lock = NSLock()
  private var reasons: [String: Int] = [:]
  /// Stages that this run has done.
  private var done: Set<Fingerprint> = []

  init(_ experiment: Experiment, _ whole: Run, _ meter: WorkMeter, left: Set<Fingerprint>) {
    (self.experiment, self.whole, self.meter, self.left) = (experiment, whole, meter, left)
  }

  var failures: [String: Int] { lock.withLock { reasons } }

  private func add(_ failures: [String: Int]) {
    lock.withLock { reasons.merge(failures, uniquingKeysWith: +) }
  }

  private func session(_ pool: WorkerPool, recordsTime: Bool) -> LabSession {
    let own = experiment.options.checkpointInterval
    return LabSession(
      experiment.folder, experiment.store, whole, pool, meter, stop: experiment.stop,
      checkpointInterval: own ?? experiment.maker.checkpointInterval, recordsTime: recordsTime,
      report: experiment.report)
  }

  /// Takes stages until none is left or one has failed.
  func work(_ queue: StageQueue, threads: Int, recordsTime: Bool) async {
    let pool = WorkerPool(threadCount: threads)
    defer { pool.stop() }
    let session = session(pool, recordsTime: recordsTime)
    while let stage = await queue.next() {
      do {
        try await perform(stage, session)
        await queue.finish(stage)
      } catch {
        await queue.fail(error)
      }
    }
  }

  private func perform(_ stage: Stage, _ session: LabSession) async throws {
    guard left.contains(stage.fingerprint) else { return meter.skip(stage) }
    try await session.perform(stage) {
      let failures = try await experiment.carryOut(stage, session)
      add(failures)
      return failures.isEmpty
    }
    try tellFirst(stage)
  }

  /// Tells the first result when the last stage that it needs is done.
  private func tellFirst(_ stage: Stage) throws {
    guard let first = experiment.first else { return }
    let own = Set(first.cells.map(\.stage.fingerprint)).intersection(left)
    let isLast = lock.withLock {
      done.insert(stage.fingerprint)
      return own.contains(stage.fingerprint) && own.isSubset(of: done)
    }
    if isLast { experiment.report(.notice(try experiment.told(first))) }
  }

  /// Has the answers judged that are not yet.
  func judge(_ stages: [JudgingStage], _ outcome: inout Experiment.Outcome) async throws {
    let pool = WorkerPool(threadCount: 1)
    defer { pool.stop() }
    let judged = try await experiment.judgeAnswers(stages, session(pool, recordsTime: true))
    for own in judged { outcome.unjudged.merge(own.failures, uniquingKeysWith: +) }
    if !judged.isEmpty { outcome.judgeNotes = Set(judged.flatMap(\.notes)).sorted() }
  }
}
