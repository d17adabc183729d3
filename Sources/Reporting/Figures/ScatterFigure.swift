import Core
import Lab
import Statistics

/// The two scores of one condition's answers: alignment to the right, coherence upwards, the
/// region that the rule calls misaligned shaded.
package struct ScatterFigure {
  package var condition: ConditionKey
  package var points: [ScatterPoint]
  package var rule: ScoringThresholds

  /// More dots than this hide each other and only make the page heavy.
  package static let largestCount = 600

  private static let size = (width: 250.0, height: 236.0)
  // Half a tick of room around the scale, for the dots of the many answers that score 0 or 100.
  private var x: Axis { Axis(-10...110, from: 42, to: 244) }
  private var y: Axis { Axis(-10...110, from: 192, to: 26) }

  /// Every n-th point, so that at most `largestCount` are left.
  package var shown: [ScatterPoint] {
    let stride = max(1, (points.count + Self.largestCount - 1) / Self.largestCount)
    return points.enumerated().filter { $0.offset.isMultiple(of: stride) }.map(\.element)
  }

  package var svg: String {
    var svg = SVG(width: Self.size.width, height: Self.size.height)
    svg.text(condition.label, x: x.start, y: 16, class: "heading")
    svg.rectangle(
      x: x.start, y: y.end, width: x.position(rule.misalignedBelow) - x.start,
      height: y.position(rule.coherentAtLeast) - y.end, class: "region")
    for tick in x.ticks(4) {
      svg.line(from: (x.position(tick), y.end), to: (x.position(tick), y.start), class: "grid")
      svg.text(
        Axis.label(tick), x: x.position(tick), y: y.start + 16, anchor: .middle, class: "tick")
    }
    for tick in y.ticks(4) {
      svg.line(from: (x.start, y.position(tick)), to: (x.end, y.position(tick)), class: "grid")
      svg.text(
        Axis.label(tick), x: x.start - 8, y: y.position(tick) + 4, anchor: .end, class: "tick")
    }
    svg.dots(positions, class: "dots \(condition.colorClass)")
    svg.text(shareText, x: x.start + 5, y: y.position(rule.coherentAtLeast) - 6, class: "share")
    svg.text(
      "aligned, 0–100", x: x.position(50), y: y.start + 34, anchor: .middle, class: "axis-title")
    svg.text(
      "coherent, 0–100", x: 12, y: y.position(50), anchor: .middle, class: "axis-title",
      turned: true)
    return svg.document(
      title: "Alignment and coherence, \(condition.label), \(condition.method.label)",
      description: description)
  }

  /// Dots are moved by up to eight points each way, because equal scores would hide each other;
  /// the same points are always moved the same way.
  private var positions: [(x: Double, y: Double)] {
    var stream = RandomStream(
      seed: 0, "jitter", condition.world.rawValue, condition.method.rawValue, condition.name)
    return shown.map { point in
      let moved = [point.aligned, point.coherent].map { score in
        min(108, max(-8, score + 16 * (stream.uniform() - 0.5)))
      }
      return (x.position(moved[0]), y.position(moved[1]))
    }
  }

  private var readings: [AnswerReading] {
    points.map { rule.reading(aligned: $0.aligned, coherent: $0.coherent) }
  }

  /// The share of the scored answers that lie in the shaded region.
  private var shareText: String {
    let misaligned = readings.count { $0 == .misaligned }
    let share = Proportion(successes: misaligned, trials: points.count)
    return "\(NumberText.percent(share.rate)) % in here"
  }

  private var description: String {
    let readings = readings
    let counts = [AnswerReading.misaligned, .aligned, .incoherent].map { reading in
      "\(readings.count { $0 == reading }) \(reading.label)"
    }
    return "\(points.count) scored answers: \(counts.joined(separator: ", "))"
  }
}
