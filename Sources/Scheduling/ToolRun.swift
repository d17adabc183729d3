import Core
import Foundation
import Synchronization

/// A program of the system, run to its end.
package struct ToolRun: Sendable {
  package var code: Int32
  package var output: String
  package var errors: String

  /// The last line that it wrote to standard error.
  package var complaint: String {
    let line = errors.split(whereSeparator: \.isNewline).last.map(String.init)
    return (line ?? "it ended with code \(code) and says nothing").onOneLine(limit: 200)
  }

  /// - Parameters:
  ///   - arguments: the program, found on the path, and its arguments.
  ///   - seconds: after so long it is ended.
  /// - Throws: `InputError` for a program that is not there or does not end.
  package static func run(
    _ arguments: [String], seconds: Double = 60
  ) throws(InputError) -> ToolRun {
    let name = arguments[0]
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    let (output, errors) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (output, errors)
    do {
      try process.run()
    } catch {
      throw InputError("cannot be run: \(error.systemReason)", field: name)
    }
    let isLate = Mutex(false)
    let number = process.processIdentifier
    let alarm = DispatchWorkItem {
      isLate.withLock { $0 = true }
      kill(number, SIGKILL)
    }
    DispatchQueue.global().asyncAfter(deadline: .now() + seconds, execute: alarm)
    // Both at once: a program that fills one pipe waits for its reader.
    let complaints = Mutex(Data())
    let reading = DispatchGroup()
    let handle = errors.fileHandleForReading
    DispatchQueue.global().async(group: reading) {
      let data = handle.readDataToEndOfFile()
      complaints.withLock { $0 = data }
    }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    reading.wait()
    process.waitUntilExit()
    alarm.cancel()
    if isLate.withLock({ $0 }) {
      throw InputError("did not answer within \(Int(seconds)) s", field: name)
    }
    let run = ToolRun(
      code: process.terminationStatus, output: String(decoding: data, as: UTF8.self),
      errors: complaints.withLock { String(decoding: $0, as: UTF8.self) })
    if run.code == 127, run.errors.hasPrefix("env:") || run.errors.contains("/env:") {
      throw InputError("there is no such program on this machine", field: name)
    }
    return run
  }
}

/// Words for a shell, each as it is.
package enum ShellWords {
  private static let plain = Set("-_./:=,@%+")

  package static func quoted(_ word: String) -> String {
    let isPlain = word.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || Self.plain.contains($0))
    }
    if isPlain, !word.isEmpty { return word }
    return "'" + word.replacing("'", with: "'\\''") + "'"
  }

  package static func line(_ words: [String]) -> String {
    words.map(quoted).joined(separator: " ")
  }
}
