import Core
import Foundation

/// Where another program's command runs: as it is, in a virtual environment of Python, or in whatever a command line
/// makes of it.
package struct ToolEnvironment: Sendable, Hashable {
  /// `nil`: what is on the path. A folder with `bin` in it: a virtual environment. With `{command}` in it: a line
  /// for a shell, such as `apptainer exec --nv trl.sif {command}` or `module load trl && {command}`.
  package let text: String?

  package init(_ text: String?) { self.text = text }

  /// A line for a shell.
  ///
  /// - Throws: `InputError` for an environment that is not there.
  package func line(_ command: String) throws(InputError) -> String {
    guard let text else { return command }
    if text.contains("{command}") { return text.replacing("{command}", with: command) }
    let folder = URL(fileURLWithPath: text).path
    guard FileManager.default.fileExists(atPath: "\(folder)/bin") else {
      throw InputError(
        "found neither {command} in it nor a folder with bin of this name, expected a virtual environment or a "
          + "line for a shell", field: "environment")
    }
    let quoted = "'" + folder.replacing("'", with: "'\\''") + "'"
    return "VIRTUAL_ENV=\(quoted) PATH=\(quoted)/bin:\"$PATH\" \(command)"
  }
}

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
    defer { if process.isRunning { Self.end(process) } }
    while process.isRunning {
      try stop.check()
      tick()
      usleep(100_000)
    }
    return process.terminationReason == .uncaughtSignal
      ? -process.terminationStatus : process.terminationStatus
  }

  /// The shell and what it runs, where they are a group of their own.
  private static func end(_ process: Process) {
    let number = process.processIdentifier
    let target = getpgid(number) == number ? -number : number
    kill(target, SIGTERM)
    for _ in 0..<100 where process.isRunning { usleep(100_000) }
    if process.isRunning { kill(target, SIGKILL) }
    process.waitUntilExit()
  }
}
