import ArgumentParser
import Core
import Endpoints
import Engine
import Foundation
import Lab
import Store

/// How a command ends when it does not succeed: one line on standard error and an exit code.
struct Failure: Error {
  var line: String
  var code: Int32

  static let failed: Int32 = 1
  /// Some of the work could not be done and can be asked for again.
  static let partial: Int32 = 2
  /// Interrupted and resumable: EX_TEMPFAIL of sysexits.
  static let interrupted: Int32 = 75
  /// 128 + SIGINT, as shells have it.
  static let interruptedByUser: Int32 = 130

  /// Runs a command's body; whatever it throws becomes a line and an exit code here and nowhere else.
  static func reporting(_ body: () throws -> Void) throws {
    do {
      try InstructionSet.checkLimit()
      try body()
    } catch { throw reported(error) }
  }

  /// The same for a body that waits.
  static func reporting(_ body: () async throws -> Void) async throws {
    do {
      try InstructionSet.checkLimit()
      try await body()
    } catch { throw reported(error) }
  }

  private static func reported(_ error: any Error) -> ExitCode {
    if let code = error as? ExitCode { return code }
    let failure = Failure(error)
    StandardStream.error.write("askew: \(failure.line)\n")
    return ExitCode(failure.code)
  }

  /// What `body` throws without a file is about `path`.
  static func inFile<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as InputError where error.file == nil {
      throw error.inFile(path)
    }
  }

  init(line: String, code: Int32) {
    self.line = line
    self.code = code
  }

  init(_ error: any Error) {
    if let failure = error as? Failure {
      self = failure
      return
    }
    let text =
      switch error {
      case let error as StoreError: error.description
      case let error as InputError: error.description
      case let error as StageFailure: error.description
      case let error as TrainingError: error.description
      case let error as EndpointFailure: error.description
      case let error as CocoaError: Self.words(for: error)
      default: "\(error)"
      }
    line = text.onOneLine(limit: nil)
    code = Self.failed
  }

  /// Foundation's file errors, with the file and the system's own reason.
  private static func words(for error: CocoaError) -> String {
    let file = error.filePath ?? error.url?.path
    return file.map { "\($0): \(error.systemReason)" } ?? error.systemReason
  }
}
