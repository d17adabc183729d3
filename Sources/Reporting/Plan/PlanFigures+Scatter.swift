import Lab
import Plans
import Statistics

extension PlanFigures {
  /// Models by what two evaluations measure; `nil` where the plan draws none.
  package var scatter: String? {
    guard let correlation = findings.correlation, !correlation.points.isEmpty else { return nil }
    let (across, up) = (names.scale(correlation.across), names.scale(correlation.up))
    return ScatterFigure(
      title: "\(names.evaluation(correlation.up)) by \(names.evaluation(correlation.across))",
      axisTitle: axisTitle(correlation.across), valueTitle: axisTitle(correlation.up),
      points: correlation.points.map { point in
        ScatterFigure.Point(
          name: names.condition(point.condition), colorClass: names.color(point.condition),
          x: point.across, y: point.up,
          detail: (point.place.map { "after \($0), " } ?? "")
            + (point.world.map { "world \($0), " } ?? "") + "seed \(point.seed): "
            + "\(across.value(point.across)), \(up.value(point.up))")
      }, xRange: Self.range(across, correlation.points.map(\.across)),
      yRange: Self.range(up, correlation.points.map(\.up)), xTick: across.tick, yTick: up.tick
    ).svg
  }

  private func axisTitle(_ evaluation: String) -> String {
    "\(names.evaluation(evaluation)): \(names.measure(evaluation).axisTitle)"
  }

  /// As far as the numbers go, with some room: a contrast of one kind of answers may lie far from 0.
  private static func range(_ scale: MeasureScale, _ values: [Double]) -> ClosedRange<Double> {
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    guard scale == .nats else { return 0...max(1.05 * high, 0.05) }
    let room = max(0.05 * (high - low), 1e-3)
    return low - room...high + room
  }
}
