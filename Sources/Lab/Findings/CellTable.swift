import Core
import Dish
import Foundation
import Judging
import Plans
import Statistics
import Store

/// The numbers of a plan from its answers and scores, whatever models they are of and whoever read them.
struct CellTable {
  let plan: Plan
  /// Of every draw of an interval.
  let seed: UInt64
  /// In the plan's order: conditions, then evaluations, then places of a course.
  let cells: [any MeasuredCell]

  var rows: [FindingRow] {
    cells.map { cell in
      let condition = plan.conditions.first { $0.name == cell.cell.condition }
      var row = cell.row(seed: seed)
      row.x = cell.place.map(Double.init) ?? condition?.x
      return row
    }
  }

  /// A cell after the last step or generation.
  private func last(_ cell: PlanCell) -> (any MeasuredCell)? {
    cells.last { $0.cell == cell }
  }

  var comparisons: [ComparisonFinding] {
    plan.comparisons.compactMap { comparison -> ComparisonFinding? in
      guard let of = last(comparison.of), let against = last(comparison.against) else { return nil }
      return CellComparison(of: of.side, against: against.side, seed: seed).finding(comparison)
    }.holmAdjusted
  }

  /// What the store knows of a prediction.
  struct Foretold {
    let address: Fingerprint
    let stored: Date
    let isLate: Bool
  }

  func predictions(
    _ foretold: (PlanPrediction) throws -> Foretold
  ) throws -> [PredictionFinding] {
    try plan.predictions.compactMap { prediction in
      guard let of = last(prediction.of) else { return nil }
      let own = try foretold(prediction)
      let value =
        prediction.against.flatMap(last).map {
          CellComparison(of: of.side, against: $0.side, seed: seed).difference
        } ?? of.estimate(seed: seed)
      return PredictionFinding(
        prediction: prediction, value: value,
        held: value.value.map(prediction.holds), isCertain: prediction.isCertain(value.overSeeds),
        fingerprint: own.address.hex, stored: own.stored.timeIntervalSince1970,
        isLate: own.isLate)
    }
  }

  /// Chosen by a rule and not by hand.
  var examples: [ExampleFinding] {
    cells.filter { $0.place == nil || last($0.cell)?.place == $0.place }.flatMap(\.examples)
  }
}

extension PlanPrediction {
  func holds(_ value: Double) -> Bool {
    direction == .above ? value > threshold : value < threshold
  }

  /// Whether all of the interval is on the predicted side.
  func isCertain(_ interval: Interval?) -> Bool {
    guard let interval else { return false }
    return holds(interval.low) && holds(interval.high)
  }
}
