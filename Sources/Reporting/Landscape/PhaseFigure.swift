import Lab

/// The phase portrait of trainings: how far each has moved along a direction, and how misaligned it is elsewhere, step
/// by step.
struct PhaseFigure {
  let course: CourseFinding
  let names: PlanNames

  private static let (left, top, plotWidth, plotHeight) = (52.0, 34.0, 340.0, 230.0)

  private struct Way {
    let model: CourseFinding.Model
    let points: [(step: Int, x: Double, y: Double)]
  }

  private var ways: [Way] {
    course.models.map { model in
      Way(
        model: model,
        points: model.points.compactMap { point in
          point.spread.map { (point.step, point.projection, $0) }
        })
    }
  }

  /// Empty without a number.
  var svg: String {
    let all = ways.flatMap(\.points)
    guard let first = all.first else { return "" }
    let xs = all.map(\.x), ys = all.map(\.y)
    let x = Axis(
      (xs.min() ?? first.x)...(xs.max() ?? first.x), from: Self.left, to: Self.left + Self.plotWidth
    )
    let y = Axis(
      (ys.min() ?? first.y)...(ys.max() ?? first.y), from: Self.top + Self.plotHeight, to: Self.top)
    var svg = SVG(width: 460, height: Self.top + Self.plotHeight + 44)
    svg.text("Phase portrait", x: 0, y: 14, class: "heading")
    drawAxes(&svg, x, y)
    let color = names.color(course.condition)
    for way in ways {
      svg.polyline(
        way.points.map { (x: x.position($0.x), y: y.position($0.y)) }, class: "curve \(color)",
        title: name(way.model))
      for (index, point) in way.points.enumerated() {
        svg.circle(
          x: x.position(point.x), y: y.position(point.y), radius: 3,
          class: index == 0 ? "dot c-base" : "dot \(color)",
          title: "\(name(way.model)), step \(point.step): \(tick(point.y))")
      }
    }
    return svg.document(title: title, description: description)
  }

  private var title: String {
    "\(names.condition(course.condition)): \(names.evaluation(course.spread)) against the movement along "
      + names.direction(course.direction)
  }

  private func name(_ model: CourseFinding.Model) -> String {
    (model.world.map { "world \($0), " } ?? "") + "seed \(model.seed)"
  }

  private func tick(_ value: Double) -> String {
    names.scale(course.spread).tick(value).replacing("-", with: "−")
  }

  private func drawAxes(_ svg: inout SVG, _ x: Axis, _ y: Axis) {
    for value in y.ticks(5) {
      let height = y.position(value)
      svg.line(from: (x.start, height), to: (x.end, height), class: value == 0 ? "zero" : "grid")
      svg.text(tick(value), x: x.start - 8, y: height + 4, anchor: .end, class: "tick")
    }
    for value in x.ticks(6) {
      svg.text(
        Axis.label(value).replacing("-", with: "−"), x: x.position(value), y: y.start + 16,
        anchor: .middle, class: "tick")
    }
    svg.text(
      "movement along \(names.direction(course.direction)) at \(course.site)",
      x: (x.start + x.end) / 2, y: y.start + 34, anchor: .middle, class: "axis-title")
    svg.text(
      IntervalFigure.shortened(names.evaluation(course.spread), to: 36), x: 12,
      y: (y.start + y.end) / 2, anchor: .middle, class: "axis-title", turned: true)
  }

  private var description: String {
    ways.map { way in
      let ends = [way.points.first, way.points.last].compactMap { $0 }.map {
        "\(tick($0.y)) at step \($0.step)"
      }
      return "\(name(way.model)): \(ends.joined(separator: " to "))"
    }.joined(separator: "; ")
  }
}
