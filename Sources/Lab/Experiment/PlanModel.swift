import Plans
import Store

/// A model that a plan asks, and the sampling runs that hold its answers.
struct PlanModel: Sendable, Hashable {
  let condition: String
  /// 0 for a model that no fine-tuning of the plan has made.
  let seed: UInt64
  /// Steps or generations, where the plan looks at several; `nil`: the finished model.
  let place: Int?
  let line: ModelLine
  /// By the evaluation's name.
  let answers: [String: Stage]
}

/// A piece of an experiment's work.
struct PlanTask: Sendable, Hashable {
  enum Work: Sendable, Hashable {
    case language
    case grow(WorldStages)
    /// On the answers of a stage, where there is one.
    case train(from: ModelLine, on: Stage?)
    case ask(ModelLine)
  }

  let work: Work
  /// The run of the store; for `grow` the alignment, whose base comes with it.
  let stage: Stage

  var stages: [Stage] {
    if case .grow(let world) = work { [world.base, world.alignment] } else { [stage] }
  }
}
