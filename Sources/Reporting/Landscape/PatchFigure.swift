import Lab

/// Patches of one way, layer by position: how much of the difference between two models comes with the residual
/// stream there. Every cell carries its number.
struct PatchFigure {
  private let patches: [PatchFinding]
  private let sites: [String]
  private let names: PlanNames

  private static let labelWidth = 150.0
  private static let cell = (width: 50.0, height: 30.0)
  private static let top = 40.0
  /// In the order of reading.
  private static let tokens = [
    ("earlier", "earlier tokens"), ("last-prompt", "last before the answer"),
    ("answer", "the answer"), ("all", "all tokens"),
  ]

  /// - Parameter patches: of one way.
  init?(_ patches: [PatchFinding], names: PlanNames) {
    let sites = patches.map(\.site).reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    guard !sites.isEmpty else { return nil }
    (self.patches, self.sites, self.names) = (patches, sites, names)
  }

  private var heading: String {
    "\(names.condition(patches[0].from)) into \(names.condition(patches[0].into))"
  }

  var svg: String {
    let axis = SiteAxis(sites)
    let width = Self.labelWidth + Double(sites.count) * Self.cell.width
    let bottom = Self.top + Double(Self.tokens.count) * Self.cell.height
    var svg = SVG(width: max(460, width), height: bottom + 40)
    svg.text(IntervalFigure.shortened(heading, to: 62), x: 0, y: 14, class: "heading")
    for (row, own) in Self.tokens.enumerated() {
      svg.text(
        own.1, x: Self.labelWidth - 10, y: Self.top + (Double(row) + 0.5) * Self.cell.height + 4,
        anchor: .end, class: "row")
      for (column, site) in sites.enumerated() {
        draw(patches.first { $0.site == site && $0.tokens == own.0 }, row, column, &svg)
      }
    }
    for (column, site) in sites.enumerated() {
      svg.text(
        Axis.label(axis.position(site)),
        x: Self.labelWidth + (Double(column) + 0.5) * Self.cell.width,
        y: bottom + 16, anchor: .middle, class: "tick")
    }
    svg.text(
      axis.title, x: Self.labelWidth + Double(sites.count) * Self.cell.width / 2, y: bottom + 33,
      anchor: .middle, class: "axis-title")
    return svg.document(title: "\(heading), layer by position", description: description)
  }

  private func draw(_ patch: PatchFinding?, _ row: Int, _ column: Int, _ svg: inout SVG) {
    let x = Self.labelWidth + Double(column) * Self.cell.width
    let y = Self.top + Double(row) * Self.cell.height
    let (right, low) = (x + Self.cell.width, y + Self.cell.height)
    let value = patch?.share.number
    let level = Int((min(1, abs(value ?? 0)) * 4).rounded())
    svg.polygon(
      [(x, y), (right, y), (right, low), (x, low)],
      class: "heat \((value ?? 0) < 0 ? "c-secure" : "c-insecure") level-\(level)",
      title: patch.map(words))
    svg.text(
      MeasureScale.percent.tick(((value ?? .nan) * 100).rounded() / 100).replacing("nan", with: "–")
        .replacing("-", with: "−"), x: x + Self.cell.width / 2, y: y + Self.cell.height / 2 + 4,
      anchor: .middle, class: "heat-value")
  }

  private func words(_ patch: PatchFinding) -> String {
    let tokens = Self.tokens.first { $0.0 == patch.tokens }?.1 ?? patch.tokens
    return "\(patch.site), \(tokens): \(MeasureScale.percent.value(patch.share.value)) "
      + "(\(MeasureScale.percent.interval(patch.share.interval)))"
  }

  private var description: String { patches.map(words).joined(separator: "; ") }
}
