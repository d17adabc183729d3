import Core
import Foundation

/// Does stages by commands of one's own, some at a time, each after those that it needs: on this machine, or
/// wherever a command takes them (`ssh node {work}`).
package struct CommandExecutor: Sendable {
  /// For a shell: `{work}` is the command line of a stage, `{stage}` its fingerprint.
  package let template: String
  /// Stages at a time.
  package let jobs: Int
  private let folder: SharedFolder
  private let stop: StopRequest

  /// How a stage's command ended; below 0: by this signal.
  package struct Ending: Sendable {
    package var stage: StageTask
    package var code: Int32
    package var log: String
  }

  package init(_ template: String, jobs: Int, _ folder: SharedFolder, _ stop: StopRequest) {
    (self.template, self.jobs, self.folder, self.stop) = (template, jobs, folder, stop)
  }

  /// - Parameters:
  ///   - stages: each after those that it needs.
  ///   - work: the command line of a stage.
  ///   - ended: called when a command has ended; what needs a stage that failed is not begun.
  /// - Throws: `Interrupted` after a stop, when the commands under way have ended; `InputError`.
  package func run(
    _ stages: [StageTask], work: (Fingerprint) -> [String], ended: (Ending) throws -> Void
  ) throws {
    try folder.make(folder.logs)
    var left = stages
    var open = Set(stages.map(\.fingerprint))
    var failed: Set<Fingerprint> = []
    var running: [(stage: StageTask, process: Process, log: String)] = []
    var isStopping = false
    defer { for own in running { own.process.terminate() } }
    while !left.isEmpty || !running.isEmpty {
      if stop.isStopped, !isStopping {
        isStopping = true
        for own in running { Self.tellToStop(own.process) }
        left = []
      }
      left.removeAll { stage in
        guard !failed.isDisjoint(with: stage.needs) else { return false }
        failed.insert(stage.fingerprint)
        open.remove(stage.fingerprint)
        return true
      }
      while running.count < jobs,
        let index = left.firstIndex(where: { open.isDisjoint(with: $0.needs) })
      {
        let stage = left.remove(at: index)
        let log = "\(folder.logs)/\(stage.fingerprint.short).out"
        running.append((stage, try begin(stage, work(stage.fingerprint), log), log))
      }
      for own in running where !own.process.isRunning {
        let process = own.process
        let code =
          process.terminationReason == .uncaughtSignal
          ? -process.terminationStatus : process.terminationStatus
        if code != 0 { failed.insert(own.stage.fingerprint) }
        open.remove(own.stage.fingerprint)
        try ended(Ending(stage: own.stage, code: code, log: own.log))
      }
      running.removeAll { !$0.process.isRunning }
      usleep(10_000)
    }
    try stop.check()
  }

  private func begin(
    _ stage: StageTask, _ work: [String], _ log: String
  ) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line(stage, work)]
    process.standardInput = FileHandle.nullDevice
    if !FileManager.default.fileExists(atPath: log) {
      _ = FileManager.default.createFile(atPath: log, contents: nil)
    }
    guard let output = FileHandle(forWritingAtPath: log) else {
      throw InputError("cannot be written", file: log)
    }
    try output.seekToEnd()
    (process.standardOutput, process.standardError) = (output, output)
    do {
      try process.run()
    } catch {
      throw InputError("cannot be run: \(error.systemReason)", field: "/bin/sh")
    }
    return process
  }

  func line(_ stage: StageTask, _ work: [String]) -> String {
    template.replacing("{work}", with: ShellWords.line(work))
      .replacing("{stage}", with: stage.fingerprint.hex)
  }

  /// The shell and what it runs, where they are a group of their own.
  private static func tellToStop(_ process: Process) {
    let number = process.processIdentifier
    kill(getpgid(number) == number ? -number : number, SIGTERM)
  }
}
