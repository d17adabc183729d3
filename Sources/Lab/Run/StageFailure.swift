/// A stage that could not be done, for a reason that does not say by itself where it happened.
public struct StageFailure: Error, Sendable, Hashable, CustomStringConvertible {
  public let stage: String
  public let problem: String

  public init(stage: String, problem: String) {
    self.stage = stage
    self.problem = problem
  }

  static func unfinished(_ stage: Stage) -> StageFailure {
    StageFailure(stage: stage.name, problem: "is not done yet; the same command goes on")
  }

  public var description: String { "\(stage): \(problem)" }
}
