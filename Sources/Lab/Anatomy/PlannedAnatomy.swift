import Anatomy
import Core
import Formats
import Plans
import Tuning

/// The anatomy of a plan: which directions are read of which models, and into which they go.
struct PlannedAnatomy {
  let plan: PlanAnatomy
  let directions: [PlannedDirection]
  let effects: [PlannedEffects]
  let landscapes: [PlannedLandscape]
  let courses: [PlannedCourse]
  let patches: [PlannedPatch]
  let maps: [PlannedMap]
  let weights: [PlannedWeights]
  let lenses: [PlannedLens]

  /// In the order in which they are done.
  var examinations: [any Examination] {
    let own: [[any Examination]] = [
      directions, lenses, weights, maps, courses, patches, effects, landscapes,
    ]
    return own.flatMap { $0 }
  }

  /// - Parameters:
  ///   - seed: of the run.
  ///   - reader: of who says what answers are, and of the thresholds.
  /// - Throws: `InputError` at the plan's line, or naming a place that a model does not have.
  init(
    _ plan: PlanAnatomy, _ maker: any ModelMaker, _ contrasts: [PlannedContrast], seed: UInt64,
    reader: Fingerprint
  ) throws {
    self.plan = plan
    let models = maker.models.filter { model in
      // Of a course the finished model, and not the one that it begins with.
      model.place != 0
        && !maker.models.contains {
          $0.condition.name == model.condition.name && $0.replicate == model.replicate
            && ($0.place ?? 0) > (model.place ?? 0)
        }
    }
    let reader = AnatomyParts(plan, maker, contrasts, models, seed: seed, reader: reader)
    directions = try plan.directions.flatMap { definition in
      try models.filter { $0.condition.name == definition.of }.compactMap {
        try reader.direction(definition, of: $0)
      }
    }
    let directions = directions
    effects = try plan.steering.flatMap { steering in
      try directions.filter { $0.definition.name == steering.direction }.flatMap {
        try reader.effects(of: steering, $0)
      }
    }
    landscapes = try plan.landscape.map { try reader.landscapes($0, of: maker.models) } ?? []
    courses =
      try plan.course.map { course in
        try directions.filter { $0.definition.name == course.along }.compactMap {
          try reader.course(course, along: $0, of: maker.models)
        }
      } ?? []
    let explained = models.filter { $0.condition.name == plan.of }
    patches =
      try plan.patch.map { patch in
        try explained.compactMap { try reader.patch(patch, of: $0) }
      } ?? []
    maps =
      try plan.map.map { map in
        try explained.compactMap { try reader.map(map, of: $0, all: maker.models) }
      } ?? []
    weights =
      try plan.weights.map { weights in
        try explained.compactMap { try reader.weights(weights, of: $0) }
      } ?? []
    lenses =
      try plan.lens.map { lens in
        try directions.compactMap { try reader.lens(lens, at: $0) }
      } ?? []
  }
}
