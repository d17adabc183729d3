import Foundation
import Plans
import Statistics

/// One paragraph, made from the numbers, that says what a plan found.
struct PlanSummary {
  let plan: Plan
  let rows: [FindingRow]
  let comparisons: [ComparisonFinding]
  let predictions: [PredictionFinding]
  var correlation: CorrelationFinding?

  var text: String {
    let contrasts = ContrastWords(plan: plan, rows: rows, comparisons: comparisons).text
    return [extremes, contrasts, correlated, compared, curve, predicted].compactMap { $0 }
      .joined(separator: " ")
  }

  /// The lowest and the highest condition of the first evaluation.
  private var extremes: String? {
    guard let evaluation = plan.evaluations.first, evaluation.contrast == nil else { return nil }
    let known = lastRows.filter {
      $0.cell.evaluation == evaluation.name && $0.measured.value != nil
    }
    guard let low = known.min(by: { value($0) < value($1) }),
      let high = known.max(by: { value($0) < value($1) }), low != high
    else { return nil }
    return "\(evaluation.title): from \(words(low)) (\(title(low.cell.condition))) to "
      + "\(words(high)) (\(title(high.cell.condition))), \(evaluation.measure.words)."
  }

  private var correlated: String? {
    guard let correlation, !correlation.points.isEmpty else { return nil }
    func title(_ name: String) -> String {
      plan.evaluations.first { $0.name == name }?.title ?? name
    }
    return "\(title(correlation.up)) by \(title(correlation.across)), \(correlation.words)."
  }

  private var compared: String? {
    guard !comparisons.isEmpty else { return nil }
    let sure = comparisons.filter { ($0.adjustedP ?? 1) < 0.05 }
    let up = sure.filter { ($0.difference.value ?? 0) > 0 }
    let blind = comparisons.filter { ($0.leastP ?? 1) >= 0.05 }
    var text =
      "Of \(comparisons.count) \(comparisons.count == 1 ? "comparison" : "comparisons"), "
      + "\(sure.count) \(sure.count == 1 ? "differs" : "differ") from chance after Holm's "
      + "correction (p < 0.05), \(up.count) of them upwards."
    if !blind.isEmpty {
      text += " \(blind.count) could not have: so few models cannot give a smaller p."
    }
    return text
  }

  /// The smallest dose that differs from none.
  private var curve: String? {
    guard plan.figure.kind == .curve, let evaluation = plan.evaluations.first else { return nil }
    let points = lastRows.filter { $0.cell.evaluation == evaluation.name && $0.x != nil }
      .sorted { ($0.x ?? 0) < ($1.x ?? 0) }
    guard let first = points.first,
      let none = first.measured.overSeeds ?? first.measured.overAnswers
    else { return nil }
    let next = points.dropFirst().first { point in
      guard let own = point.measured.overSeeds ?? point.measured.overAnswers else { return false }
      return own.low > none.high || own.high < none.low
    }
    let axis = plan.figure.axis ?? "the axis"
    guard let next else { return "No point of \(axis) has an interval apart from the first's." }
    return "On \(axis), \(title(next.cell.condition)) is the first whose interval "
      + "lies apart from that of \(title(first.cell.condition))."
  }

  private var predicted: String? {
    guard !predictions.isEmpty else { return nil }
    let held = predictions.count { $0.held == true }
    let unknown = predictions.count { $0.held == nil }
    let late = predictions.count { $0.isLate }
    var text =
      "\(held) of \(predictions.count) "
      + "\(predictions.count == 1 ? "prediction" : "predictions") held"
    if unknown > 0 { text += ", \(unknown) could not be decided" }
    if late > 0 { text += "; \(late) came after the first result, which proves nothing" }
    return text + "."
  }

  private var lastRows: [FindingRow] {
    rows.filter { row in
      !rows.contains { $0.cell == row.cell && ($0.place ?? 0) > (row.place ?? 0) }
    }
  }

  private func title(_ condition: String) -> String {
    plan.conditions.first { $0.name == condition }?.title ?? condition
  }

  private func value(_ row: FindingRow) -> Double { row.measured.value ?? 0 }

  private func words(_ row: FindingRow) -> String {
    let isMark = plan.evaluations.first?.measure == .mark
    func number(_ value: Double) -> String {
      isMark ? String(format: "%.2f", value) : String(format: "%.1f", 100 * value)
    }
    guard let value = row.measured.value else { return "nothing" }
    let text = number(value) + (isMark ? "" : " %")
    guard let interval = row.measured.overSeeds else { return text }
    return "\(text) (\(number(interval.low)) to \(number(interval.high)))"
  }
}

extension PlanMeasure {
  /// What a percentage of it is.
  var words: String {
    switch self {
    case .misaligned: "misaligned of the coherent answers"
    case .harmful: "harmful of the coherent answers, asked for or not"
    case .careless: "careless of the coherent answers"
    case .incoherent: "incoherent of all answers"
    case .mark: "the mark that the model gives itself, of 1"
    case .distinct: "different texts of all answers"
    case .contrast: "how much likelier bad answers are than good ones, in nats a token"
    }
  }
}
