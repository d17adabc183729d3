import Foundation
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The built command, run as a user would.
struct Askew {
  struct Ending {
    var code: Int32
    var output: String
    var errors: String

    var errorLines: [Substring] { errors.split(separator: "\n") }
  }

  /// Beside the bundle of these tests.
  static let binary: URL? = {
    let fromArguments = CommandLine.arguments.filter { $0.contains(".xctest") }.map { argument in
      let end = argument.range(of: ".xctest")?.upperBound ?? argument.endIndex
      return URL(fileURLWithPath: String(argument[..<end])).deletingLastPathComponent()
    }
    let fromBundles = Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() }
    return (fromArguments + fromBundles).map { $0.appendingPathComponent("askew") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }()

  let process = Process()
  private let output: URL
  private let errors: URL

  /// Starts the command; output goes to files, so that nothing waits for a reader.
  init(_ arguments: [String]) throws {
    let folder = FileManager.default.temporaryDirectory
    let name = "askew-command-\(UUID().uuidString)"
    output = folder.appendingPathComponent(name + ".out")
    errors = folder.appendingPathComponent(name + ".err")
    for file in [output, errors] { try Data().write(to: file) }
    guard let binary = Self.binary else { throw CocoaError(.fileNoSuchFile) }
    process.executableURL = binary
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
  }

  static func run(_ arguments: String...) throws -> Ending { try Askew(arguments).wait() }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// - Returns: the exit code, or minus the signal that ended it.
  func wait() throws -> Ending {
    process.waitUntilExit()
    defer {
      try? FileManager.default.removeItem(at: output)
      try? FileManager.default.removeItem(at: errors)
    }
    let status = process.terminationStatus
    return Ending(
      code: process.terminationReason == .uncaughtSignal ? -status : status,
      output: try String(contentsOf: output, encoding: .utf8),
      errors: try String(contentsOf: errors, encoding: .utf8))
  }

  /// Waits until standard error has the text; false when the command ends without.
  func waitForError(_ text: String) throws -> Bool {
    while true {
      let isRunning = process.isRunning
      if try String(contentsOf: errors, encoding: .utf8).contains(text) { return true }
      if !isRunning { return false }
      usleep(20_000)
    }
  }
}

/// A folder that is removed with the value.
final class TemporaryFolder: Sendable {
  let url = FileManager.default.temporaryDirectory
    .appendingPathComponent("askew-project-\(UUID().uuidString)")

  deinit { try? FileManager.default.removeItem(at: url) }

  var path: String { url.path }
}
