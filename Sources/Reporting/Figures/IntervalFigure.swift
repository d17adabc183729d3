import Statistics

/// Rates as dots with their 95 % intervals, in named groups of labelled rows. Every row carries
/// its label and its number, so that no colour has to be looked up.
package struct IntervalFigure {
  package struct Row {
    package var label: String
    package var colorClass: String
    package var rate: Double?
    /// Drawn thick: over models.
    package var interval: Interval?
    /// Drawn thin: over answers.
    package var wilson: Interval?
    /// What an undefined rate means here.
    package var whenUndefined: String
  }

  package struct Group {
    package var heading: String
    package var rows: [Row]
  }

  package var title: String
  package var axisTitle: String
  package var groups: [Group]

  private static let width = 460.0
  private static let rowHeight = 17.0
  private static let headingHeight = 22.0
  private static let groupGap = 9.0
  private static let top = 34.0
  private static let bottom = 24.0

  private var axis: Axis { Axis(0...1, from: 142, to: Self.width - 58) }

  package var svg: String {
    let rows = groups.reduce(0) { $0 + $1.rows.count }
    let height =
      Self.top + Double(rows) * Self.rowHeight
      + Double(groups.count) * (Self.headingHeight + Self.groupGap) + Self.bottom
    var svg = SVG(width: Self.width, height: height)
    drawAxis(&svg, height: height)
    var y = Self.top
    for group in groups {
      svg.text(Self.shortened(group.heading, to: 62), x: 0, y: y + 15, class: "heading")
      y += Self.headingHeight
      for row in group.rows {
        draw(row, at: y + Self.rowHeight / 2, in: group, &svg)
        y += Self.rowHeight
      }
      y += Self.groupGap
    }
    return svg.document(title: title, description: description)
  }

  private func drawAxis(_ svg: inout SVG, height: Double) {
    svg.text(axisTitle, x: axis.position(0.5), y: 11, anchor: .middle, class: "axis-title")
    for tick in axis.ticks(4) {
      let x = axis.position(tick)
      let name = tick == 0 ? "zero" : "grid"
      svg.line(from: (x, Self.top - 4), to: (x, height - Self.bottom + 2), class: name)
      for y in [Self.top - 8, height - 9] {
        svg.text(Axis.label(tick * 100), x: x, y: y, anchor: .middle, class: "tick")
      }
    }
  }

  private func draw(_ row: Row, at y: Double, in group: Group, _ svg: inout SVG) {
    svg.text(row.label, x: axis.start - 10, y: y + 4, anchor: .end, class: "row")
    guard let rate = row.rate else {
      svg.text(row.whenUndefined, x: axis.start + 6, y: y + 4, class: "missing")
      return
    }
    if let wilson = row.wilson {
      let ends = [wilson.low, wilson.high].map(axis.position)
      svg.line(from: (ends[0], y), to: (ends[1], y), class: "thin \(row.colorClass)")
      for end in ends {
        svg.line(from: (end, y - 3), to: (end, y + 3), class: "thin \(row.colorClass)")
      }
    }
    if let interval = row.interval {
      svg.line(
        from: (axis.position(interval.low), y), to: (axis.position(interval.high), y),
        class: "thick \(row.colorClass)")
    }
    svg.circle(
      x: axis.position(rate), y: y, radius: 4.5, class: "dot \(row.colorClass)",
      title: "\(group.heading) – \(row.label): \(Self.words(row))")
    svg.text(
      NumberText.percent(rate) + " %", x: Self.width, y: y + 4, anchor: .end, class: "value")
  }

  private var description: String {
    groups.map { group in
      let rows = group.rows.map { "\($0.label) \(Self.words($0))" }.joined(separator: ", ")
      return "\(group.heading): \(rows)"
    }.joined(separator: "; ")
  }

  private static func words(_ row: Row) -> String {
    guard row.rate != nil else { return row.whenUndefined }
    return "\(NumberText.percent(row.rate)) %, over models \(NumberText.interval(row.interval)), "
      + "over answers \(NumberText.interval(row.wilson))"
  }

  package static func shortened(_ text: String, to count: Int) -> String {
    text.count <= count ? text : text.prefix(count - 1) + "…"
  }
}
