import Foundation
import Lab

/// A plane of weights through three models: lines of equal loss, coloured by how models behave there, hatched where
/// they are not coherent, with the way of a training drawn in.
struct PlaneFigure {
  let plane: PlaneFinding
  let loss: String
  let names: PlanNames

  private static let (left, top, bottom) = (46.0, 34.0, 66.0)
  private static let plotWidth = 330.0
  /// What is coherent less often is hatched.
  private static let coherentEnough = 0.8

  /// `nil` where nobody has looked at the plane.
  init?(_ plane: PlaneFinding, loss: String, names: PlanNames) {
    guard plane.x.count > 1, plane.y.count > 1, plane.losses[loss] != nil else { return nil }
    (self.plane, self.loss, self.names) = (plane, loss, names)
  }

  private var values: [Double] { plane.losses[loss] ?? [] }
  /// Half a column and a row more than the points: each is the middle of its field.
  private var step: (x: Double, y: Double) {
    (plane.x[1] - plane.x[0], plane.y[1] - plane.y[0])
  }
  private var width: Double { plane.x[plane.x.count - 1] - plane.x[0] + step.x }
  private var height: Double { plane.y[plane.y.count - 1] - plane.y[0] + step.y }
  /// Both axes have one unit, unless the plane is so flat that nobody could see it.
  private var plotHeight: Double { min(420, max(120, Self.plotWidth * height / width)) }

  private var across: Axis {
    let half = step.x / 2
    return Axis(
      plane.x[0] - half...plane.x[plane.x.count - 1] + half, from: Self.left,
      to: Self.left + Self.plotWidth)
  }
  private var up: Axis {
    let half = step.y / 2
    return Axis(
      plane.y[0] - half...plane.y[plane.y.count - 1] + half, from: Self.top + plotHeight,
      to: Self.top)
  }

  var svg: String {
    var svg = SVG(width: 460, height: Self.top + plotHeight + Self.bottom)
    svg.text(
      IntervalFigure.shortened(heading, to: 62), x: 0, y: 14, class: "heading")
    drawFields(&svg)
    drawContours(&svg)
    drawAxes(&svg)
    drawModels(&svg)
    drawLegend(&svg)
    return svg.document(title: title, description: description)
  }

  private var heading: String { "Loss: \(loss)" }
  private var title: String {
    "Plane through \(plane.through.map(names.condition).joined(separator: ", ")), loss \(loss)"
  }

  // MARK: - Behaviour

  private var hasRates: Bool { plane.misaligned.contains { $0 != nil } }

  /// From 0 to 1: the share of misaligned answers, or how far log-odds are between the lowest and the highest.
  private var shares: [Double?] {
    if hasRates { return plane.misaligned }
    let known = plane.odds.compactMap { $0 }
    guard let low = known.min(), let high = known.max(), low < high else {
      return plane.odds.map { _ in nil }
    }
    return plane.odds.map { $0.map { ($0 - low) / (high - low) } }
  }

  private static func level(_ share: Double?) -> Int {
    share.map { min(5, Int(($0 * 6).rounded(.down))) } ?? 0
  }

  private func drawFields(_ svg: inout SVG) {
    let (x, y, columns) = (across, up, plane.x.count)
    let shares = shares
    var hatches: [(from: Contours.Point, to: Contours.Point)] = []
    for row in plane.y.indices {
      let (low, high) = (
        y.position(plane.y[row] - step.y / 2), y.position(plane.y[row] + step.y / 2)
      )
      func left(_ column: Int) -> Double { x.position(plane.x[column] - step.x / 2) }
      func right(_ column: Int) -> Double { x.position(plane.x[column] + step.x / 2) }
      var first = 0
      for column in 0..<columns {
        let index = row * columns + column
        let level = shares.isEmpty ? 0 : Self.level(shares[index])
        let isLast =
          column + 1 == columns || level != (shares.isEmpty ? 0 : Self.level(shares[index + 1]))
        if isLast {
          if level > 0 {
            svg.polygon(
              [
                (left(first), low), (right(column), low), (right(column), high),
                (left(first), high),
              ],
              class: "field c-insecure level-\(level)")
          }
          first = column + 1
        }
        if plane.coherent.indices.contains(index), let coherent = plane.coherent[index],
          coherent < Self.coherentEnough
        {
          hatches.append((from: (left(column), low), to: (right(column), high)))
        }
      }
    }
    svg.segments(hatches, class: "hatch", title: "fewer than 80 % of answers are coherent")
  }

  private func drawContours(_ svg: inout SVG) {
    let contours = Contours(x: plane.x, y: plane.y, values: values)
    let (x, y) = (across, up)
    for (index, level) in contours.levels(8).enumerated() {
      let segments = contours.segments(at: level).map { one in
        (
          from: (x: x.position(one.from.x), y: y.position(one.from.y)),
          to: (x: x.position(one.to.x), y: y.position(one.to.y))
        )
      }
      svg.segments(
        segments, class: index % 2 == 0 ? "contour strong" : "contour",
        title: "\(Axis.label(level)) nats a token")
      if let place = segments.last?.to, index % 2 == 0 {
        svg.text(
          Axis.label(level), x: min(place.x + 3, x.end - 18), y: max(place.y - 2, Self.top + 9),
          class: "tick")
      }
    }
  }

