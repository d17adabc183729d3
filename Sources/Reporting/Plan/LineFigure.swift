import Statistics

/// Lines over doses, steps or generations, with whiskers for what is not certain. Series of one
/// name share a colour and a label at the end of their lines.
package struct LineFigure {
  package struct Point {
    package var x: Double
    /// `nil` where there is no number: the line has a gap.
    package var y: Double?
    package var whisker: Interval?
  }

  package struct Series {
    package var name: String
    package var colorClass: String
    package var points: [Point]
  }

  /// What lies behind the lines, from one height to another.
  package struct Band {
    package struct Part {
      package var x: Double
      package var low: Double
      package var high: Double
    }

    package var name: String
    package var parts: [Part]
  }

  package enum Size {
    /// With labels and titles.
    case wide
    /// One of many beside each other, without labels.
    case small
  }

  package var title: String
  package var heading: String
  package var axisTitle: String
  package var valueTitle: String
  package var series: [Series]
  package var range: ClosedRange<Double>
  package var tick: (Double) -> String = Axis.label
  package var isLogarithmic = false
  package var size = Size.wide
  package var band: Band?

  private static let labelLimit = 20
  private static let lineHeight = 13.0
  private static let top = 32.0

  private var labels: [(name: String, lines: [String])] {
    guard size == .wide else { return [] }
    var names: [String] = []
    for one in series where !names.contains(one.name) { names.append(one.name) }
    if let band, !names.contains(band.name) { names.append(band.name) }
    return names.map { ($0, $0.wrapped(at: Self.labelLimit)) }
  }

  private var width: Double { size == .wide ? 460 : 232 }
  private var plotHeight: Double {
    let text = labels.reduce(0) { $0 + Double($1.lines.count) * Self.lineHeight }
    return size == .wide ? max(174, text) : 104
  }
  private var horizontal: PlaceAxis {
    PlaceAxis(
      series.flatMap { $0.points.map(\.x) } + (band?.parts.map(\.x) ?? []),
      isLogarithmic: isLogarithmic, from: 46,
      to: size == .wide ? 296 : 224)
  }
  private var vertical: Axis { Axis(range, from: Self.top + plotHeight, to: Self.top) }

  package var svg: String {
    let (x, y) = (horizontal, vertical)
    var svg = SVG(width: width, height: y.start + (size == .wide ? 44 : 36))
    svg.text(
      IntervalFigure.shortened(heading, to: size == .wide ? 62 : 31), x: 0, y: 14,
      class: "heading")
    drawBand(&svg, x, y)
    drawAxes(&svg, x, y)
    for (index, one) in series.enumerated() { draw(one, shift: shift(index), &svg, x, y) }
    drawLabels(&svg, x, y)
    return svg.document(title: title, description: description)
  }

  /// Whiskers of different names must not cover each other; small figures have none.
  private func shift(_ index: Int) -> Double {
    guard let place = labels.firstIndex(where: { $0.name == series[index].name }) else { return 0 }
    guard series.contains(where: { $0.points.contains { $0.whisker != nil } }) else { return 0 }
    let room = min(4, 16 / Double(labels.count))
    return (Double(place) - Double(labels.count - 1) / 2) * room
  }

  private func drawAxes(_ svg: inout SVG, _ x: PlaceAxis, _ y: Axis) {
    for value in y.ticks(size == .wide ? 4 : 2) {
      let height = y.position(value)
      svg.line(from: (x.start, height), to: (x.end, height), class: value == 0 ? "zero" : "grid")
      svg.text(tick(value), x: x.start - 8, y: height + 4, anchor: .end, class: "tick")
    }
    x.draw(&svg, y: y.start)
    svg.text(
      axisTitle, x: (x.start + x.end) / 2, y: y.start + (size == .wide ? 36 : 31),
      anchor: .middle, class: "axis-title")
    guard size == .wide else { return }
    // Long ticks push the title to the left.
    let longest = y.ticks(4).map { tick($0).count }.max() ?? 0
    svg.text(
      IntervalFigure.shortened(valueTitle, to: 36), x: 10 - 6 * Double(max(0, longest - 3)),
      y: (y.start + y.end) / 2,
      anchor: .middle, class: "axis-title", turned: true)
  }

  /// Of half the width that a band at a single place has.
  private static let bandMargin = 7.0

  private func drawBand(_ svg: inout SVG, _ x: PlaceAxis, _ y: Axis) {
    guard let band, let first = band.parts.first, let last = band.parts.last else { return }
    let height = { (value: Double) in self.height(value, y) }
    var upper = band.parts.map { (x: x.position($0.x), y: height($0.high)) }
    var lower = band.parts.map { (x: x.position($0.x), y: height($0.low)) }
    if band.parts.count == 1 {
      let ends = [-Self.bandMargin, Self.bandMargin].map { x.position(first.x) + $0 }
      upper = ends.map { (x: $0, y: height(first.high)) }
      lower = ends.map { (x: $0, y: height(last.low)) }
    }
    svg.polygon(upper + lower.reversed(), class: "band", title: band.name)
  }

  private func height(_ value: Double, _ y: Axis) -> Double {
    y.position(min(range.upperBound, max(range.lowerBound, value)))
  }

  private func draw(
    _ one: Series, shift: Double, _ svg: inout SVG, _ x: PlaceAxis, _ y: Axis
  ) {
    let height = { (value: Double) in self.height(value, y) }
    for part in one.points.split(whereSeparator: { $0.number == nil }) {
      let line = part.map { (x: x.position($0.x) + shift, y: height($0.number ?? 0)) }
      svg.polyline(line, class: "curve \(one.colorClass)", title: one.name)
    }
    for point in one.points {
      guard let value = point.number else { continue }
      let place = x.position(point.x) + shift
      if let whisker = point.whisker {
        let ends = [whisker.low, whisker.high].map(height)
        svg.line(from: (place, ends[0]), to: (place, ends[1]), class: "thin \(one.colorClass)")
        for end in ends {
          svg.line(from: (place - 3, end), to: (place + 3, end), class: "thin \(one.colorClass)")
        }
      }
      guard hasDots else { continue }
      svg.circle(
        x: place, y: height(value), radius: 3, class: "dot \(one.colorClass)",
        title: "\(one.name), \(Axis.label(point.x)): \(tick(value))")
    }
  }

  /// Dots for what was measured; a training of many steps is a line alone.
  private var hasDots: Bool { series.allSatisfy { $0.points.count <= 40 } }

  private func drawLabels(_ svg: inout SVG, _ x: PlaceAxis, _ y: Axis) {
    var placed = labels.map { label in
      let own = series.filter { $0.name == label.name }
      let ends =
        own.isEmpty
        ? band?.parts.last.map { [($0.low + $0.high) / 2] } ?? []
        : own.compactMap { $0.points.last { $0.number != nil }?.number }
      let mean = ends.isEmpty ? range.lowerBound : ends.reduce(0, +) / Double(ends.count)
      let color = own.first?.colorClass ?? "band-label"
      return (lines: label.lines, color: color, y: y.position(mean), isKnown: !ends.isEmpty)
    }
    placed.sort { ($0.y, $0.lines.joined()) < ($1.y, $1.lines.joined()) }
    let heights = placed.map { Double($0.lines.count) * Self.lineHeight }
    let positions = LabelStack.positions(
      placed.map(\.y), heights: heights, lowest: y.start + Self.lineHeight - (heights.last ?? 0))
    for (label, position) in zip(placed, positions) {
      for (index, line) in label.lines.enumerated() {
        let isLast = index == label.lines.count - 1
        svg.text(
          line + (isLast && !label.isKnown ? " \(NumberText.undefined)" : ""), x: x.end + 10,
          y: position + 4 + Double(index) * Self.lineHeight, class: "label \(label.color)")
      }
    }
  }

  private var description: String {
    let lines = series.map { one in
      let known = one.points.compactMap { point in point.number.map { (point.x, $0) } }
      guard let first = known.first, let last = known.last else { return "\(one.name): no number" }
      return "\(one.name): \(tick(first.1)) at \(Axis.label(first.0)), "
        + "\(tick(last.1)) at \(Axis.label(last.0))"
    }
    let behind = band.map { band in
      let parts = band.parts.map {
        "\(tick($0.low)) to \(tick($0.high)) at \(Axis.label($0.x))"
      }
      return "\(band.name): \(parts.isEmpty ? "no number" : parts.joined(separator: ", "))"
    }
    return (lines + [behind].compactMap { $0 }).joined(separator: "; ")
  }
}

extension LineFigure.Point {
  /// The value, when there is one and it is a number.
  fileprivate var number: Double? { y.flatMap { $0.isFinite ? $0 : nil } }
}
