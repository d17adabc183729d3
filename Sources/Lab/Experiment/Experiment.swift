import Core
import Dish
import Engine
import Foundation
import Plans
import Store

/// Runs a plan: does what its store does not hold yet, and reads what it found.
///
/// Stages are addressed by the hash of all that determines them, so plans share base models, trainings
/// and answers. Killed at any moment, the same plan goes on where it was.
public final class Experiment {
  public let plan: Plan
  public let dish: DishPlan
  public let folder: ProjectFolder
  let store: RunStore
  let outline: ExperimentOutline
  let worlds: DishWorlds
  private let stop: StopRequest
  private let report: @Sendable (LabEvent) -> Void
  private let checkpointInterval: Duration

  /// - Parameters:
  ///   - plan: what to make, ask and compare.
  ///   - dish: the worlds and the training that all plans share.
  ///   - folder: of the project.
  ///   - store: of the folder, where several experiments share it.
  ///   - only: conditions to make and ask; all, unless given.
  ///   - checkpointInterval: the most that a kill costs of a training.
  ///   - stop: asked between the steps of the work.
  ///   - report: called from any thread.
  /// - Throws: `StoreError`, and `InputError` for what the plan names and nobody has.
  public init(
    plan: Plan, dish: DishPlan = .laboratory, folder: ProjectFolder, store: RunStore? = nil,
    only: Set<String>? = nil, checkpointInterval: Duration = .seconds(10),
    stop: StopRequest = StopRequest(), report: @escaping @Sendable (LabEvent) -> Void = { _ in }
  ) throws {
    self.plan = plan
    self.dish = dish
    self.folder = folder
    self.stop = stop
    self.report = report
    self.checkpointInterval = checkpointInterval
    self.store = try store ?? RunStore(folder: folder.url)
    worlds = try DishWorlds(dish)
    outline = try ExperimentOutline(plan, dish: dish, worlds: worlds, only: only)
  }

  /// The address of the plan's run: its text and all that determines its numbers.
  public var fingerprint: Fingerprint {
    get throws {
      try Fingerprint(
        of: PlanAddress(plan: plan, dish: dish, stages: outline.stages.map(\.fingerprint)))
    }
  }

  /// Does what is left.
  ///
  /// - Parameters:
  ///   - threads: of this process; they change how long it takes, not what comes out.
  ///   - jobs: stages that are worked on at a time; the threads are shared out among them.
  /// - Returns: whether there was anything to do.
  /// - Throws: `Interrupted`, `StageFailure`, `StoreError`, `InputError`, `TrainingError`.
  public func run(threads: Int, jobs: Int = 1) throws -> Bool {
    try storePredictions()
    let whole = try store.beginRun(
      fingerprint: fingerprint, kind: .plan, name: plan.name, settings: plan)
    let runs = try outline.stages.map { try folder.checked($0, store, report) }
    if whole.state == .done, runs.allSatisfy({ $0?.state == .done }) { return false }
    if whole.state == .done { try store.reopen(whole) }
    let meter = WorkMeter(outline.stages)
    let queue = TaskQueue(outline.tasks, stop: stop)
    let jobs = max(1, min(jobs, outline.tasks.count))
    let workers = WorkerPool(threadCount: jobs)
    defer { workers.stop() }
    let context = WorkContext(experiment: self, whole: whole, meter: meter)
    let perJob = max(1, threads / jobs)
    workers.run(jobs) { worker, _ in context.work(queue, threads: perJob, recordsTime: worker == 0)
    }
    try queue.check()
    try store.finish(whole)
    return true
  }

  func session(_ whole: Run, _ meter: WorkMeter, _ pool: WorkerPool) -> LabSession {
    LabSession(
      plan: dish, folder: folder, store: store, whole: whole, pool: pool, stop: stop,
      checkpointInterval: checkpointInterval, meter: meter, report: report)
  }
}

private struct PlanAddress: Encodable {
  let plan: Plan
  let dish: DishPlan
  let stages: [Fingerprint]
}

/// What the workers of an experiment share. All is constant or guards itself.
private final class WorkContext: @unchecked Sendable {
  let experiment: Experiment
  let whole: Run
  let meter: WorkMeter

  init(experiment: Experiment, whole: Run, meter: WorkMeter) {
    self.experiment = experiment
    self.whole = whole
    self.meter = meter
  }

  /// Takes tasks until none is left or one has failed.
  func work(_ queue: TaskQueue, threads: Int, recordsTime: Bool) {
    let pool = WorkerPool(threadCount: threads)
    defer { pool.stop() }
    let session = experiment.session(whole, meter, pool)
    session.recordsTime = recordsTime
    var language: DishLanguage?
    while let task = queue.next() {
      do {
        language = try perform(task, session, language)
        queue.finish(task)
      } catch {
        queue.fail(error)
      }
    }
  }

  private func perform(
    _ task: PlanTask, _ session: LabSession, _ known: DishLanguage?
  ) throws -> DishLanguage {
    let language =
      try known ?? .grown(experiment.outline.language, experiment.worlds, session)
    let trainer = StageTrainer(session: session, worlds: experiment.worlds, language: language)
    switch task.work {
    case .language: break
    case .grow(let world): try trainer.grow(world)
    case .train(let parent): try trainer.fineTune(task.stage, from: parent)
    case .ask(let line): try trainer.ask(task.stage, line)
    }
    return language
  }
}
