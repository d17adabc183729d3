/// A dot for each model, by two numbers. Dots of one name share a colour, and a label at their middle.
package struct ScatterFigure {
  package struct Point {
    package var name: String
    package var colorClass: String
    package var x: Double
    package var y: Double
    /// Which of the name's, for the pointer.
    package var detail: String
  }

  package var title: String
  package var axisTitle: String
  package var valueTitle: String
  package var points: [Point]
  package var xRange: ClosedRange<Double>
  package var yRange: ClosedRange<Double>
  package var xTick: (Double) -> String = Axis.label
  package var yTick: (Double) -> String = Axis.label

  private static let (width, height) = (620.0, 430.0)
  private static let (left, right, top, bottom) = (52.0, 12.0, 14.0, 48.0)

  private var horizontal: Axis { Axis(xRange, from: Self.left, to: Self.width - Self.right) }
  private var vertical: Axis { Axis(yRange, from: Self.height - Self.bottom, to: Self.top) }

  package var svg: String {
    var svg = SVG(width: Self.width, height: Self.height)
    drawAxes(&svg)
    for point in points {
      svg.circle(
        x: horizontal.position(point.x), y: vertical.position(point.y), radius: 4,
        class: "dot \(point.colorClass)", title: "\(point.name), \(point.detail)")
    }
    drawLabels(&svg)
    return svg.document(title: title, description: description)
  }

  private func drawAxes(_ svg: inout SVG) {
    let (x, y) = (horizontal, vertical)
    for value in y.ticks(5) {
      let height = y.position(value)
      svg.line(from: (x.start, height), to: (x.end, height), class: value == 0 ? "zero" : "grid")
      svg.text(yTick(value), x: x.start - 8, y: height + 4, anchor: .end, class: "tick")
    }
    for value in x.ticks(6) {
      let place = x.position(value)
      svg.line(from: (place, y.start), to: (place, y.end), class: value == 0 ? "zero" : "grid")
      svg.text(xTick(value), x: place, y: y.start + 17, anchor: .middle, class: "tick")
    }
    svg.text(
      axisTitle, x: (x.start + x.end) / 2, y: Self.height - 8, anchor: .middle,
      class: "axis-title")
    svg.text(
      valueTitle, x: 12, y: (y.start + y.end) / 2, anchor: .middle, class: "axis-title",
      turned: true)
  }

  /// Where labels would lie upon each other the later ones are left to the pointer.
  private func drawLabels(_ svg: inout SVG) {
    var taken: [(x: ClosedRange<Double>, y: ClosedRange<Double>)] = []
    for name in names {
      let own = points.filter { $0.name == name }
      let x = horizontal.position(own.reduce(0) { $0 + $1.x } / Double(own.count))
      let y = vertical.position(own.reduce(0) { $0 + $1.y } / Double(own.count))
      let length = 6.6 * Double(name.count)
      let isLeft = x + 8 + length > Self.width - Self.right
      let start = isLeft ? x - 8 - length : x + 8
      let place = (x: start...start + length, y: y - 8...y + 6)
      if taken.contains(where: { $0.x.overlaps(place.x) && $0.y.overlaps(place.y) }) { continue }
      taken.append(place)
      svg.text(
        name, x: isLeft ? x - 8 : x + 8, y: y + 4, anchor: isLeft ? .end : .start,
        class: "label \(own[0].colorClass)")
    }
  }

  private var names: [String] {
    points.reduce(into: []) { if !$0.contains($1.name) { $0.append($1.name) } }
  }

  private var description: String {
    names.map { name in
      let own = points.filter { $0.name == name }
      let list = own.map { "\(xTick($0.x)) and \(yTick($0.y))" }.joined(separator: ", ")
      return "\(name): \(list)"
    }.joined(separator: "; ")
  }
}
