import Lab
import Plans

/// What is told of models that were not grown in a dish.
extension PlanReportPage {
  private var tables: ModelTables { ModelTables(findings) }

  var judgedSection: String {
    guard findings.judged?.isEmpty == false else { return "" }
    let byQuestion = tables.ratesByQuestion
    var markup = [tables.rates, tables.measurements, tables.missing].filter { !$0.rows.isEmpty }
      .map { HTML.element("div", class: "numbers", Self.markup($0)) }.joined()
    if !byQuestion.rows.isEmpty {
      markup += HTML.details("Question by question", Self.markup(byQuestion))
    }
    return HTML.section(
      id: "judged",
      findings.isJudged == true ? "What the judge says" : "What the answers say by themselves",
      markup + HTML.details("Who judged", Self.markup(tables.judges)))
  }

  var likelihoodSection: String {
    let table = tables.likelihoods
    guard !table.rows.isEmpty else { return "" }
    return HTML.section(
      id: "likelihoods", "How likely are the held-out answers?",
      HTML.element("div", class: "numbers", Self.markup(table))
        + HTML.details("Each model by itself", Self.markup(tables.seeds)))
  }

  var answerSection: String {
    guard findings.answers != nil else { return "" }
    let table = tables.answers
    return HTML.section(
      id: "answers", "Answers",
      table.rows.isEmpty ? HTML.text("p", "No answers yet.") : Self.markup(table))
  }

  /// Facts of the trainings; their losses are with the other figures.
  var trainingTable: String {
    let table = tables.trainings
    return table.rows.isEmpty ? "" : HTML.element("div", class: "numbers", Self.markup(table))
  }

  /// What is asked or trained, and how.
  var originSettings: String {
    guard !plan.isOnDish else { return "" }
    return (findings.identity.map { HTML.text("p", class: "facts", "Model \($0)") } ?? "")
      + (plan.origin == .named ? "" : HTML.text("p", systemTurn))
      + HTML.details("All conditions", conditions)
  }

  private var systemTurn: String {
    guard plan.keepsDefaultSystem else {
      return "The system turn that the chat template adds by itself is left out."
    }
    return findings.defaultSystemPrompt.map { "The chat template adds this system turn: \($0)" }
      ?? "The chat template adds no system turn."
  }

  private var conditions: String {
    if plan.origin == .named {
      return HTML.table(
        caption: "What the plan asks", header: ["condition", "model", "address"],
        rows: plan.conditions.flatMap { condition in
          condition.models.enumerated().map { [condition.title, String($0 + 1), $1.written] }
        }, wordColumns: 3)
    }
    return HTML.table(
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
  }

  private static func markup(_ table: ModelTables.Table) -> String {
    HTML.table(
      caption: table.caption, header: table.header, rows: table.rows,
      wordColumns: table.wordColumns)
  }
}
