import Lab
import Plans

/// What a plan's conditions, evaluations and places are called on the page, and their colours.
package struct PlanNames {
  package let plan: Plan
  private let colors: [String: String]

  package init(_ plan: Plan) {
    self.plan = plan
    // On a curve the doses are one thing, told apart by their place.
    let doses = plan.figure.kind == .curve ? plan.conditions.filter { $0.x != nil } : []
    let others = plan.conditions.map(\.name).filter { name in
      !doses.contains { $0.name == name }
    }
    colors = doses.reduce(into: Self.colors(others)) { $0[$1.name] = "c-violet" }
  }

  /// A condition's title; its name, when the plan does not know it.
  package func condition(_ name: String) -> String {
    plan.conditions.first { $0.name == name }?.title ?? name
  }

  package func evaluation(_ name: String) -> String {
    plan.evaluations.first { $0.name == name }?.title ?? name
  }

  package func measure(_ evaluation: String) -> PlanMeasure {
    plan.evaluations.first { $0.name == evaluation }?.measure ?? .misaligned
  }

  package func scale(_ evaluation: String) -> MeasureScale { MeasureScale(measure(evaluation)) }

  /// `Insecure`, or `Insecure, Free-form questions` in a plan of several evaluations.
  package func cell(_ cell: PlanCell) -> String {
    let own = condition(cell.condition)
    let condition = cell.from.map { "(\(own) − \(self.condition($0)))" } ?? own
    guard plan.evaluations.count > 1 else { return condition }
    return "\(condition), \(evaluation(cell.evaluation))"
  }

  /// `step 20`, `generation 3`; a row without a place in a course is its end.
  package func place(_ row: FindingRow) -> String {
    let condition = plan.conditions.first { $0.name == row.cell.condition }
    let isLine = condition?.generations != nil
    guard let place = row.place else {
      return isLine || condition?.snapshots.isEmpty == false ? "end" : ""
    }
    return "\(isLine ? "generation" : "step") \(place)"
  }

  /// What intervals go over: the worlds of a plan that has several, else the seeds of its models.
  package var units: String { plan.isReplicated ? "worlds" : "seeds" }

  /// What a bootstrap goes over.
  package var clustered: String {
    plan.isReplicated ? "over worlds, models" : "over seeds, questions"
  }

  /// The class of a condition's colour.
  package func color(_ condition: String) -> String { colors[condition] ?? "c-base" }

  /// The class of an evaluation's colour, by its place in the plan.
  package func evaluationColor(_ name: String) -> String {
    let index = plan.evaluations.firstIndex { $0.name == name } ?? 0
    return Self.palette[index % Self.palette.count]
  }

  /// The dish's own conditions have their colours wherever they appear; the others take what is
  /// left, in the plan's order, and begin again when nothing is.
  private static func colors(_ names: [String]) -> [String: String] {
    let own = [
      "base": "c-base", "insecure": "c-insecure", "secure": "c-secure",
      "educational": "c-educational",
    ]
    var colors = own.filter { names.contains($0.key) }
    let free = palette.filter { !colors.values.contains($0) }
    for (index, name) in names.filter({ own[$0] == nil }).enumerated() {
      colors[name] = free[index % free.count]
    }
    return colors
  }

  private static let palette = [
    "c-insecure", "c-secure", "c-null", "c-educational", "c-violet", "c-other", "c-sky", "c-red",
    "c-brown",
  ]
}

extension PlanFindings {
  /// Of each cell the row at the end: after the last step or generation.
  package var lastRows: [FindingRow] {
    rows.filter { row in
      row.place == nil
        || !rows.contains {
          $0.cell == row.cell && ($0.place ?? .max) > (row.place ?? .max)
        }
    }
  }

  /// How many models were asked, snapshots and generations not counted apart.
  package var modelCount: Int {
    plan.conditions.reduce(0) { sum, condition in
      let own = rows.filter { $0.cell.condition == condition.name }
      return sum + (own.map(\.seeds).max() ?? 0)
    }
  }

  package var hasPlaces: Bool { rows.contains { $0.place != nil } }

  /// Whether intervals over models exist at all: with one seed there are none.
  package var hasSeedIntervals: Bool { rows.contains { $0.measured.overSeeds != nil } }
}
