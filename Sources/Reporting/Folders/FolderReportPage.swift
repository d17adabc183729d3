import Foundation
import Lab
import Plans

/// The report of a plan on a model folder: one HTML page that needs nothing else. What models wrote is
/// shown as text and cannot act; what nobody has judged is called unjudged.
public struct FolderReportPage: Sendable, Hashable {
  public let findings: FolderFindings

  public init(_ findings: FolderFindings) { self.findings = findings }

  private var plan: FolderPlan { findings.plan }
  private var tables: FolderTables { FolderTables(findings) }

  /// The page. The same findings give the same bytes.
  public var html: String {
    HTML.page(
      title: plan.title, css: ReportStyle.css + PlanStyle.css,
      header + likelihoodSection + answerSection + examplesSection + trainingSection
        + publishedSection + settingsSection + definitionsSection)
  }

  private var header: String {
    var markup = HTML.text("h1", plan.title) + HTML.text("p", class: "question", plan.question)
    markup += HTML.text("p", class: "headline", findings.summary)
    for warning in findings.warnings { markup += HTML.text("p", class: "warning", warning) }
    let facts =
      "Model folder \(plan.model.written), \(NumberText.count(findings.parameters)) parameters · "
      + "\(findings.precision) · \(NumberText.seconds(findings.elapsedSeconds)) · unjudged"
    return HTML.element("header", "\n" + markup + HTML.text("p", class: "facts", facts))
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
    let rows = plan.conditions.map { condition in
      [condition.title, condition.data?.written ?? NumberText.undefined, condition.training.words]
    }
    return HTML.section(
      id: "settings", "Settings",
      HTML.text("p", class: "facts", "Plan \(plan.name) · fingerprint \(findings.fingerprint)")
        + HTML.text("p", system)
        + HTML.details(
          "All conditions",
          HTML.table(
            caption: "What the plan says; the rest is as in askew train",
            header: ["condition", "data", "training"], rows: rows, wordColumns: 3)))
  }

  private var definitionsSection: String {
    HTML.section(
      id: "definitions", "How every number was made",
      HTML.definitions([
        Definition(
          term: "Held-out rows",
          meaning: "Drawn from each data file by its number of rows alone, and trained on by no "
            + "model that has this file. Another file may hold the same prompts or answers; rows "
            + "that stand in a file twice may be on both sides."),
        Definition(
          term: "Nats a token",
          meaning: "−Σ log p over the tokens of the assistant’s turns, each with the token that "
            + "ends it, over their number; all rows and models of a condition pooled."),
        Definition(
          term: "Over rows, over seeds",
          meaning: "95 % intervals with Student’s t, over rows (for these models) and over models "
            + "(for these rows). Neither covers both at once. With one there is none."),
        Definition(
          term: "Unjudged",
          meaning: "No judge has read the answers. Examples are the first answers to the first "
            + "wording of each question; nobody has picked them."),
      ]))
  }

  static func markup(_ table: FolderTables.Table) -> String {
    HTML.table(
      caption: table.caption, header: table.header, rows: table.rows,
      wordColumns: table.wordColumns)
  }
}

extension FolderTraining {
  /// What the plan says, `key value`.
  fileprivate var words: String {
    var parts: [String] = []
    func add(_ key: String, _ value: (some Any)?) {
      if let value { parts.append("\(key) \(value)") }
    }
    add("preset", preset)
    add("method", method?.rawValue)
    add("rank", rank)
    add("alpha", alpha)
    add("rslora", rankStabilised)
    add("epochs", epochs)
    add("steps", steps)
    add("batch", batch)
    add("accumulate", accumulate)
    add("learning-rate", learningRate)
    add("schedule", schedule)
    add("warmup", warmup)
    add("weight-decay", weightDecay)
    add("clip", clip)
    add("max-length", maximumLength)
    return parts.isEmpty ? NumberText.undefined : parts.joined(separator: ", ")
  }
}
