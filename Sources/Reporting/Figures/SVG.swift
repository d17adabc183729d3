import Foundation

/// A drawing in scalable vector graphics. Everything that is text is escaped here, so a figure
/// cannot forget to; colours come from the page's style sheet through classes.
package struct SVG {
  package enum Anchor: String { case start, middle, end }

  package let width: Double
  package let height: Double
  private var body = ""

  package init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  package mutating func line(
    from a: (x: Double, y: Double), to b: (x: Double, y: Double), class name: String
  ) {
    body += "<line x1=\"\(a.x.svg)\" y1=\"\(a.y.svg)\" x2=\"\(b.x.svg)\" y2=\"\(b.y.svg)\" "
    body += "class=\"\(name.markup)\"/>\n"
  }

  /// - Parameter title: shown when the pointer rests on the circle, and read aloud.
  package mutating func circle(
    x: Double, y: Double, radius: Double, class name: String, title: String? = nil
  ) {
    body += "<circle cx=\"\(x.svg)\" cy=\"\(y.svg)\" r=\"\(radius.svg)\" class=\"\(name.markup)\""
    body += title.map { "><title>\($0.markup)</title></circle>\n" } ?? "/>\n"
  }

  package mutating func polyline(
    _ points: [(x: Double, y: Double)], class name: String, title: String? = nil
  ) {
    let list = points.map { "\($0.x.svg),\($0.y.svg)" }.joined(separator: " ")
    body += "<polyline points=\"\(list)\" class=\"\(name.markup)\""
    body += title.map { "><title>\($0.markup)</title></polyline>\n" } ?? "/>\n"
  }

  /// A filled outline.
  package mutating func polygon(
    _ points: [(x: Double, y: Double)], class name: String, title: String? = nil
  ) {
    let list = points.map { "\($0.x.svg),\($0.y.svg)" }.joined(separator: " ")
    body += "<polygon points=\"\(list)\" class=\"\(name.markup)\""
    body += title.map { "><title>\($0.markup)</title></polygon>\n" } ?? "/>\n"
  }

  /// Unconnected lines, as one shape.
  package mutating func segments(
    _ segments: [(from: (x: Double, y: Double), to: (x: Double, y: Double))], class name: String,
    title: String? = nil
  ) {
    if segments.isEmpty { return }
    let path = segments.map { one in
      "M\(one.from.x.svg) \(one.from.y.svg)L\(one.to.x.svg) \(one.to.y.svg)"
    }.joined()
    body += "<path d=\"\(path)\" class=\"\(name.markup)\""
    body += title.map { "><title>\($0.markup)</title></path>\n" } ?? "/>\n"
  }

  package mutating func text(
    _ text: String, x: Double, y: Double, anchor: Anchor = .start, class name: String = "",
    turned: Bool = false
  ) {
    body += "<text x=\"\(x.svg)\" y=\"\(y.svg)\" text-anchor=\"\(anchor.rawValue)\""
    if !name.isEmpty { body += " class=\"\(name.markup)\"" }
    if turned { body += " transform=\"rotate(-90 \(x.svg) \(y.svg))\"" }
    body += ">\(text.markup)</text>\n"
  }

  /// The whole drawing, with `title` and `description` as its text alternative.
  package func document(title: String, description: String) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width.svg) \(height.svg)" \
    role="img" aria-label="\((title + ". " + description).markup)">
    <title>\(title.markup)</title>
    <desc>\(description.markup)</desc>
    \(body)</svg>
    """
  }
}

extension Double {
  /// At most two decimals: a hundredth of a pixel is enough, and equal values give equal text.
  var svg: String {
    guard isFinite else { return "0" }
    let hundredths = (self * 100).rounded()
    let whole = hundredths / 100
    return whole == whole.rounded() ? String(format: "%.0f", whole + 0) : "\(whole)"
  }
}
