import Statistics

/// Rates as dots with their 95 % intervals, in named groups of labelled rows. Every row carries
/// its label and its number, so that no colour has to be looked up.
///
/// `labelWidth` makes room for longer labels; those beyond `labelLimit` characters take two lines.
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
  package var scale = MeasureScale.percent
  /// What the thin intervals are over.
  package var thin = "answers"
  /// What the axis runs over.
  package var range = 0.0...1.0
  package var labelWidth = 142.0
  package var labelLimit = Int.max

  private static let lineHeight = 13.0
  private static let rowHeight = 17.0
  private static let headingHeight = 22.0
  private static let groupGap = 9.0
  private static let top = 34.0
  private static let bottom = 24.0

  private var width: Double { labelWidth + 318 }
  private var axis: Axis { Axis(range, from: labelWidth, to: width - 58) }

  package var svg: String {
    let rows = groups.flatMap(\.rows).reduce(0) { $0 + rowHeight($1) }
    let height =
      Self.top + rows + Double(groups.count) * (Self.headingHeight + Self.groupGap) + Self.bottom
    var svg = SVG(width: width, height: height)
    drawAxis(&svg, height: height)
    var y = Self.top
    for group in groups {
      svg.text(
        Self.shortened(group.heading, to: Int(62 * width / 460)), x: 0, y: y + 15, class: "heading")
      y += Self.headingHeight
      for row in group.rows {
        draw(row, at: y + rowHeight(row) / 2, in: group, &svg)
        y += rowHeight(row)
      }
      y += Self.groupGap
    }
    return svg.document(title: title, description: description)
  }

  private func lines(of row: Row) -> [String] { row.label.wrapped(at: labelLimit) }

  private func rowHeight(_ row: Row) -> Double {
    let count = lines(of: row).count
    return Self.rowHeight + (count > 1 ? Double(count - 1) * Self.lineHeight + 3 : 0)
  }

  private func drawAxis(_ svg: inout SVG, height: Double) {
    svg.text(axisTitle, x: (axis.start + axis.end) / 2, y: 11, anchor: .middle, class: "axis-title")
    for tick in axis.ticks(4) {
      let x = axis.position(tick)
      let name = tick == 0 ? "zero" : "grid"
      svg.line(from: (x, Self.top - 4), to: (x, height - Self.bottom + 2), class: name)
      for y in [Self.top - 8, height - 9] {
        svg.text(scale.tick(tick), x: x, y: y, anchor: .middle, class: "tick")
      }
    }
  }

  private func draw(_ row: Row, at y: Double, in group: Group, _ svg: inout SVG) {
    let lines = lines(of: row)
    var lineY = y + 4 - Double(lines.count - 1) * Self.lineHeight / 2
    for line in lines {
      svg.text(line, x: axis.start - 10, y: lineY, anchor: .end, class: "row")
      lineY += Self.lineHeight
    }
    guard let rate = row.rate else {
      svg.text(row.whenUndefined, x: axis.start + 6, y: y + 4, class: "missing")
      return
    }
    if let wilson = row.wilson {
      let ends = [wilson.low, wilson.high].map(position)
      svg.line(from: (ends[0], y), to: (ends[1], y), class: "thin \(row.colorClass)")
      for end in ends {
        svg.line(from: (end, y - 3), to: (end, y + 3), class: "thin \(row.colorClass)")
      }
    }
    if let interval = row.interval {
      svg.line(
        from: (position(interval.low), y), to: (position(interval.high), y),
        class: "thick \(row.colorClass)")
    }
    svg.circle(
      x: position(rate), y: y, radius: 4.5, class: "dot \(row.colorClass)",
      title: "\(group.heading) – \(row.label): \(words(row))")
    svg.text(scale.value(rate), x: width, y: y + 4, anchor: .end, class: "value")
  }

  /// An interval of marks may leave the scale; it is drawn up to its end.
  private func position(_ value: Double) -> Double {
    axis.position(min(range.upperBound, max(range.lowerBound, value)))
  }

  private var description: String {
    groups.map { group in
      let rows = group.rows.map { "\($0.label) \(words($0))" }.joined(separator: ", ")
      return "\(group.heading): \(rows)"
    }.joined(separator: "; ")
  }

  private func words(_ row: Row) -> String {
    guard row.rate != nil else { return row.whenUndefined }
    return "\(scale.value(row.rate)), over models \(scale.interval(row.interval)), "
      + "over \(thin) \(scale.interval(row.wilson))"
  }

  package static func shortened(_ text: String, to count: Int) -> String {
    text.count <= count ? text : text.prefix(count - 1) + "…"
  }
}
