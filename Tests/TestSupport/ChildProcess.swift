import Foundation
import Testing

/// A program in a process of its own, which is killed with this value if it still runs. Its output goes to
/// files, so that it never waits for a reader.
public class ChildProcess {
  /// How a process ended, and what it wrote.
  public struct Ending: Sendable {
    /// The exit code, or minus the signal that ended it.
    public var code: Int32
    public var output: String
    public var errors: String

    public var errorLines: [Substring] { errors.split(separator: "\n") }
  }

  private let process = Process()
  private let files: TemporaryFolder

  /// Starts a program.
  /// - Parameters:
  ///   - environment: all of it, or `nil` for that of these tests.
  ///   - folder: in which it works, or `nil` for that of these tests.
  ///   - input: what it reads from standard input.
  public init(
    _ program: URL, _ arguments: [String], environment: [String: String]? = nil,
    in folder: URL? = nil, input: String = ""
  ) throws {
    files = try TemporaryFolder()
    process.executableURL = program
    process.arguments = arguments
    if let environment { process.environment = environment }
    if let folder { process.currentDirectoryURL = folder }
    for (name, text) in [("input", input), ("output", ""), ("errors", "")] {
      try files.write(text, to: name)
    }
    process.standardInput = try FileHandle(forReadingFrom: files.url("input"))
    process.standardOutput = try FileHandle(forWritingTo: files.url("output"))
    process.standardError = try FileHandle(forWritingTo: files.url("errors"))
    try process.run()
  }

  deinit { stop() }

  public var identifier: Int32 { process.processIdentifier }
  public var isRunning: Bool { process.isRunning }

  public func send(_ signal: Int32) { kill(identifier, signal) }

  /// Ends it by a signal that it cannot have blocked, as a child of a thread that blocks others may.
  public func stop() {
    if isRunning { send(SIGKILL) }
    process.waitUntilExit()
  }

  public func wait() throws -> Ending {
    process.waitUntilExit()
    let status = process.terminationStatus
    return Ending(
      code: process.terminationReason == .uncaughtSignal ? -status : status,
      output: try files.text(of: "output"), errors: try files.text(of: "errors"))
  }

  /// Sends a signal after a time, which may come too late, and waits for the end.
  public func end(by signal: Int32 = SIGKILL, after seconds: Double) throws -> Ending {
    Thread.sleep(forTimeInterval: seconds)
    send(signal)
    return try wait()
  }

  /// Waits for the end, which has to be a good one.
  @discardableResult
  public func success() throws -> Ending {
    let ending = try wait()
    try #require(
      ending.code == 0,
      """
      \(process.executableURL?.lastPathComponent ?? "") \(process.arguments ?? []): \
      \(ending.output.suffix(4000))\(ending.errors.suffix(4000))
      """)
    return ending
  }

  /// Waits until standard error has the text; false when the process ends without, or the time is over.
  public func waitForError(_ text: String, seconds: Double = .infinity) throws -> Bool {
    try wait(for: "errors", seconds: seconds) { $0.contains(text) }
  }

  /// Waits for the first line of standard output, by which a server says where it listens.
  public func firstLine() throws -> String {
    let hasLine = try wait(for: "output", seconds: .infinity) { $0.contains("\n") }
    let errors = try files.text(of: "errors").suffix(4000)
    try #require(hasLine, "ended without a line: \(errors)")
    return String(try files.text(of: "output").prefix { $0 != "\n" })
  }

  private func wait(for file: String, seconds: Double, _ isDone: (String) -> Bool) throws -> Bool {
    let start = ContinuousClock.now
    while start.duration(to: .now) / .seconds(1) < seconds {
      let wasRunning = isRunning
      if isDone(try files.text(of: file)) { return true }
      if !wasRunning { return false }
      usleep(10_000)
    }
    return false
  }
}
