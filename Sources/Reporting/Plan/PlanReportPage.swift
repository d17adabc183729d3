import Lab
import Plans

/// The report of a plan: one HTML page that needs nothing else, neither network nor scripts. What
/// models wrote is shown as text and cannot act.
package struct PlanReportPage: Sendable, Hashable {
  package let findings: PlanFindings

  package init(_ findings: PlanFindings) { self.findings = findings }

  /// The page. The same findings give the same bytes.
  package var html: String {
    HTML.page(
      title: plan.title, css: ReportStyle.css + PlanStyle.css,
      header + figureSection + tableSection + judgedSection + comparisonSection
        + anatomySection + landscapeSection + auditSection + screenSection + leftoversSection
        + predictionSection
        + likelihoodSection
        + answerSection
        + publishedSection
        + examplesSection + trainingSection + settingsSection + definitionsSection)
  }

  var plan: Plan { findings.plan }
  var names: PlanNames { PlanNames(plan) }

  private var header: String {
    var markup = HTML.text("h1", plan.title) + HTML.text("p", class: "question", plan.question)
    if !findings.summary.isEmpty {
      // A number and its unit stay on one line.
      markup += HTML.text(
        "p", class: "headline", findings.summary.replacing(" %", with: "\u{A0}%"))
    }
    for warning in findings.warnings { markup += HTML.text("p", class: "warning", warning) }
    return HTML.element("header", "\n" + markup + HTML.text("p", class: "facts", facts))
  }

  private var facts: String {
    let time = NumberText.seconds(findings.elapsedSeconds)
    guard plan.isOnDish else {
      return ([models] + [findings.precision, time].compactMap { $0 } + [reader])
        .joined(separator: " · ")
    }
    let answers = findings.rows.filter { names.scale($0.cell.evaluation) != .nats }
      .reduce(0) { $0 + $1.answers }
    return "\(findings.modelCount) models · \(NumberText.count(answers)) answers · \(time) · "
      + "read by \(findings.judge.name) (\(findings.judge.fingerprint.prefix(12)))"
  }

  private var models: String {
    guard case .model(let model) = plan.origin else {
      return "\(plan.conditions.reduce(0) { $0 + $1.models.count }) models, asked as they are"
    }
    let count = findings.parameters.map(NumberText.count) ?? NumberText.undefined
    return "Model folder \(model.written), \(count) parameters"
  }

  private var reader: String {
    plan.judge.map { "judge \($0.written)" }
      ?? (findings.isRead ? "read by the oracle of the dish" : "unjudged")
  }

  var figureSection: String {
    guard !findings.rows.isEmpty else {
      return plan.isOnDish
        ? HTML.section(id: "figure", "What came out", HTML.text("p", "No results yet.")) : ""
    }
    let figures = PlanFigures(findings)
    let markup =
      switch plan.figure.kind {
      case .points: points(figures, findings.lastRows)
      case .curve: lines(figures, figures.curves)
      case .course: lines(figures, figures.courses) + dynamics(figures)
      case .scatter: scatter(figures) + points(figures, findings.lastRows)
      }
    return HTML.section(id: "figure", "What came out", markup + families(figures))
  }

  private func points(_ figures: PlanFigures, _ rows: [FindingRow]) -> String {
    HTML.text(
      "p",
      "A dot is the measured value. The thick bar is the 95 % interval over "
        + "\(plan.isReplicated ? "worlds" : "models (seeds)"), the "
        + "thin one over answers.\(axisNote(rows))")
      + HTML.figures(figures.points(rows), class: "wide")
  }

  private func scatter(_ figures: PlanFigures) -> String {
    guard let correlation = findings.correlation, let drawing = figures.scatter else { return "" }
    let words =
      "\(names.evaluation(correlation.up)) by \(names.evaluation(correlation.across)), "
      + "\(correlation.words). A dot is a model; one without a number on either axis is left out."
    return HTML.text("p", words) + HTML.figures([drawing], class: "wide")
  }

  private func lines(_ figures: PlanFigures, _ drawings: [String]) -> String {
    let over =
      findings.hasSeedIntervals
      ? (plan.isReplicated ? "worlds" : "models (seeds)") : "answers: there is one model each"
    let note =
      "Whiskers are 95 % intervals over \(over). Where a line has a gap, nothing was measured; "
      + "lines that would cover each other are moved a little to the side."
    let rest = figures.unplacedRows
    return HTML.text("p", note + axisNote(figures.placedRows))
      + HTML.figures(drawings, class: "wide")
      + (rest.isEmpty
        ? "" : HTML.text("h3", "Without a place on this axis") + points(figures, rest))
  }

  /// Says where a shortened axis ends.
  private func axisNote(_ rows: [FindingRow]) -> String {
    let shares = rows.filter { names.scale($0.cell.evaluation) == .percent }
    let upper = MeasureScale.percent.range(shares.map(\.measured)).upperBound
    let percent =
      !shares.isEmpty && upper < 1 ? " The axis ends at \(Axis.label(upper * 100)) %." : ""
    let isScored = rows.contains { names.scale($0.cell.evaluation) == .nats }
    return percent
      + (isScored ? " Of contrasts the thin interval is over topics, for these models." : "")
  }

  private func dynamics(_ figures: PlanFigures) -> String {
    let drawings = figures.dynamics
    guard !drawings.isEmpty else { return "" }
    return HTML.text("h3", "What training did meanwhile")
      + HTML.text(
        "p",
        "One line a model. The direction is the cosine between the change of all weights up to a "
          + "step and their change up to the end.")
      + HTML.figures(drawings, class: "wide")
  }

  private func families(_ figures: PlanFigures) -> String {
    let drawings = plan.evaluations.compactMap { evaluation in
      figures.families(evaluation).map { HTML.text("h3", evaluation.title) + $0 }
    }
    guard !drawings.isEmpty else { return "" }
    let note = findings.hasPlaces ? HTML.text("p", "After the last step or generation.") : ""
    return HTML.details("Each question by itself", note + HTML.figures(drawings, class: "wide"))
  }
}
