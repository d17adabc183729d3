/// What an experiment tells while it works.
public enum LabEvent: Sendable, Hashable {
  case began(StageProgress)
  case advanced(StageProgress)
  case finished(StageProgress)
  /// Something that a user should know: a file that is made anew.
  case notice(String)
}

/// How far a stage and the whole experiment are.
public struct StageProgress: Sendable, Hashable {
  public var stage: String
  /// Position among the experiment's stages, from 1.
  public var number: Int
  public var count: Int
  /// Steps or answers.
  public var done: Int
  public var total: Int
  /// Of the last step; `nil` where nothing is trained.
  public var loss: Double?
  /// Share of the whole experiment's work, 0…1.
  public var overall: Double
  /// `nil` until there is something to judge by.
  public var secondsLeft: Double?
}
