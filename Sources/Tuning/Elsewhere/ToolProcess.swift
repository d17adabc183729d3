import Core
import Foundation

/// Another program that works for long, its output in a file.
struct ToolProcess {
  let line: String
  let folder: String
  let log: String
  let threads: Int

  /// - Parameter tick: called some times a second while it works.
  /// - Returns: its exit code; below 0: the signal that ended it.
  /// - Throws: `Interrupted` after a stop, with the program ended; `InputError` where it cannot be run.
  func run(_ stop: StopRequest, tick: () -> Void) throws -> Int32 {
    let tool = try start()
    defer { tool.end() }
    while tool.isRunning {
      try stop.check()
      tick()
      usleep(100_000)
    }
    return tool.exitCode
  }

  /// - Throws: `InputError` where it cannot be run.
  func start() throws(InputError) -> RunningTool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardInput = FileHandle.nullDevice
    // Model and rows are there: nothing has to be fetched, and nobody told.
    let defaults = ["HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": String(threads)]
    process.environment = ProcessInfo.processInfo.environment.merging(defaults) { own, _ in own }
    guard FileManager.default.createFile(atPath: log, contents: nil),
      let output = FileHandle(forWritingAtPath: log)
    else { throw InputError("cannot be written", file: log) }
    (process.standardOutput, process.standardError) = (output, output)
    do {
      try process.run()
    } catch {
      throw InputError("cannot be run: \(error.systemReason)", field: "/bin/sh")
    }
    return RunningTool(process, log: log)
  }
}

/// A program that has been started.
final class RunningTool {
  private let process: Process
  private let log: String
  /// The shell and what it runs, where they are a group of their own.
  private let target: pid_t

  fileprivate init(_ process: Process, log: String) {
    (self.process, self.log) = (process, log)
    let number = process.processIdentifier
    target = getpgid(number) == number ? -number : number
  }

  var isRunning: Bool { process.isRunning }

  /// Below 0: the signal that ended it.
  ///
  /// - Precondition: it has ended.
  var exitCode: Int32 {
    process.terminationReason == .uncaughtSignal
      ? -process.terminationStatus : process.terminationStatus
  }

  /// Of what it wrote.
  var lastLine: String {
    let data = FileManager.default.contents(atPath: log) ?? Data()
    return ToolLog.lastLine(of: String(decoding: data, as: UTF8.self))
  }

  /// Has it ended when this process is no more, even where that was killed.
  ///
  /// By a process of its own: one that the program's shell would start keeps open what its end is told by.
  func watch() throws {
    let watch = Process()
    watch.executableURL = URL(fileURLWithPath: "/bin/sh")
    let (own, program) = (ProcessInfo.processInfo.processIdentifier, process.processIdentifier)
    watch.arguments = [
      "-c",
      "while kill -0 \(program) 2>/dev/null; do kill -0 \(own) 2>/dev/null || kill -KILL \(target); sleep 1; done",
    ]
    watch.standardInput = FileHandle.nullDevice
    (watch.standardOutput, watch.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    try watch.run()
  }

  /// Ends it, and what it has left behind: by a signal that it cannot have blocked, as what is started by a thread that
  /// blocks others has.
  func end() {
    if process.isRunning {
      kill(target, SIGTERM)
      for _ in 0..<20 where process.isRunning { usleep(100_000) }
    }
    if process.isRunning || target < 0 { kill(target, SIGKILL) }
    process.waitUntilExit()
  }
}
