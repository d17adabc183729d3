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

  /// What is compared: a cell's number, or how far it is from another condition's.
  private func side(_ cell: PlanCell) -> ComparedSide? {
    let sides = cell.parts.compactMap { last($0)?.side }
    guard sides.count == cell.parts.count else { return nil }
    return sides.count == 1 ? sides[0] : sides[0].change(from: sides[1])
  }

  var comparisons: [ComparisonFinding] {
    plan.comparisons.compactMap { comparison -> ComparisonFinding? in
      guard let of = side(comparison.of), let against = side(comparison.against) else {
        return nil
      }
      return CellComparison(of: of, against: against, seed: seed).finding(comparison)
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
      guard let of = side(prediction.of) else { return nil }
      let own = try foretold(prediction)
      let alone = of.isChange ? of.estimate : last(prediction.of)?.estimate(seed: seed)
      guard
        let value = prediction.against.flatMap(side).map({
          CellComparison(of: of, against: $0, seed: seed).difference
        }) ?? alone
      else { return nil }
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
