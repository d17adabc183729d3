import Core
import Foundation

/// How far a submitted plan is.
package struct PlanStatus: Sendable, Hashable, Codable {
  package enum State: String, Sendable, Codable, CaseIterable {
    case done, running
    /// In the scheduler's queue.
    case waiting
    /// Asked to stop, and not in the queue: the next submission goes on with it.
    case stopped
    /// Done but for answers or verdicts that could not be had.
    case partial
    case failed
    /// Its job is over, and nothing came of it.
    case lost
    /// Not handed to anyone, or called off.
    case missing
  }

  package struct Stage: Sendable, Hashable, Codable {
    package var fingerprint: Fingerprint
    package var kind: String
    package var name: String
    package var state: State
    package var done: Int?
    package var total: Int
    package var host: String?
    package var attempts: Int?
    /// What went wrong, or why it waits.
    package var reason: String?
    package var log: String?
  }

  package var version = 1
  package var plan: String
  package var counts: [String: Int]
  package var stages: [Stage]
  /// Why the scheduler could not be asked; `nil`: it was, or need not be.
  package var scheduler: String?

  package var isOver: Bool {
    !stages.contains { $0.state == .running || $0.state == .waiting }
  }
}

/// Finds out how far a plan is: by our own files first, which outlive every job; then by the scheduler's queue;
/// then by its accounts.
package struct StatusReader {
  private let folder: SharedFolder
  private let slurm: Slurm
  private let plan: SubmittedPlan

  /// Files say that a process runs for so long after it last said so itself, in seconds.
  private static let freshness = 120.0

  /// - Throws: `InputError` where the plan was not submitted.
  package init(_ name: String, _ folder: SharedFolder) throws(InputError) {
    self.folder = folder
    slurm = Slurm()
    plan = try folder.submitted(name)
  }

  /// Costs one call of the scheduler while anything may be under way, and one more for what has left its queue
  /// without a trace.
  package func read(now: Date = Date()) throws(InputError) -> PlanStatus {
    let latest = try JobBook(folder).latest
    var status = PlanStatus(plan: plan.name, counts: [:], stages: [])
    for task in plan.stages { status.stages.append(try fromFiles(task, latest, now)) }
    let open = status.stages.indices.filter { status.stages[$0].state != .done }
    let jobs = open.compactMap { latest[status.stages[$0].fingerprint]?.job }
    let names = Set(jobs.map(\.name)).sorted()
    if !names.isEmpty {
      do throws(InputError) {
        let queue = try slurm.queue(names)
        try apply(queue, latest, open, &status)
      } catch {
        status.scheduler = error.description
        for index in open where status.stages[index].state == .lost {
          status.stages[index].state = .waiting
          status.stages[index].reason = "not known"
        }
      }
    }
    for state in PlanStatus.State.allCases {
      let count = status.stages.count { $0.state == state }
      if count > 0 { status.counts[state.rawValue] = count }
    }
    return status
  }

  private func fromFiles(
    _ task: StageTask, _ latest: [Fingerprint: (job: JobRecord, index: Int)], _ now: Date
  ) throws(InputError) -> PlanStatus.Stage {
    var stage = PlanStatus.Stage(
      fingerprint: task.fingerprint, kind: task.kind, name: task.name, state: .missing,
      total: task.total)
    if plan.done.contains(task.fingerprint) || folder.isBrought(task.fingerprint) {
      stage.state = .done
      return stage
    }
    if let place = latest[task.fingerprint] {
      stage.log = "\(folder.logs)/\(place.job.name)_\(place.index).out"
      stage.state = .lost
    }
    guard let record = try folder.readRecord(of: task.fingerprint) else { return stage }
    (stage.done, stage.host, stage.attempts) = (record.done, record.host, record.attempts)
    stage.reason = record.problem
    switch record.state {
    case .running:
      stage.state =
        now.timeIntervalSince(record.updated) < Self.freshness ? .running : .lost
    case .stopped: stage.state = .stopped
    case .partial: stage.state = .partial
    case .failed: stage.state = .failed
    }
    return stage
  }

  /// What was called off before it began, for itself or for what it needs, is as if nobody had been asked for it.
  private func hasBegun(_ stage: PlanStatus.Stage) -> Bool {
    stage.done != nil || stage.log.map { FileManager.default.fileExists(atPath: $0) } ?? false
  }

  private func apply(
    _ queue: [Slurm.Queued], _ latest: [Fingerprint: (job: JobRecord, index: Int)], _ open: [Int],
    _ status: inout PlanStatus
  ) throws(InputError) {
    let byPlace = Dictionary(queue.map { ("\($0.name)_\($0.index)", $0) }) { first, _ in first }
    var gone: [String: Int] = [:]
    for index in open {
      guard let place = latest[status.stages[index].fingerprint] else { continue }
      if let queued = byPlace["\(place.job.name)_\(place.index)"] {
        status.stages[index].state = queued.isRunning ? .running : .waiting
        if !queued.isRunning { status.stages[index].reason = queued.reason }
        if queued.isRunning { status.stages[index].host = queued.node }
      } else if folder.isBrought(status.stages[index].fingerprint) {
        // It came in between.
        status.stages[index].state = .done
      } else {
        // What the queue does not have does not run, whatever its last words were.
        if status.stages[index].state == .running { status.stages[index].state = .lost }
        guard status.stages[index].state == .lost else { continue }
        if hasBegun(status.stages[index]) {
          if let id = place.job.id { gone["\(id)_\(place.index)"] = index }
        } else {
          status.stages[index].state = .missing
          status.stages[index].log = nil
        }
      }
    }
    guard !gone.isEmpty else { return }
    let jobs = Set(gone.keys.compactMap { $0.split(separator: "_").first.map(String.init) })
    for (task, end) in try slurm.ends(of: jobs.sorted()) ?? [:] {
      if let index = gone[task] { status.stages[index].reason = end }
    }
  }
}
