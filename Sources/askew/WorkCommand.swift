import ArgumentParser
import Core
import Foundation
import Lab
import Plans
import Scheduling
import Store
import Synchronization

struct WorkCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "work",
    abstract: "Do one stage of a plan and bring what came of it, as tasks of askew submit do.",
    discussion: """
      The stage is done in a store of its own, cluster/work/STAGE in the project's folder, with models and \
      checkpoints in that folder too, and is named cluster/bundles/STAGE when all of it is there; askew collect \
      takes it from there. The project's own store is not opened. SIGTERM, SIGINT and SIGUSR2 ask the stage to \
      stop: it ends with code 75 and the same command goes on, on whatever machine. The stages of a plan: \
      askew run PLAN --dry-run --json.
      """)

  @Argument(
    help: "The plan: a file, or the name of one that comes with Askew.",
    completion: .file(extensions: ["yaml"]))
  var plan: String
  @Argument(help: "The stage, by its whole fingerprint.")
  var stage: String
  @OptionGroup var task: TaskOptions

  func validate() throws {
    guard stage.count == 64, stage.allSatisfy(\.isHexDigit) else {
      throw ValidationError(
        "found \"\(stage.onOneLine)\", expected the 64 hexadecimal digits of a stage's fingerprint")
    }
  }

  func run() async throws {
    try await Failure.reporting {
      let fingerprint = Fingerprint(hex: stage)
      let shared = task.project.folder.shared
      guard !shared.isBrought(fingerprint) else { return }
      let stop = StopRequest()
      let signals = InterruptionSignals(stop, and: [SIGUSR2])
      do {
        let store = try StageWork.openStore(of: fingerprint, in: shared)
        let teller = try StageTeller(fingerprint, shared)
        do {
          try await work(fingerprint, shared, store, stop, teller)
        } catch {
          teller.end(error)
          throw error
        }
      } catch is Interrupted {
        throw signals.interruption
      } catch let error as StoreError where error.code == .inUse {
        // A task that was taken for dead, and is not yet.
        throw Failure(line: error.description, code: Failure.interrupted)
      }
    }
  }

  private func work(
    _ stage: Fingerprint, _ shared: SharedFolder, _ store: RunStore, _ stop: StopRequest,
    _ teller: StageTeller
  ) async throws {
    let experiment = try task.experiment(plan, task.read(plan), store, stop) { teller.show($0) }
    let work = try StageWork(experiment, stage: stage, shared, version: Askew.version)
    let failures = try await work.run(teller.host)
    for (reason, count) in failures.sorted(by: { $0.key < $1.key }) {
      StandardStream.error.write("\(count) missing: \(reason)\n")
    }
    guard failures.isEmpty else {
      teller.endPartial(failures)
      throw ExitCode(Failure.partial)
    }
  }
}

/// Says in the shared folder how far a stage is, and on standard error what goes into its log.
///
/// `@unchecked Sendable`: all is constant but the record, which is guarded.
final class StageTeller: @unchecked Sendable {
  let host = ProcessInfo.processInfo.hostName
  private let stage: Fingerprint
  private let folder: SharedFolder
  private let record: Mutex<StageRecord>
  private static let interval = 15.0

  init(_ stage: Fingerprint, _ folder: SharedFolder) throws {
    (self.stage, self.folder) = (stage, folder)
    let now = Date()
    let earlier = try folder.readRecord(of: stage)
    let own = StageRecord(
      .running, host: host, process: getpid(), attempts: (earlier?.attempts ?? 0) + 1,
      began: earlier?.began ?? now, updated: now, done: earlier?.done ?? 0,
      total: earlier?.total ?? 0)
    record = Mutex(own)
    try folder.write(own, of: stage)
  }

  func show(_ event: LabEvent) {
    switch event {
    case .notice(let text): StandardStream.error.write(text + "\n")
    case .began(let progress): tell(progress, atOnce: true)
    case .advanced(let progress): tell(progress)
    case .finished: break
    }
  }

  private func tell(_ progress: StageProgress, atOnce: Bool = false) {
    record.withLock { record in
      (record.done, record.total) = (progress.done, progress.total)
      let now = Date()
      guard atOnce || now.timeIntervalSince(record.updated) >= Self.interval else { return }
      record.updated = now
      // A courtesy to whoever looks: the work itself does not depend on it.
      try? folder.write(record, of: stage)
    }
  }

  func end(_ error: any Error) {
    let isStopped = error is Interrupted
    end(isStopped ? .stopped : .failed, isStopped ? nil : Failure(error).line)
  }

  func endPartial(_ failures: [String: Int]) {
    let words = failures.sorted { $0.key < $1.key }.map { "\($0.value) missing: \($0.key)" }
    end(.partial, words.joined(separator: "; ").onOneLine(limit: 300))
  }

  private func end(_ state: StageRecord.State, _ problem: String?) {
    record.withLock { record in
      // The first word counts: an exit code says nothing new.
      guard record.state == .running else { return }
      (record.state, record.problem, record.updated) = (state, problem, Date())
      try? folder.write(record, of: stage)
    }
  }
}
