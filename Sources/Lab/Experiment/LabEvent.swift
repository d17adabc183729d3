/// What an experiment tells while it works.
package enum LabEvent: Sendable, Hashable {
  case began(StageProgress)
  case advanced(StageProgress)
  case finished(StageProgress)
  /// Something that a user should know: a file that is made anew.
  case notice(String)
}

/// How far a stage and the whole experiment are.
package struct StageProgress: Sendable, Hashable {
  package var stage: String
  /// Position among the experiment's stages, from 1.
  package var number: Int
  package var count: Int
  /// Steps or answers.
  package var done: Int
  package var total: Int
  /// Of the last step; `nil` where nothing is trained.
  package var loss: Double?
  /// Share of the whole experiment's work, 0…1.
  package var overall: Double
  /// `nil` until there is something to judge by.
  package var secondsLeft: Double?
}
