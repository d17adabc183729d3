import Engine
import Lab
import TestSupport

extension DishPlan {
  /// The worlds, with models and trainings of next to nothing.
  static var small: DishPlan {
    var plan = DishPlan.laboratory.scaled(by: 0.004)
    plan.precision = .f32
    plan.language.vocabularySize = 512
    plan.shape = ModelShape(width: 32, intermediateWidth: 64, layers: 1, heads: 2)
    for stage in [\DishPlan.base, \.alignment, \.full, \.lora] {
      plan[keyPath: stage].steps = 4
      plan[keyPath: stage].rowsPerBatch = 8
    }
    plan.sampling.maximumTokens = 8
    return plan
  }
}

extension TemporaryFolder {
  var project: ProjectFolder { ProjectFolder(url) }
}
