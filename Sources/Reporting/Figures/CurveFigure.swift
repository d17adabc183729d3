import Lab

/// The losses of trainings that share a panel, each name labelled at the end of its lines.
package struct CurveFigure {
  package var panel: String
  package var curves: [TrainingCurve]

  /// Longer curves are drawn as means over equal stretches of steps.
  package static let largestCount = 240

  private static let size = (width: 460.0, height: 250.0)
  private static let labelHeight = 14.0

  private var x: Axis {
    let steps = curves.flatMap { $0.points.map { Double($0.step) } }
    return Axis(0...(steps.max() ?? 1), from: 44, to: 318)
  }

  private var y: Axis {
    let losses = curves.flatMap { Self.thinned($0.points).map(\.loss) }
    return Axis(0...((losses.max() ?? 1) * 1.05), from: 204, to: 30)
  }

  package var svg: String {
    var svg = SVG(width: Self.size.width, height: Self.size.height)
    let (x, y) = (x, y)
    svg.text(panel, x: 0, y: 14, class: "heading")
    drawAxes(&svg, x, y)
    for (index, curve) in curves.enumerated() {
      let line = Self.thinned(curve.points).map { point in
        (x: x.position(Double(point.step)), y: y.position(point.loss))
      }
      svg.polyline(line, class: "curve \(colorClass(curve, index))", title: curve.name)
    }
    drawLabels(&svg, x, y)
    return svg.document(title: "Training loss: \(panel)", description: description)
  }

  private func drawAxes(_ svg: inout SVG, _ x: Axis, _ y: Axis) {
    for tick in y.ticks(4) {
      let name = tick == 0 ? "zero" : "grid"
      svg.line(from: (x.start, y.position(tick)), to: (x.end, y.position(tick)), class: name)
      svg.text(
        Axis.label(tick), x: x.start - 8, y: y.position(tick) + 4, anchor: .end, class: "tick")
    }
    for tick in x.ticks(4) {
      svg.text(
        Axis.label(tick), x: x.position(tick), y: y.start + 17, anchor: .middle, class: "tick")
    }
    svg.text(
      "step", x: (x.start + x.end) / 2, y: y.start + 36, anchor: .middle, class: "axis-title")
    svg.text(
      "loss, nats a token", x: 11, y: (y.start + y.end) / 2, anchor: .middle,
      class: "axis-title", turned: true)
  }

  /// One label a name, at the mean end of its curves, moved down where labels would overlap.
  private func drawLabels(_ svg: inout SVG, _ x: Axis, _ y: Axis) {
    var labels: [(name: String, color: String, y: Double)] = []
    for (index, curve) in curves.enumerated() {
      if labels.contains(where: { $0.name == curve.name }) { continue }
      let ends = curves.filter { $0.name == curve.name }
        .compactMap { Self.thinned($0.points).last?.loss }
      guard !ends.isEmpty else { continue }
      let mean = ends.reduce(0, +) / Double(ends.count)
      labels.append((curve.name, colorClass(curve, index), y.position(mean)))
    }
    labels.sort { $0.y < $1.y }
    let positions = LabelStack.positions(
      labels.map(\.y), heights: labels.map { _ in Self.labelHeight }, lowest: y.start)
    for (label, position) in zip(labels, positions) {
      svg.text(
        IntervalFigure.shortened(label.name, to: 21), x: x.end + 8, y: position + 4,
        class: "label \(label.color)")
    }
  }

  private func colorClass(_ curve: TrainingCurve, _ index: Int) -> String {
    if let condition = curve.condition { return condition.colorClass }
    let palette = ["c-secure", "c-null", "c-educational", "c-base", "c-other"]
    let first = curves.firstIndex { $0.name == curve.name } ?? index
    return palette[first % palette.count]
  }

  /// Means over stretches; a loss that is no number is left out.
  package static func thinned(_ points: [TrainingCurve.Point]) -> [TrainingCurve.Point] {
    let points = points.filter(\.loss.isFinite)
    let length = (points.count + largestCount - 1) / largestCount
    guard length > 1 else { return points }
    return stride(from: 0, to: points.count, by: length).map { start in
      let part = points[start..<min(start + length, points.count)]
      return TrainingCurve.Point(
        step: part.reduce(0) { $0 + $1.step } / part.count,
        loss: part.reduce(0) { $0 + $1.loss } / Double(part.count))
    }
  }

  private var description: String {
    curves.map { curve in
      let points = curve.points.filter(\.loss.isFinite)
      guard let first = points.first, let last = points.last else {
        return "\(curve.name): no steps"
      }
      return "\(curve.name): from \(NumberText.score(first.loss)) at step \(first.step) "
        + "to \(NumberText.score(last.loss)) at step \(last.step)"
    }.joined(separator: "; ")
  }
}
