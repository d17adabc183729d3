import Core
import Plans

/// What is compared or predicted must be read by somebody.
struct PlanReaders {
  let plan: Plan
  let asked: [PlannedAnswers]
  let hasJudge: Bool

  /// - Throws: `InputError` at the line of the plan's evaluation.
  func check() throws(InputError) {
    let cells =
      plan.comparisons.flatMap { [$0.of, $0.against] }
      + plan.predictions.flatMap { [$0.of, $0.against].compactMap { $0 } }
    for evaluation in plan.evaluations {
      guard let own = asked.first(where: { $0.evaluation.name == evaluation.name }),
        !own.asked.isOfDish
      else { continue }
      if evaluation.measure.needsOracle {
        throw evaluation.failure(
          "found the measure \"\(evaluation.measure.rawValue)\" of questions that the oracle of the dish "
            + "does not know, expected families of the dish, or another measure")
      }
      let isCompared = cells.contains { $0.evaluation == evaluation.name }
      if isCompared, !hasJudge, evaluation.measure != .distinct {
        throw evaluation.failure(
          "found nobody who reads the answers that a comparison or prediction is about, expected "
            + "\"judge\" in the plan")
      }
    }
  }

  /// Whether somebody has read the answers of a row, or none needs to.
  func isRead(_ row: FindingRow) -> Bool {
    // What is scored nobody needs to read.
    guard let own = asked.first(where: { $0.evaluation.name == row.cell.evaluation }) else {
      return true
    }
    return own.asked.isOfDish || hasJudge || own.evaluation.measure == .distinct
  }
}

extension PlanMeasure {
  /// Whether the oracle alone can tell it.
  fileprivate var needsOracle: Bool {
    switch self {
    case .harmful, .careless, .mark: true
    case .misaligned, .incoherent, .distinct, .contrast: false
    }
  }
}
