import Core
import Engine
import Formats
import Plans
import Store

extension Experiment {
  /// The trainings of the plan's own conditions, one a model.
  func courses() throws -> [TrainingCourse] {
    var seen: Set<String> = []
    return try outline.models.compactMap { model in
      let stage = model.line.stage
      guard let parent = model.line.parent, let run = try store.run(stage.fingerprint),
        seen.insert("\(model.condition) \(stage.fingerprint.hex)").inserted
      else { return nil }
      let steps = try store.steps(of: run)
      return TrainingCourse(
        condition: model.condition, seed: model.seed,
        losses: steps.map { .init(step: $0.step, value: $0.loss) },
        gradientNorms: steps.map { .init(step: $0.step, value: $0.gradientNorm) },
        directions: try directions(stage, parent))
    }
  }

  /// Cosine between the change of all weights up to each snapshot and up to the end.
  private func directions(
    _ stage: Stage, _ parent: ModelLine
  ) throws -> [TrainingCourse.Point] {
    guard let steps = stage.recipe.snapshots, stage.recipe.adapter == nil else { return [] }
    let start = try parent.load(from: folder).weights
    let end = try ModelLine.trained(stage, from: parent).load(from: folder).weights
    return try steps.compactMap { step in
      let here = try ModelLine.snapshot(step, of: stage, from: parent).load(from: folder).weights
      return Self.cosine(start, here, end).map { .init(step: step, value: $0) }
    }
  }

  private static func cosine(
    _ start: ParameterBlock, _ here: ParameterBlock, _ end: ParameterBlock
  ) -> Double? {
    var (dot, first, second) = (0.0, 0.0, 0.0)
    for i in 0..<start.count {
      let a = Double(here.floats[i] - start.floats[i])
      let b = Double(end.floats[i] - start.floats[i])
      dot += a * b
      first += a * a
      second += b * b
    }
    return first > 0 && second > 0 ? dot / (first * second).squareRoot() : nil
  }
}
