import Lab
import Statistics

/// Directions by directions at one site, a cosine a cell. Every cell carries its number; what directions with
/// shuffled labels reach as well stands in parentheses.
struct CosineFigure {
  let site: String
  private let cosines: [CosineFinding]
  private let directions: [String]
  private let names: PlanNames

  private static let labelWidth = 168.0
  private static let labelLimit = 24
  private static let cell = (width: 44.0, height: 30.0)
  private static let top = 40.0

  /// `nil` without a cosine.
  init?(_ finding: AnatomyFinding, names: PlanNames) {
    var (sites, directions): ([String], [String]) = ([], [])
    for cosine in finding.cosines {
      if !sites.contains(cosine.site) { sites.append(cosine.site) }
      for name in [cosine.a, cosine.b] where !directions.contains(name) { directions.append(name) }
    }
    guard !sites.isEmpty, directions.count > 1 else { return nil }
    let site = sites[sites.count / 2]
    (self.site, self.directions, self.names) = (site, directions, names)
    cosines = finding.cosines.filter { $0.site == site }
  }

  var svg: String {
    let count = Double(directions.count)
    let width = Self.labelWidth + count * Self.cell.width
    var svg = SVG(width: max(460, width), height: Self.top + count * Self.cell.height + 6)
    svg.text("Cosines at \(site)", x: 0, y: 14, class: "heading")
    for (row, name) in directions.enumerated() {
      drawLabel(name, row, &svg)
      for column in 0...row { draw(cosine(directions[column], name), row, column, &svg) }
    }
    return svg.document(title: "Cosines of directions at \(site)", description: description)
  }

  private func drawLabel(_ name: String, _ row: Int, _ svg: inout SVG) {
    let lines = "\(row + 1) \(names.direction(name))".wrapped(at: Self.labelLimit)
    let middle = Self.top + (Double(row) + 0.5) * Self.cell.height + 4
    for (index, line) in lines.enumerated() {
      svg.text(
        line, x: Self.labelWidth - 10,
        y: middle + (Double(index) - Double(lines.count - 1) / 2) * 13, anchor: .end, class: "row")
    }
    svg.text(
      "\(row + 1)", x: Self.labelWidth + (Double(row) + 0.5) * Self.cell.width, y: Self.top - 8,
      anchor: .middle, class: "tick")
  }

  private func cosine(_ a: String, _ b: String) -> CosineFinding? {
    cosines.first { $0.a == a && $0.b == b || $0.a == b && $0.b == a }
  }

  private func draw(_ cosine: CosineFinding?, _ row: Int, _ column: Int, _ svg: inout SVG) {
    let x = Self.labelWidth + Double(column) * Self.cell.width
    let y = Self.top + Double(row) * Self.cell.height
    let corners = [
      (x: x, y: y), (x: x + Self.cell.width, y: y),
      (x: x + Self.cell.width, y: y + Self.cell.height), (x: x, y: y + Self.cell.height),
    ]
    let value = cosine?.value.flatMap { $0.isFinite ? $0 : nil }
    let level = Int((min(1, abs(value ?? 0)) * 4).rounded())
    let color = (value ?? 0) < 0 ? "c-insecure" : "c-secure"
    svg.polygon(
      corners, class: "heat \(color) level-\(level)",
      title: cosine.map(words))
    svg.text(
      cosine.map(text) ?? NumberText.undefined, x: x + Self.cell.width / 2,
      y: y + Self.cell.height / 2 + 4, anchor: .middle,
      class: "heat-value" + (cosine?.isByChance == true ? " by-chance" : ""))
  }

  private func text(_ cosine: CosineFinding) -> String {
    let number = MeasureScale.mark.number(cosine.value)
    return cosine.isByChance ? "(\(number))" : number
  }

  private func words(_ cosine: CosineFinding) -> String {
    "\(names.direction(cosine.a)) with \(names.direction(cosine.b)): "
      + "\(MeasureScale.mark.number(cosine.value)), by chance "
      + MeasureScale.mark.number(cosine.shuffled95)
  }

  private var description: String { cosines.map(words).joined(separator: "; ") }
}

extension CosineFinding {
  /// Whether as many directions with shuffled labels are as much alike.
  var isByChance: Bool {
    guard let value, let shuffled95 else { return false }
    return abs(value) <= shuffled95
  }
}
