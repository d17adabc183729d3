import Dish

/// A model and where it comes from, back to the base model of its world.
indirect enum ModelLine: Sendable, Hashable {
  /// The base model as the crowd of authors left it.
  case raw(WorldStages)
  /// The same after its alignment.
  case aligned(WorldStages)
  /// What a training made of another model.
  case trained(DishStage, from: ModelLine)
  /// The same after some of its steps.
  case snapshot(Int, of: DishStage, from: ModelLine)

  /// The training that the model comes from.
  var stage: DishStage {
    switch self {
    case .raw(let world): world.base
    case .aligned(let world): world.alignment
    case .trained(let stage, _), .snapshot(_, let stage, _): stage
    }
  }

  /// For people.
  var name: String {
    switch self {
    case .raw(let world):
      "\(world.name) before alignment, \(world.kind.rawValue) world\(world.suffix)"
    case .aligned(let world): "\(world.name), \(world.kind.rawValue) world\(world.suffix)"
    case .trained(let stage, _): stage.name.replacing("fine-tune ", with: "", maxReplacements: 1)
    case .snapshot(let step, let stage, _):
      stage.name.replacing("fine-tune ", with: "", maxReplacements: 1) + ", after \(step) steps"
    }
  }

  /// The world that it was grown in.
  var world: WorldStages {
    switch self {
    case .raw(let world), .aligned(let world): world
    case .trained(_, let parent), .snapshot(_, _, let parent): parent.world
    }
  }

  /// Steps after which it was kept; `nil`: all of them.
  var snapshot: Int? {
    if case .snapshot(let step, _, _) = self { step } else { nil }
  }

  /// The model that its training started from; `nil` for a base.
  var parent: ModelLine? {
    switch self {
    case .raw, .aligned: nil
    case .trained(_, let parent), .snapshot(_, _, let parent): parent
    }
  }
}
