import Foundation
import Testing

/// The built command, run as a user would.
public final class Askew: ChildProcess {
  /// Starts the command.
  public init(_ arguments: [String], environment: [String: String]? = nil) throws {
    try super.init(Repository.program("askew"), arguments, environment: environment)
  }

  public static func run(_ arguments: String...) throws -> Ending { try Askew(arguments).wait() }

  /// Runs a command that has to end well.
  @discardableResult
  public static func succeed(_ arguments: String...) throws -> Ending {
    try Askew(arguments).success()
  }

  /// Runs a command until it is done, although signals end it at moments that change, `limit` times at most.
  /// - Parameters:
  ///   - signals: in turn.
  ///   - seconds: the moment of an attempt.
  /// - Returns: how often it was ended.
  public static func runAgainAndAgain(
    _ arguments: [String], signals: [Int32] = [SIGKILL], limit: Int, after seconds: (Int) -> Double
  ) throws -> Int {
    for attempt in 0..<limit {
      let command = try Askew(arguments)
      let ending = try command.end(
        by: signals[attempt % signals.count], after: seconds(attempt))
      if ending.code == 0 { return attempt }
      // A signal may come before the command listens to it.
      try #require([-SIGKILL, -SIGTERM, 75].contains(ending.code), "\(ending.errors)")
    }
    try Askew(arguments).success()
    return limit
  }
}
