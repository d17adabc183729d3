import Core
import Foundation
import Plans
import Store

/// What a plan compares first, with one model on either side: there long before the whole plan is.
struct FirstResult {
  /// Of the first model of either condition, after its last step.
  let cells: [PlannedAnswers]
  let evaluation: PlanEvaluation

  /// - Returns: `nil` for a plan that compares nothing that is asked, and for one that a single model of either
  ///   side is all of.
  init?(_ plan: Plan, _ cells: [PlannedAnswers]) {
    guard let comparison = plan.comparisons.first,
      let evaluation = plan.evaluations.first(where: { $0.name == comparison.of.evaluation })
    else { return nil }
    let sides = [comparison.of, comparison.against].compactMap { side in
      cells.filter { $0.cell == side.parts[0] }.first.flatMap { first in
        cells.last { $0.cell == first.cell && $0.model.replicate == first.model.replicate }
      }
    }
    guard sides.count == 2, sides.count < cells.count else { return nil }
    (self.cells, self.evaluation) = (sides, evaluation)
  }

  /// The same stages, first those that the result needs.
  func first(of stages: [Stage]) -> [Stage] {
    let byFingerprint = Dictionary(stages.map { ($0.fingerprint, $0) }) { first, _ in first }
    var needed: Set<Fingerprint> = []
    func need(_ fingerprint: Fingerprint) {
      guard let stage = byFingerprint[fingerprint], needed.insert(fingerprint).inserted else {
        return
      }
      stage.needs.forEach(need)
    }
    cells.forEach { need($0.stage.fingerprint) }
    return stages.filter { needed.contains($0.fingerprint) }
      + stages.filter { !needed.contains($0.fingerprint) }
  }
}

extension Experiment {
  /// The first result in words, where it is there.
  ///
  /// - Throws: `StoreError`.
  func told(_ first: FirstResult) throws -> String {
    let values = try first.cells.map { cell -> String in
      let own = try answers(of: cell).map { try placed($0, cell) }
      let judged = try JudgedCell(
        first.evaluation, cell.model.condition, place: cell.model.place, [own].compactMap { $0 },
        plan.rule, store)
      let value = judged.answers(worlds.oracle).estimate(seed: options.seed).value
      let number = value.map {
        first.evaluation.measure == .mark
          ? String(format: "%.2f", $0) : String(format: "%.1f %%", 100 * $0)
      }
      return "\(cell.model.condition.title) \(number ?? "unknown")"
    }
    return "First result, one model each, \(first.evaluation.measure.words) on "
      + "\(first.evaluation.title): \(values.joined(separator: ", "))"
  }
}
