import Lab

/// The persons of a world on the two axes in which they differ most, and the assistant moving among them.
struct MapFigure {
  let world: MapFinding.World
  let finding: MapFinding
  let names: PlanNames

  private static let (left, top, plotWidth, plotHeight) = (46.0, 34.0, 400.0, 330.0)
  private static let colors = [
    "c-secure", "c-insecure", "c-violet", "c-educational", "c-sky", "c-brown", "c-red", "c-other",
  ]

  private var temperaments: [String] {
    let all = world.persons.map(\.temperament).reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    let ends = [finding.good, finding.bad]
    return ends.filter(all.contains) + all.filter { !ends.contains($0) }.sorted()
  }

  private func color(_ temperament: String) -> String {
    let index = temperaments.firstIndex(of: temperament) ?? 0
    return Self.colors[index % Self.colors.count]
  }

  /// Empty without a person.
  var svg: String {
    let xs = world.persons.map(\.x) + world.assistant.map(\.x)
    let ys = world.persons.map(\.y) + world.assistant.map(\.y)
    guard let low = xs.min(), let high = xs.max(), let bottom = ys.min(), let top = ys.max() else {
      return ""
    }
    let (dx, dy) = ((high - low) * 0.04, (top - bottom) * 0.04)
    let x = Axis(low - dx...high + dx, from: Self.left, to: Self.left + Self.plotWidth)
    let y = Axis(bottom - dy...top + dy, from: Self.top + Self.plotHeight, to: Self.top)
    let rows = (temperaments.count + 3) / 4
    var svg = SVG(width: 460, height: Self.top + Self.plotHeight + 48 + 17 * Double(rows))
    svg.text(heading, x: 0, y: 14, class: "heading")
    drawAxes(&svg, x, y)
    for person in world.persons {
      svg.circle(
        x: x.position(person.x), y: y.position(person.y), radius: 4,
        class: "dot \(color(person.temperament))",
        title: "\(person.name), \(Self.words(person.temperament))")
    }
    drawAssistant(&svg, x, y)
    drawLegend(&svg)
    return svg.document(title: title, description: description)
  }

  private var heading: String {
    "Persons and the assistant" + (world.world.map { ", world \($0)" } ?? "")
  }

  private var title: String { "\(heading), at \(finding.site)" }

  private func drawAxes(_ svg: inout SVG, _ x: Axis, _ y: Axis) {
    svg.line(from: (x.start, y.start), to: (x.end, y.start), class: "grid")
    svg.line(from: (x.start, y.start), to: (x.start, y.end), class: "grid")
    let shares = world.shares.map { MeasureScale.percent.value($0) }
    svg.text(
      "first axis, \(shares.first ?? NumberText.undefined) of the persons’ spread",
      x: (x.start + x.end) / 2, y: y.start + 18, anchor: .middle, class: "axis-title")
    svg.text(
      "second axis, \(shares.count > 1 ? shares[1] : NumberText.undefined)", x: x.start - 12,
      y: (y.start + y.end) / 2, anchor: .middle, class: "axis-title", turned: true)
  }

  private func drawAssistant(_ svg: inout SVG, _ x: Axis, _ y: Axis) {
    func position(_ place: MapFinding.Place) -> (x: Double, y: Double) {
      (x.position(place.x), y.position(place.y))
    }
    svg.polyline(
      world.assistant.map(position), class: "curve c-base", title: "the assistant’s training")
    for (index, place) in world.assistant.enumerated() {
      let isEnd = index == 0 || index == world.assistant.count - 1
      let step = place.place.map { ", step \($0)" } ?? ""
      svg.circle(
        x: position(place).x, y: position(place).y, radius: isEnd ? 6 : 3,
        class: isEnd ? "ring c-base" : "dot c-base",
        title: "the assistant of \(names.condition(place.condition))\(step)")
      guard isEnd else { continue }
      let isRight = position(place).x > Self.left + Self.plotWidth * 0.6
      svg.text(
        "assistant, \(names.condition(place.condition))",
        x: position(place).x + (isRight ? -10 : 10),
        y: position(place).y + (index == 0 ? 20 : -9),
        anchor: isRight ? .end : .start, class: "label c-base")
    }
  }

  private func drawLegend(_ svg: inout SVG) {
    for (index, temperament) in temperaments.enumerated() {
      let x = Self.left + Double(index % 4) * 100
      let y = Self.top + Self.plotHeight + 42 + Double(index / 4) * 17
      svg.circle(x: x + 5, y: y - 4, radius: 4, class: "dot \(color(temperament))")
      svg.text(Self.words(temperament), x: x + 14, y: y, class: "tick")
    }
  }

  /// `twoFaced` as people write it.
  private static func words(_ name: String) -> String {
    name.reduce("") { $0 + ($1.isUppercase ? "-\($1.lowercased())" : String($1)) }
  }

  private var description: String {
    let kinds = temperaments.map { kind in
      let own = world.persons.filter { $0.temperament == kind }
      let x = own.reduce(0) { $0 + $1.x } / Double(own.count)
      let y = own.reduce(0) { $0 + $1.y } / Double(own.count)
      return "\(own.count) \(Self.words(kind)), in the middle at \(number(x)), \(number(y))"
    }
    let ends = [world.assistant.first, world.assistant.last].compactMap { $0 }.map { place in
      "the assistant of \(names.condition(place.condition)) at \(number(place.x)), \(number(place.y))"
    }
    return (kinds + ends).joined(separator: "; ")
  }

  private func number(_ value: Double) -> String { SignedText.text(value, decimals: 2) }
}
