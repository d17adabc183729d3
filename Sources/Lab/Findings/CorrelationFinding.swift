import Core
import Foundation
import Plans
import Statistics

/// How what two evaluations measure goes together, over the models of a plan.
package struct CorrelationFinding: Sendable, Hashable, Codable {
  /// A model.
  package struct Point: Sendable, Hashable, Codable {
    package var condition: String
    /// The seed of its world, where the plan has several.
    package var world: UInt64?
    package var seed: UInt64
    /// Steps or generations, where the plan looks at several.
    package var place: Int?
    package var across: Double
    package var up: Double
  }

  /// Evaluations.
  package var across: String
  package var up: String
  package var points: [Point]
  package var pearson: Double?
  /// 95 %, percentile bootstrap of Pearson's over conditions: models of one condition are no news of each other.
  package var pearsonInterval: Interval?
  package var spearman: Double?

  /// Of models that have both numbers; `nil` in a plan whose figure is no scatter.
  init?(_ plan: Plan, _ rows: [FindingRow], seed: UInt64) {
    guard let across = plan.figure.across, let up = plan.figure.up else { return nil }
    (self.across, self.up) = (across, up)
    func row(_ evaluation: String, _ other: FindingRow) -> FindingRow? {
      rows.first {
        $0.cell == PlanCell(condition: other.cell.condition, evaluation: evaluation)
          && $0.place == other.place
      }
    }
    points = rows.filter { $0.cell.evaluation == across }.flatMap { own -> [Point] in
      let other = row(up, own)?.perSeed ?? []
      return own.perSeed.compactMap { model in
        guard let x = model.value,
          let y = other.first(where: { $0.seed == model.seed && $0.world == model.world })?.value
        else { return nil }
        return Point(
          condition: own.cell.condition, world: model.world, seed: model.seed, place: own.place,
          across: x, up: y)
      }
    }
    pearson = Self.pearson(points)
    spearman = Correlation.spearman(points.map(\.across), points.map(\.up))
    pearsonInterval = interval(RandomStream(seed: seed, path: ["correlation", across, up]))
  }

  private static func pearson(_ points: [Point]) -> Double? {
    Correlation.pearson(points.map(\.across), points.map(\.up))
  }

  private func interval(_ stream: RandomStream) -> Interval? {
    let groups = Dictionary(grouping: points, by: \.condition).sorted { $0.key < $1.key }
      .map(\.value)
    guard groups.count > 2 else { return nil }
    var stream = stream
    // A draw in which all models agree has no correlation.
    let values = (0..<2_000).compactMap { _ in
      Self.pearson(groups.indices.flatMap { _ in stream.element(of: groups) })
    }.sorted()
    guard let low = quantile(0.025, ofSorted: values), let high = quantile(0.975, ofSorted: values)
    else { return nil }
    return Interval(low: low, high: high)
  }

  /// `over 36 models of 18 conditions: Pearson's r 0.97 (95 % over conditions 0.91 to 0.99), Spearman's ρ 0.90`.
  package var words: String {
    func number(_ value: Double?) -> String {
      value.map { String(format: "%.2f", $0).replacing("-", with: "−") } ?? "unknown"
    }
    let interval = pearsonInterval.map {
      " (95 % over conditions \(number($0.low)) to \(number($0.high)))"
    }
    let conditions = Set(points.map(\.condition)).count
    return "over \(points.count) models of \(conditions) conditions: Pearson’s r \(number(pearson))"
      + "\(interval ?? ""), Spearman’s ρ \(number(spearman))"
  }
}
