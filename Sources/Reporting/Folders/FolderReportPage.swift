import Foundation
import Lab
import Plans

/// The report of a plan on models that somebody else has made: one HTML page that needs nothing else.
/// What models and servers wrote is shown as text and cannot act; what nobody has judged is called
/// unjudged.
public struct FolderReportPage: Sendable, Hashable {
  public let findings: FolderFindings

  public init(_ findings: FolderFindings) { self.findings = findings }

  var plan: Plan { findings.plan }
  /// The part that every plan's page has.
  private var common: PlanReportPage { PlanReportPage(findings.asPlan) }
  private var tables: FolderTables { FolderTables(findings) }

  /// The page. The same findings give the same bytes.
  public var html: String {
    HTML.page(
      title: plan.title, css: ReportStyle.css + PlanStyle.css,
      header + measuredSection + judgedSection + comparisonSection + predictionSection
        + likelihoodSection + answerSection
        + examplesSection + trainingSection
        + publishedSection + settingsSection + definitionsSection)
  }

  private var header: String {
    var markup = HTML.text("h1", plan.title) + HTML.text("p", class: "question", plan.question)
    markup += HTML.text("p", class: "headline", findings.summary)
    for warning in findings.warnings { markup += HTML.text("p", class: "warning", warning) }
    var models = "\(plan.conditions.reduce(0) { $0 + $1.models.count }) models, asked as they are"
    if case .model(let model) = plan.origin {
      let count = findings.parameters.map(NumberText.count) ?? NumberText.undefined
      models = "Model folder \(model.written), \(count) parameters"
    }
    let judge =
      plan.judge.map { "judge \($0.written)" }
      ?? (findings.isRead ? "read by the oracle of the dish" : "unjudged")
    let facts =
      "\(models) · \(findings.precision) · \(NumberText.seconds(findings.elapsedSeconds)) · \(judge)"
    return HTML.element("header", "\n" + markup + HTML.text("p", class: "facts", facts))
  }

  /// What every plan shows of its numbers.
  private var measuredSection: String {
    findings.rows.isEmpty ? "" : common.figureSection + common.tableSection
  }

  private var predictionSection: String { common.predictionSection }

  private var judgedSection: String {
    guard !findings.judged.isEmpty else { return "" }
    let byQuestion = tables.ratesByQuestion
    var markup = [tables.rates, tables.measurements, tables.missing].filter { !$0.rows.isEmpty }
      .map { HTML.element("div", class: "numbers", Self.markup($0)) }.joined()
    if !byQuestion.rows.isEmpty {
      markup += HTML.details("Question by question", Self.markup(byQuestion))
    }
    return HTML.section(
      id: "judged",
      findings.isJudged ? "What the judge says" : "What the answers say by themselves",
      markup + HTML.details("Who judged", Self.markup(tables.judges)))
  }

  private var comparisonSection: String {
    let table = tables.comparisons
    guard !table.rows.isEmpty else { return "" }
    return HTML.section(
      id: "comparisons", "Comparisons",
      HTML.element("div", class: "numbers", Self.markup(table)))
  }

  private var likelihoodSection: String {
    let table = tables.likelihoods
    guard !table.rows.isEmpty else { return "" }
    return HTML.section(
      id: "likelihoods", "How likely are the held-out answers?",
      HTML.element("div", class: "numbers", Self.markup(table))
        + HTML.details("Each model by itself", Self.markup(tables.seeds)))
  }

  private var answerSection: String {
    let table = tables.answers
    guard !table.rows.isEmpty else {
      return HTML.section(id: "answers", "Answers", HTML.text("p", "No answers yet."))
    }
    return HTML.section(id: "answers", "Answers", Self.markup(table))
  }

  private var trainingSection: String {
    guard !findings.trainings.isEmpty else { return "" }
    let curves = plan.conditions.compactMap { condition -> String? in
      let own = findings.trainings.filter { $0.condition == condition.name }
      guard !own.isEmpty else { return nil }
      return CurveFigure(
        panel: condition.title,
        curves: own.map { training in
          TrainingCurve(
            panel: condition.title, name: "seed \(training.seed)",
            points: training.losses.map { .init(step: $0.step, loss: $0.loss) })
        }
      ).svg
    }
    return HTML.section(
      id: "training", "Training",
      HTML.element("div", class: "numbers", Self.markup(tables.trainings))
        + HTML.details("Losses", HTML.figures(curves, class: "wide")))
  }

  private var publishedSection: String {
    guard !plan.published.isEmpty else { return "" }
    return HTML.section(
      id: "published", "Figures of the papers, with their own models and judges",
      HTML.table(
        caption: "Not measured here, and not comparable number by number.",
        header: ["what", "figure", "source"],
        rows: plan.published.map { [$0.what, $0.figure, $0.source] }, wordColumns: 3))
  }

  private var settingsSection: String {
    let system =
      plan.keepsDefaultSystem
      ? findings.defaultSystemPrompt.map { "The chat template adds this system turn: \($0)" }
        ?? "The chat template adds no system turn."
      : "The system turn that the chat template adds by itself is left out."
    let conditions =
      plan.origin == .named
      ? HTML.table(
        caption: "What the plan asks", header: ["condition", "model", "address"],
        rows: plan.conditions.flatMap { condition in
          condition.models.enumerated().map { [condition.title, String($0 + 1), $1.written] }
        }, wordColumns: 3)
      : HTML.table(
        caption: "What the plan says; the rest is as in askew train",
        header: ["condition", "data", "training"],
        rows: plan.conditions.map { condition in
          [
            condition.title,
            condition.data.isEmpty
              ? NumberText.undefined : condition.data.map(\.corpus).joined(separator: ", "),
            condition.training.words,
          ]
        }, wordColumns: 3)
    return HTML.section(
      id: "settings", "Settings",
      HTML.text("p", class: "facts", "Plan \(plan.name) · fingerprint \(findings.fingerprint)")
        + (findings.identity.map { HTML.text("p", class: "facts", "Model \($0)") } ?? "")
        + (plan.origin == .named ? "" : HTML.text("p", system))
        + HTML.details("All conditions", conditions))
  }

  static func markup(_ table: FolderTables.Table) -> String {
    HTML.table(
      caption: table.caption, header: table.header, rows: table.rows,
      wordColumns: table.wordColumns)
  }
}
