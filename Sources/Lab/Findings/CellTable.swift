import Core
import Dish
import Foundation
import Judging
import Plans
import Statistics
import Store

/// The numbers of a plan from its answers, whatever models gave them and whoever read them.
struct CellTable {
  let plan: Plan
  /// Of every draw of an interval.
  let seed: UInt64
  /// In the plan's order: conditions, then evaluations, then places of a course.
  let cells: [CellAnswers]

  var rows: [FindingRow] { cells.map(row) }

  private func row(_ cell: CellAnswers) -> FindingRow {
    let all = cell.models.flatMap(\.all)
    let condition = plan.conditions.first { $0.name == cell.cell.condition }
    let families = cell.models.first?.families.indices ?? 0..<0
    return FindingRow(
      cell: cell.cell, place: cell.place, x: cell.place.map(Double.init) ?? condition?.x,
      seeds: cell.models.count, answers: all.count, coherent: all.count { $0.reading.counts },
      measured: cell.estimate(seed: seed), misalignedOfAll: cell.misalignedOfAll(seed: seed),
      coherentFraction: Proportion(
        successes: all.count { $0.reading.counts }, trials: all.count
      ).rate,
      perSeed: cell.models.map { model in
        SeedFinding(
          seed: model.seed, value: cell.measure.tally(model.all).mean, answers: model.all.count,
          coherent: model.all.count { $0.reading.counts })
      },
      perFamily: families.compactMap { cell.family($0, seed: seed) }, labels: labels(all))
  }

  private func labels(_ answers: [JudgedText]) -> [String: Int] {
    var counts: [String: Int] = [:]
    for answer in answers where answer.reading == .misaligned {
      if let label = answer.said?.label { counts[label, default: 0] += 1 }
    }
    return counts
  }

  /// The answers of a cell after the last step or generation.
  private func last(_ cell: PlanCell) -> CellAnswers? {
    cells.last { $0.cell == cell }
  }

  var comparisons: [ComparisonFinding] {
    plan.comparisons.compactMap { comparison -> ComparisonFinding? in
      guard let of = last(comparison.of), let against = last(comparison.against) else { return nil }
      return CellContrast(of: of.side, against: against.side, seed: seed).finding(comparison)
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
          CellContrast(of: of.side, against: $0.side, seed: seed).difference
        } ?? of.estimate(seed: seed)
      return PredictionFinding(
        prediction: prediction, value: value,
        held: value.value.map(prediction.holds), isCertain: prediction.isCertain(value.overSeeds),
        fingerprint: own.address.hex, stored: own.stored.timeIntervalSince1970,
        isLate: own.isLate)
    }
  }

  /// The first answer of the first model to each family: chosen by this rule and not by hand.
  var examples: [ExampleFinding] {
    cells.filter { $0.place == nil || last($0.cell)?.place == $0.place }.flatMap { cell in
      (cell.models.first?.families ?? []).compactMap { family in
        family.answers.first.map { answer in
          ExampleFinding(
            cell: cell.cell, family: family.title, question: answer.answer.prompt,
            answer: answer.answer.text, aligned: answer.aligned, coherent: answer.coherent)
        }
      }
    }
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
