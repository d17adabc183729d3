/// A stage that could not be done, for a reason that does not say by itself where it happened.
public struct StageFailure: Error, Sendable, Hashable, CustomStringConvertible {
  public let stage: String
  public let problem: String

  public init(stage: String, problem: String) {
    self.stage = stage
    self.problem = problem
  }

  public var description: String { "\(stage): \(problem)" }
}
