import Core
import Foundation
import Plans
import Statistics

/// What the contrasts of a plan found, in words made from the numbers.
struct ContrastWords {
  let plan: Plan
  let rows: [FindingRow]
  let comparisons: [ComparisonFinding]

  /// `nil` in a plan without contrasts, or without their numbers.
  var text: String? {
    var lead: String?
    let parts = plan.evaluations.filter { $0.contrast != nil }.compactMap { evaluation in
      words(evaluation).map { words in
        let own = Self.lead(evaluation.changeFrom.map(title))
        defer { lead = own }
        return own == lead ? words : own + words
      }
    }
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }

  /// What the numbers are, which evaluations behind each other may share.
  private static func lead(_ base: String?) -> String {
    "How much likelier bad answers are than good ones, in nats a token"
      + (base.map { ", as the change from \($0)" } ?? "") + ". "
  }

  /// `Free-form questions: bad +0.260, good −0.055; bad − good +0.314 (95 % over models +0.285 to +0.343).`
  private func words(_ evaluation: PlanEvaluation) -> String? {
    let own = rows.filter { row in
      row.cell.evaluation == evaluation.name
        && !rows.contains { $0.cell == row.cell && ($0.place ?? 0) > (row.place ?? 0) }
    }
    guard !own.isEmpty else { return nil }
    let numbers = Self.most < own.count ? ends(of: own) : own.map(words)
    let held = comparisons.filter { $0.comparison.of.evaluation == evaluation.name }.map(words)
    return "\(evaluation.title.onOneLine): "
      + ([numbers.joined(separator: ", ")] + held).joined(separator: "; ") + "."
  }

  /// Conditions that are told one by one.
  private static let most = 8

  private func words(_ row: FindingRow) -> String {
    "\(title(row.cell.condition)) \(Self.number(row.measured.value))"
  }

  private func ends(of rows: [FindingRow]) -> [String] {
    let known = rows.filter { $0.measured.value != nil }
    func value(_ row: FindingRow) -> Double { row.measured.value ?? 0 }
    guard let low = known.min(by: { value($0) < value($1) }),
      let high = known.max(by: { value($0) < value($1) })
    else { return [] }
    return ["from \(words(low)) to \(words(high))"]
  }

  private func words(_ finding: ComparisonFinding) -> String {
    let (of, against) = (finding.comparison.of, finding.comparison.against)
    let other =
      of.evaluation == against.evaluation
      ? title(against.condition)
      : of.condition == against.condition
        ? against.evaluation : "\(title(against.condition)) on \(against.evaluation)"
    let difference = finding.difference
    let interval =
      difference.overSeeds.map { ("models", $0) } ?? difference.overAnswers.map { ("topics", $0) }
    let words = interval.map {
      " (95 % over \($0) \(Self.number($1.low)) to \(Self.number($1.high)))"
    }
    return "\(title(of.condition)) − \(other) \(Self.number(difference.value))\(words ?? "")"
  }

  private static func number(_ value: Double?) -> String {
    value.map { String(format: "%+.3f", $0).replacing("-", with: "−") } ?? "unknown"
  }

  private func title(_ condition: String) -> String {
    (plan.conditions.first { $0.name == condition }?.title ?? condition).onOneLine
  }
}
