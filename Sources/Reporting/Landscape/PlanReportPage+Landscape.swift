import Lab
import Plans

/// What lies between a plan's models, and in which order their trainings rise.
extension PlanReportPage {
  var landscapeSection: String {
    let others = map + patches + weights
    guard let tables = LandscapeTables(findings) else {
      return others.isEmpty ? "" : HTML.section(id: "landscape", "Between the models", others)
    }
    let headline =
      tables.summary.isEmpty
      ? "" : HTML.text("p", class: "headline", tables.summary.replacing(" %", with: "\u{A0}%"))
    let markup = headline + landscape(tables) + others + course(tables)
    return HTML.section(id: "landscape", "Between the models", markup)
  }

  private func landscape(_ tables: LandscapeTables) -> String {
    guard let finding = tables.landscape else { return "" }
    let figures = LandscapeFigures(names: names)
    let behaviour = figures.behaviour(finding.barriers)
    return HTML.text("h3", "The straight ways")
      + HTML.text(
        "p",
        "Weights between two models, on a straight line: (1 − α) θ₀ + α θ₁. If a model has fallen into another valley, "
          + "some loss stands up like a wall in between; if it went down a slope, none does. Drawn is what lies above "
          + "the straight line between the ends. The grey band is what has to be exceeded: the error of the rows, or "
          + "the wall between two models that differ by the draws of training alone."
      )
      + HTML.figures(figures.lines(finding.barriers), class: "wide")
      + block(tables.barriers)
      + (behaviour.isEmpty
        ? "" : HTML.details("How models behave on the way", HTML.figures(behaviour, class: "wide")))
      + planes(finding, tables)
  }

  private func planes(_ finding: LandscapeFinding, _ tables: LandscapeTables) -> String {
    let drawn = finding.planes.map { plane in
      plane.losses.keys.sorted().compactMap {
        PlaneFigure(plane, loss: $0, names: names)?.svg
      }
    }
    guard let first = drawn.first(where: { !$0.isEmpty }) else { return block(tables.places) }
    let others = zip(finding.planes, drawn).dropFirst().compactMap { plane, figures in
      figures.first.map { _ in (plane, figures) }
    }
    return HTML.text("h3", "The plane")
      + HTML.text(
        "p",
        "The plane of weights through three models, in axes of one unit at right angles: the length of the change from "
          + "the first to the second. Lines: equal loss, in nats a token. Colour: how models behave there. A training "
          + "is drawn where its shadow falls; how much of it leaves the plane is in the table."
      )
      + HTML.figures(first, class: "wide")
      + others.map { plane, figures in
        HTML.details(
          "The same in " + (plane.world.map { "world \($0)" } ?? "seed \(plane.seed)"),
          HTML.figures(figures, class: "wide"))
      }.joined()
      + (tables.places.rows.isEmpty
        ? "" : HTML.details("Where models are", block(tables.places)))
      + (tables.random.rows.isEmpty
        ? "" : HTML.details("Beside planes by chance", block(tables.random)))
  }

  private var map: String {
    guard let map = findings.anatomy?.map else { return "" }
    let drawn = map.worlds.map { MapFigure(world: $0, finding: map, names: names).svg }
    guard let first = drawn.first, !first.isEmpty else { return "" }
    let along = MeasureScale.mark.number(map.along.value)
    let interval = map.along.interval.map { " (\(MeasureScale.mark.interval($0)))" } ?? ""
    return HTML.text("h3", "Among the persons")
      + HTML.text(
        "p",
        "Every dot is a person: the mean of what the untuned model has at \(map.site) where the person is about to "
          + "speak, on the two axes in which persons differ most. The line is the assistant in training. Its move has a "
          + "cosine of \(along)\(interval) with the way from the \(map.good) persons to the \(map.bad) ones; "
          + "\(MeasureScale.percent.value(map.inPlane.value)) of its squared length lies in the plane of the map."
      )
      + HTML.figures([first], class: "wide")
      + (drawn.count > 1
        ? HTML.details("Other worlds", HTML.figures(Array(drawn.dropFirst()), class: "wide")) : "")
  }

  private var weights: String {
    guard let tables = WeightsTables(findings) else { return "" }
    return HTML.text("h3", "What trainings changed in the weights") + block(tables.changes)
      + block(tables.overlaps)
  }

  private var patches: String {
    let tables = PatchTables(findings)
    let figures = tables.ways.compactMap { PatchFigure($0, names: names)?.svg }
    guard !figures.isEmpty else { return "" }
    return HTML.text("h3", "Where along the layers, and at which tokens")
      + HTML.text(
        "p",
        "One model with the other one’s residual stream at a place: the share of the difference between the two, in "
          + "log-odds of bad answers, that comes with it, in per cent. Of a model with another training: its share of the "
          + "tuned model’s change."
      )
      + HTML.figures(figures, class: "wide")
      + HTML.details("All patches", block(tables.everything))
  }

  private func course(_ tables: LandscapeTables) -> String {
    guard let course = tables.course else { return "" }
    let rises = LandscapeFigures(names: names).rises(course)
    let phase = PhaseFigure(course: course, names: names).svg
    return HTML.text("h3", "Which comes first")
      + HTML.text(
        "p",
        "A training, step by step: how far it has moved along the direction at \(course.site), what it has learned, "
          + "and what has spread. Each is shown as a share of its own whole change. In the phase portrait a line is a "
          + "training, a dot a step; it begins at the grey dot."
      )
      + HTML.figures([rises, phase.isEmpty ? nil : phase].compactMap { $0 }, class: "wide")
      + block(tables.leads)
  }

  /// A table as pages show it; nothing of one without rows.
  func block(_ table: ModelTables.Table) -> String {
    guard !table.rows.isEmpty else { return "" }
    return HTML.element(
      "div", class: "numbers",
      HTML.table(
        caption: table.caption, header: table.header, rows: table.rows,
        wordColumns: table.wordColumns))
  }
}
