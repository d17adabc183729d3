import Core
import Foundation
import Plans
import Statistics

/// What the contrasts of a plan found, in words made from the numbers.
struct ContrastWords {
  let plan: Plan
  let rows: [FindingRow]
  let comparisons: [ComparisonFinding]

  /// `nil` in a plan without contrasts.
  var text: String? {
    let words = plan.evaluations.filter { $0.contrast != nil }.compactMap(words)
    return words.isEmpty ? nil : words.joined(separator: " ")
  }

  private func words(_ evaluation: PlanEvaluation) -> String? {
    let own = rows.filter { row in
      row.cell.evaluation == evaluation.name
        && !rows.contains { $0.cell == row.cell && ($0.place ?? 0) > (row.place ?? 0) }
    }
    guard !own.isEmpty else { return nil }
    let numbers = own.map { "\(title($0.cell.condition)) \(words($0.measured))" }
    let change = evaluation.changeFrom.map { ", as the change from \(title($0))" } ?? ""
    let held = comparisons.filter { $0.comparison.of.evaluation == evaluation.name }.map(words)
    return
      ([
        "\(evaluation.title.onOneLine): bad answers against good ones, in nats a token\(change): "
          + numbers.joined(separator: ", ") + "."
      ] + held).joined(separator: " ")
  }

  private func words(_ finding: ComparisonFinding) -> String {
    let (of, against) = (finding.comparison.of, finding.comparison.against)
    let other =
      of.evaluation == against.evaluation
      ? title(against.condition) : "\(title(against.condition)) on \(against.evaluation)"
    let difference = finding.difference
    let side = difference.overSeeds.map { interval in
      interval.low > 0
        ? ": all of the interval is above 0"
        : interval.high < 0 ? ": all of the interval is below 0" : ": the interval holds 0"
    }
    return "\(title(of.condition)) − \(other): \(words(difference))\(side ?? "")."
  }

  /// `+0.275 (over models +0.212 to +0.338, over topics +0.224 to +0.326)`.
  private func words(_ estimate: FindingEstimate) -> String {
    let intervals = [("models", estimate.overSeeds), ("topics", estimate.overAnswers)].compactMap {
      over, interval in
      interval.map { "over \(over) \(Self.number($0.low)) to \(Self.number($0.high))" }
    }
    let value = estimate.value.map(Self.number) ?? "no number"
    return value + (intervals.isEmpty ? "" : " (\(intervals.joined(separator: ", ")))")
  }

  private static func number(_ value: Double) -> String {
    String(format: "%+.3f", value).replacing("-", with: "−")
  }

  private func title(_ condition: String) -> String {
    (plan.conditions.first { $0.name == condition }?.title ?? condition).onOneLine
  }
}
