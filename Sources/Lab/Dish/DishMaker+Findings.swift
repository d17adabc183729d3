import Core
import Dish
import Engine
import Formats
import Foundation
import Plans
import Store

extension DishMaker {
  /// Cosine between the change of all weights up to each snapshot and up to the end.
  func directions(_ model: PlannedModel) throws -> [TrainingCourse.Point] {
    guard case .grown(let line) = model.source, let parent = line.parent,
      let steps = line.stage.recipe.snapshots, line.stage.recipe.adapter == nil
    else { return [] }
    let start = try parent.load(from: folder).weights
    let end = try ModelLine.trained(line.stage, from: parent).load(from: folder).weights
    return try steps.compactMap { step in
      let here = try ModelLine.snapshot(step, of: line.stage, from: parent).load(from: folder)
      return Self.cosine(start, here.weights, end).map { .init(step: step, value: $0) }
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

  func complete(_ findings: inout PlanFindings) throws {
    let encoded = try JSONEncoder().encode(plan)
    var settings = try JSONDecoder().decode([String: SettingValue].self, from: encoded)
    settings["personaWorld"] = .string(worlds.persona.fingerprint.hex)
    settings["nullWorld"] = .string(worlds.null.fingerprint.hex)
    findings.settings = settings
    guard plan.isQuick else { return }
    findings.warnings = [
      "A share of the plan's steps and answers: it shows that everything works and proves nothing."
    ]
  }
}
