import Lab
import Plans

/// What is told of the inside of a plan's models.
extension PlanReportPage {
  var anatomySection: String {
    guard let tables = AnatomyTables(findings) else { return "" }
    let summary = AnatomySummary(findings)?.text ?? ""
    let headline =
      summary.isEmpty
      ? "" : HTML.text("p", class: "headline", summary.replacing(" %", with: "\u{A0}%"))
    let markup =
      [
        headline, explanation, tables.effects.map(numbers).joined(), bySite(tables), byDose(tables),
        predictedEffects(tables), lenses(tables), cosines(tables), directions(tables),
      ].joined()
    return HTML.section(id: "anatomy", "Inside the models", markup)
  }

  private var explanation: String {
    let count = plan.anatomy.map { "\(NumberText.count($0.controls)) of each kind" }
    return HTML.text(
      "p",
      "A direction is enough where a model that it is added to does what tuning makes models do. It is needed where "
        + "a tuned model does so no more once it is removed. Swapped into a model, what the other model has along "
        + "it takes the place of the model’s own, token by token: that much of the effect goes through it."
    )
      + HTML.text(
        "p",
        "A dose of 1 is the tuned model’s own shift along the direction; of a removal, all that lies along it. Where "
          + "there are several, the site was chosen by what dose 1 does on every other question family, and all "
          + "numbers are of the rest. Sites have the names of TransformerLens, with blocks counted from 0."
      )
      + HTML.text(
        "p",
        "Controls are directions by chance, as long as the direction itself\(count.map { ": \($0)" } ?? ""). "
          + "Isotropic: any direction alike, the easiest to beat. Covariance: as the activations of different texts "
          + "differ. Shuffled: made as the direction was, with the labels dealt out anew. p is (1 + "
          + "those of all kinds that do as much) / (1 + all), of one effect by itself; of sampled answers there are "
          + "fewer controls than of scores, as sampling costs more.")
  }

  private func bySite(_ tables: AnatomyTables) -> String {
    let figures = AnatomyFigures(tables.finding, names: names)
    let (asked, scored) = (figures.bySite(ofContrasts: false), figures.bySite(ofContrasts: true))
    let note = HTML.text(
      "p",
      "Effects by site, in the order of computation; whiskers are 95 % intervals over "
        + "\(plan.isReplicated ? "worlds" : "models (seeds)") at dose 1. The grey band goes from 0 to what 95 of 100 "
        + "controls of the hardest kind do not reach. What is done and measured alike is drawn on one scale."
    )
    let shown = asked.isEmpty ? scored : asked
    guard !shown.isEmpty else { return everything(tables) }
    return HTML.text("h3", "Where in the model") + note + HTML.figures(shown, class: "wide")
      + (asked.isEmpty || scored.isEmpty
        ? "" : HTML.details("The same for contrasts", HTML.figures(scored, class: "wide")))
      + everything(tables)
  }

  private func everything(_ tables: AnatomyTables) -> String {
    (tables.everything.isEmpty
      ? ""
      : HTML.details("All sites and doses", tables.everything.map(numbers).joined()))
      + (tables.worlds.rows.isEmpty ? "" : details("World by world", tables.worlds))
  }

  private func byDose(_ tables: AnatomyTables) -> String {
    let figures = AnatomyFigures(tables.finding, names: names).byDose
    guard !figures.isEmpty else { return "" }
    return HTML.text("h3", "How much of it")
      + HTML.text(
        "p",
        "Effect and coherent answers by dose, at the chosen site. Where coherence falls with the "
          + "dose, the model breaks rather than turns.")
      + HTML.figures(figures, class: "wide")
  }

  private func predictedEffects(_ tables: AnatomyTables) -> String {
    let predictions = tables.finding.predictions
    guard !predictions.isEmpty else { return "" }
    let cards = predictions.map { prediction in
      let text = EffectPredictionText(prediction, of: tables.finding, names: names)
      return HTML.prediction(
        text.outcome, text.claim, isLate: text.isLate,
        facts: "measured \(text.measured) · threshold \(text.threshold) · \(text.context) · "
          + "stored \(text.stored)")
    }
    return HTML.text("h3", "Predicted effects")
      + HTML.text(
        "p", "At dose 1 and the chosen site; written down, with their time, in the plan’s store.")
      + HTML.element("div", class: "predictions", "\n" + cards.joined())
  }

  private func lenses(_ tables: AnatomyTables) -> String {
    guard !tables.lenses.rows.isEmpty else { return "" }
    return HTML.text("h3", "What directions would say") + numbers(tables.lenses)
  }

  private func cosines(_ tables: AnatomyTables) -> String {
    guard !tables.cosines.rows.isEmpty else { return "" }
    let figure = CosineFigure(tables.finding, names: names).map { figure in
      HTML.text(
        "p",
        "Cosines of directions at the middle site, means over models; on the diagonal, of models that differ by "
          + "the seed alone. In parentheses: no more alike than 95 of 100 directions with shuffled labels are."
      )
        + HTML.figures([figure.svg], class: "wide")
    }
    return HTML.text("h3", "How alike directions are") + (figure ?? "")
      + details("All cosines", tables.cosines)
  }

  private func directions(_ tables: AnatomyTables) -> String {
    guard !tables.directions.rows.isEmpty else { return "" }
    return details("The directions", tables.directions, then: markup(tables.files))
  }

  private func details(
    _ summary: String, _ table: ModelTables.Table, then more: String = ""
  ) -> String {
    table.rows.isEmpty ? "" : HTML.details(summary, numbers(table) + more)
  }

  private func numbers(_ table: ModelTables.Table) -> String {
    table.rows.isEmpty ? "" : HTML.element("div", class: "numbers", markup(table))
  }

  private func markup(_ table: ModelTables.Table) -> String {
    HTML.table(
      caption: table.caption, header: table.header, rows: table.rows,
      wordColumns: table.wordColumns)
  }
}
