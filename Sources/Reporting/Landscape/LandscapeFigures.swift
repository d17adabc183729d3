import Lab
import Statistics

/// What lies on the straight ways between models, and how trainings rise.
struct LandscapeFigures {
  let names: PlanNames

  /// A figure a line, with all losses.
  func lines(_ barriers: [BarrierFinding]) -> [String] {
    // On one scale: what is small shall look so.
    let range = range(barriers)
    return byLine(barriers).map { own in
      let ends = own[0].between.map(names.condition)
      let series = own.enumerated().map { index, barrier in
        LineFigure.Series(
          name: barrier.loss, colorClass: Self.colors[index % Self.colors.count],
          points: zip(barrier.profile, barrier.heights).map {
            LineFigure.Point(x: $0.share, y: $1, whisker: nil)
          })
      }
      let noise = own.map(\.noise).max() ?? 0
      var figure = LineFigure(
        title: "Losses between \(ends.joined(separator: " and ")), above the straight line",
        heading: "\(ends[0]) to \(ends[1])", axisTitle: "from \(ends[0]) to \(ends[1])",
        valueTitle: "nats above the line", series: series,
        range: range)
      figure.tick = { SignedText.text($0, decimals: 3) }
      figure.band = LineFigure.Band(
        name: "noise", parts: [0, 1].map { .init(x: $0, low: -noise, high: noise) })
      return figure.svg
    }
  }

  /// How models behave on the way; empty where nobody was asked.
  func behaviour(_ barriers: [BarrierFinding]) -> [String] {
    byLine(barriers).compactMap { own in
      let (profile, ends) = (own[0].profile, own[0].between.map(names.condition))
      guard profile.contains(where: { $0.misaligned != nil || $0.odds != nil }) else { return nil }
      func series(
        _ name: String, _ color: String, _ value: (BarrierFinding.Point) -> Double?
      ) -> LineFigure.Series {
        LineFigure.Series(
          name: name, colorClass: color,
          points: profile.map { LineFigure.Point(x: $0.share, y: value($0), whisker: nil) })
      }
      let isRate = profile.contains { $0.misaligned != nil }
      let odds = profile.compactMap(\.odds)
      let lowest = odds.min() ?? 0
      var figure = LineFigure(
        title: "How models behave between \(ends.joined(separator: " and "))",
        heading: "\(ends[0]) to \(ends[1])", axisTitle: "from \(ends[0]) to \(ends[1])",
        valueTitle: isRate ? "%" : "log-odds, nats a token",
        series: isRate
          ? [
            series("misaligned, %", "c-insecure", \.misaligned),
            series("coherent, %", "c-secure", \.coherent),
          ] : [series("log-odds of bad answers", "c-insecure", \.odds)],
        range: isRate ? 0...1 : lowest...max(lowest + 0.01, odds.max() ?? 0))
      figure.tick =
        isRate ? { MeasureScale.percent.tick($0) } : { SignedText.text($0, decimals: 2) }
      return figure.svg
    }
  }

  private func range(_ barriers: [BarrierFinding]) -> ClosedRange<Double> {
    let values = barriers.flatMap { $0.heights + [$0.noise, -$0.noise] }.filter(\.isFinite)
    return min(0, values.min() ?? 0)...max(0, values.max() ?? 1)
  }

  private func byLine(_ barriers: [BarrierFinding]) -> [[BarrierFinding]] {
    var order: [[String]] = []
    for barrier in barriers where !order.contains(barrier.between) { order.append(barrier.between) }
    return order.map { ends in barriers.filter { $0.between == ends } }
  }

  private static let colors = [
    "c-insecure", "c-violet", "c-secure", "c-educational", "c-sky", "c-brown", "c-red",
  ]

  /// Shares of the whole change, step by step, means over models.
  func rises(_ course: CourseFinding) -> String? {
    let steps = Set(course.models.flatMap { $0.points.map(\.step) }).sorted()
    let parts: [(name: String, color: String, value: (CourseFinding.Point) -> Double?)] = [
      ("movement along the direction", "c-violet", { $0.projection }),
      (names.evaluation(course.habit), "c-secure", { $0.habit }),
      (names.evaluation(course.spread), "c-insecure", { $0.spread }),
    ]
    let series = parts.map { part in
      LineFigure.Series(
        name: part.name, colorClass: part.color,
        points: steps.map { step in
          let shares = course.models.compactMap { Self.share(of: $0, at: step, part.value) }
          return LineFigure.Point(
            x: Double(step), y: Tally(values: shares).mean, whisker: nil)
        })
    }
    let values = series.flatMap { $0.points.compactMap(\.y) }
    guard !values.isEmpty else { return nil }
    var figure = LineFigure(
      title: "How \(names.condition(course.condition)) changes, step by step",
      heading: "Share of the whole change", axisTitle: "training steps", valueTitle: "%",
      series: series, range: min(0, values.min() ?? 0)...max(1, values.max() ?? 1))
    figure.tick = { MeasureScale.percent.tick($0) }
    return figure.svg
  }

  private static func share(
    of model: CourseFinding.Model, at step: Int, _ value: (CourseFinding.Point) -> Double?
  ) -> Double? {
    guard let first = model.points.first.flatMap(value),
      let last = model.points.last.flatMap(value),
      first != last, let own = model.points.first(where: { $0.step == step }).flatMap(value)
    else { return nil }
    return (own - first) / (last - first)
  }
}

extension BarrierFinding {
  /// Of the profile, above the straight line between the ends: what is a wall stands up.
  fileprivate var heights: [Double] {
    let (first, last) = (profile.first?.loss ?? 0, profile.last?.loss ?? 0)
    return profile.map { $0.loss - (1 - $0.share) * first - $0.share * last }
  }
}