  // MARK: - Axes and models

  private func drawAxes(_ svg: inout SVG) {
    let (x, y) = (across, up)
    for value in x.ticks(5) {
      svg.text(
        Axis.label(value).replacing("-", with: "−"), x: x.position(value), y: y.start + 16,
        anchor: .middle, class: "tick")
    }
    for value in y.ticks(4) {
      svg.text(
        Axis.label(value).replacing("-", with: "−"), x: x.start - 7, y: y.position(value) + 4,
        anchor: .end, class: "tick")
    }
    for (from, to) in [
      ((x.start, y.start), (x.end, y.start)), ((x.start, y.start), (x.start, y.end)),
    ] { svg.line(from: from, to: to, class: "grid") }
    svg.text(
      "along \(names.condition(plane.through[1])), in lengths of its change",
      x: (x.start + x.end) / 2, y: y.start + 32, anchor: .middle, class: "axis-title")
  }

  private func drawModels(_ svg: inout SVG) {
    let (x, y) = (across, up)
    func position(_ corner: PlaneFinding.Corner) -> (x: Double, y: Double) {
      (x.position(corner.x), y.position(corner.y))
    }
    func isInside(_ corner: PlaneFinding.Corner) -> Bool {
      x.domain.contains(corner.x) && y.domain.contains(corner.y)
    }
    for condition in ways {
      let own = plane.others.filter { $0.condition == condition && $0.place != nil }
        .sorted { ($0.place ?? 0) < ($1.place ?? 0) }.filter(isInside)
      let start = [plane.corners[0]] + own
      let end = plane.corners.first { $0.condition == condition }.map { [$0] } ?? []
      svg.polyline(
        (start + end).map(position), class: "curve \(names.color(condition))",
        title: "the training of \(names.condition(condition))")
      for corner in own {
        svg.circle(
          x: position(corner).x, y: position(corner).y, radius: 2.5,
          class: "dot \(names.color(condition))", title: text(corner))
      }
    }
    for corner in plane.others where corner.place == nil && isInside(corner) {
      svg.circle(
        x: position(corner).x, y: position(corner).y, radius: 4,
        class: "ring \(names.color(corner.condition))", title: text(corner))
    }
    for corner in plane.corners {
      let place = position(corner)
      svg.circle(
        x: place.x, y: place.y, radius: 5, class: "dot \(names.color(corner.condition))",
        title: text(corner))
      let isRight = place.x > Self.left + Self.plotWidth * 0.6
      svg.text(
        names.condition(corner.condition), x: place.x + (isRight ? -8 : 8), y: place.y - 8,
        anchor: isRight ? .end : .start, class: "label \(names.color(corner.condition))")
    }
  }

  /// Conditions whose trainings were kept on their way.
  private var ways: [String] {
    plane.others.filter { $0.place != nil }.reduce(into: []) {
      if !$0.contains($1.condition) { $0.append($1.condition) }
    }
  }

  private func text(_ corner: PlaneFinding.Corner) -> String {
    let step = corner.place.map { ", step \($0)" } ?? ""
    let off = MeasureScale.percent.value(corner.offPlane)
    return
      "\(names.condition(corner.condition))\(step): \(off) of its distance, squared, is off the plane"
  }

  private func drawLegend(_ svg: inout SVG) {
    guard hasRates || plane.odds.contains(where: { $0 != nil }) else { return }
    let (x, y) = (across.start, up.start + 42)
    for level in 0...5 {
      let left = x + Double(level) * 16
      svg.polygon(
        [(left, y), (left + 16, y), (left + 16, y + 10), (left, y + 10)],
        class: "field c-insecure level-\(level)")
    }
    let known = plane.odds.compactMap { $0 }
    let words =
      hasRates
      ? "misaligned, 0 to 100 %; hatched: < 80 % coherent"
      : "log-odds of bad answers, \(SignedText.text(known.min(), decimals: 2)) to "
        + SignedText.text(known.max(), decimals: 2)
    svg.text(words, x: x + 104, y: y + 9, class: "tick")
  }

  private var description: String {
    let known = values.filter(\.isFinite)
    let range =
      "from \(NumberText.score(known.min() ?? 0)) to \(NumberText.score(known.max() ?? 0)) nats a token"
    let places = plane.corners.map { corner in
      "\(names.condition(corner.condition)) at \(SignedText.text(corner.x, decimals: 2)), "
        + SignedText.text(corner.y, decimals: 2)
    }
    return "\(range); \(places.joined(separator: "; "))"
  }
}
