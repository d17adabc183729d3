import Endpoints
import Tuning

/// A stage that could not be done, for a reason that does not say by itself where it happened.
package struct StageFailure: Error, Sendable, Hashable, CustomStringConvertible {
  package let stage: String
  package let problem: String

  package init(stage: String, problem: String) {
    self.stage = stage
    self.problem = problem
  }

  static func unfinished(_ stage: String) -> StageFailure {
    StageFailure(stage: stage, problem: "is not done yet; the same command goes on")
  }

  package var description: String { "\(stage): \(problem)" }

  /// A plan may ask many servers and start many programs: what ends the work says which of them it was.
  ///
  /// - Throws: `StageFailure` in place of an `EndpointFailure` and a `ToolProblem`.
  static func naming<Result>(
    _ stage: String, _ body: () async throws -> Result
  ) async throws -> Result {
    do {
      return try await body()
    } catch let failure as EndpointFailure {
      throw StageFailure(stage: stage, problem: "\(failure)")
    } catch let problem as ToolProblem {
      throw StageFailure(stage: stage, problem: "\(problem)")
    }
  }

  /// What a server was asked where it was not without trouble; `nil`: it was.
  static func troubles(_ counts: RequestCounts, _ stage: String) -> String? {
    guard !counts.retried.isEmpty else { return nil }
    let troubles = counts.retried.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    return "\(stage): \(counts.answered) answered of \(counts.requests) requests; troubles: "
      + troubles.joined(separator: ", ")
  }
}
