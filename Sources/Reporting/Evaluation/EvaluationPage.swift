import Evaluation
import Foundation
import Judging
import Rates
import Statistics
import Store

/// The report of an evaluation: one HTML page that needs nothing else. What models and judges wrote is
/// shown as text and cannot act.
package struct EvaluationPage {
  private let findings: EvaluationFindings
  private let title: String
  private var tables: EvaluationTables { EvaluationTables(findings) }

  /// - Parameters:
  ///   - findings: what the page shows.
  ///   - title: the name of the questions.
  package init(_ findings: EvaluationFindings, title: String) {
    (self.findings, self.title) = (findings, title)
  }

  /// The page. The same findings give the same bytes.
  package var html: String {
    HTML.page(
      title: "\(title): \(findings.model)", css: ReportStyle.css + PlanStyle.css,
      header + rateSection + metricSection + examplesSection + judgeSection + definitionsSection)
  }

  private var header: String {
    var markup = HTML.text("h1", title) + HTML.text("p", class: "question", findings.model)
    markup += HTML.text("p", class: "headline", headline)
    for line in tables.missing { markup += HTML.text("p", class: "warning", line) }
    let facts =
      "\(NumberText.count(findings.answers)) answers to \(NumberText.count(findings.questions)) "
      + "questions · run \(findings.run.prefix(12)) · "
      + (findings.identity.map { "model \($0.prefix(12)) · " } ?? "")
      + (findings.judges.isEmpty
        ? "unjudged"
        : "judged by "
          + findings.judges.map { "\($0.fingerprint.prefix(12))" }.joined(separator: ", "))
    return HTML.element("header", "\n" + markup + HTML.text("p", class: "facts", facts))
  }

  private var headline: String {
    guard let rates = findings.rates else {
      return "\(NumberText.count(findings.answers)) answers, measured as below."
    }
    let share = rates.whole.ofCoherent
    guard let value = share.value, let low = share.low, let high = share.high else {
      return "No answer was coherent, so that no rate of misalignment can be told."
    }
    return String(
      format: "%.1f %% of the coherent answers are misaligned (%.1f to %.1f).", value, low, high)
  }

  private var rateSection: String {
    guard let rates = findings.rates, let table = tables.misalignment else { return "" }
    let rows = (rates.questions.map { ($0.id, $0.part) } + [("all", rates.whole)]).map {
      name, part in
      IntervalFigure.Row(
        label: name, colorClass: name == "all" ? "c-insecure" : "c-base",
        rate: part.counts.ofCoherent.rate, interval: nil,
        wilson: part.counts.ofCoherent.wilsonInterval(), whenUndefined: "no coherent answer")
    }
    let figure = IntervalFigure(
      title: "Misaligned among coherent answers, by question",
      axisTitle: "misaligned % of coherent; thin: 95 % over answers",
      groups: [IntervalFigure.Group(heading: findings.model, rows: rows)], labelWidth: 180,
      labelLimit: 26)
    return HTML.section(
      id: "rates", "How much of it is misaligned?",
      HTML.figures([figure.svg], class: "wide") + markup(table))
  }

  private var metricSection: String {
    let all = tables.metrics()
    guard !all.rows.isEmpty else {
      return HTML.section(id: "metrics", "Measurements", HTML.text("p", "Nothing was measured."))
    }
    return HTML.section(
      id: "metrics", "Measurements",
      markup(all)
        + HTML.details("Each question by itself", markup(tables.metrics(byQuestion: true))))
  }

  private var examplesSection: String {
    let ids = findings.examples.reduce(into: [String]()) { ids, example in
      if ids.last != example.question, !ids.contains(example.question) {
        ids.append(example.question)
      }
    }
    guard !ids.isEmpty else { return "" }
    let blocks = ids.enumerated().map { index, id in
      let own = findings.examples.filter { $0.question == id }
      let cards = own.indices.map { place in
        // A wording stands above its answers once.
        let isNew = place == 0 || own[place].asked != own[place - 1].asked
        return (isNew ? question(own[place]) : "") + card(own[place])
      }
      return HTML.details(id, open: index < 2, cards.joined())
    }
    return HTML.section(
      id: "examples", "The first answers to each question",
      HTML.text(
        "p", class: "warning",
        "Answers of a model that may be misaligned: they can be false or harmful. Nobody has picked "
          + "them.") + blocks.joined())
  }

  private func question(_ example: EvaluationExample) -> String {
    let system = example.system.map { HTML.text("p", class: "asked", "System: \($0)") } ?? ""
    return system + HTML.text("p", class: "asked", example.asked)
  }

  private func card(_ example: EvaluationExample) -> String {
    let scores = example.measurements.map { measurement in
      let value =
        measurement.value.map { String(format: "%.1f", $0) } ?? measurement.label
        ?? "none (\(measurement.reason ?? "no reason"))"
      return "\(measurement.metric) \(value)"
    }
    let facts =
      (example.reading.map { ["counts as \($0.rawValue)"] } ?? []) + scores
      + (example.isCut ? ["cut"] : [])
    return HTML.element(
      "div", class: "card",
      HTML.text("blockquote", example.answer.isEmpty ? "(empty answer)" : example.answer)
        + HTML.text(
          "p", class: "scores", facts.isEmpty ? "unjudged" : facts.joined(separator: " · ")))
  }

  private var judgeSection: String {
    guard !findings.judges.isEmpty else { return "" }
    return HTML.section(
      id: "judges", "Who judged",
      HTML.table(
        caption:
          "A judge is the hash of its model, prompts, rule and version: rates of judges with "
          + "different hashes do not compare.",
        header: ["hash", "rule", "version", "model", "hashes of the prompts"],
        rows: findings.judges.map { judge in
          [
            String(judge.fingerprint.prefix(12)), judge.rule, "\(judge.version)",
            judge.model ?? NumberText.undefined,
            judge.prompts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.prefix(12))" }
              .joined(separator: ", "),
          ]
        }, wordColumns: 5))
  }

  private var definitionsSection: String {
    HTML.section(
      id: "definitions", "How every number was made",
      HTML.definitions([
        Definition(term: "Misaligned", meaning: EvaluationTables.ruleText(findings) + "."),
        Definition(
          term: "Intervals",
          meaning: "Over the draw of answers from this one model, for these questions. They say "
            + "nothing of other models that were trained the same way, nor of other questions."),
        Definition(
          term: "Missing",
          meaning:
            "A verdict that could not be had is no 0: it is left out, and the reason is told."),
        Definition(
          term: "Coverage",
          meaning: "The probability that the judge gave to all valid replies together. Where it is "
            + "low the judge was asked for what it does not say."),
      ]))
  }

  private func markup(_ table: EvaluationTables.Table) -> String {
    HTML.table(
      caption: table.caption, header: table.header, rows: table.rows, wordColumns: 1)
  }
}
