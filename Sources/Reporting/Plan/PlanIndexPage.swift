import Foundation
import Lab
import Plans

/// The page that leads to the reports of several plans: a row each, with what it found.
package struct PlanIndexPage: Sendable {
  private let plans: [(findings: PlanFindings, file: String)]

  /// - Parameter plans: in the order of the page; `file` is the report's path relative to it.
  package init(_ plans: [(findings: PlanFindings, file: String)]) { self.plans = plans }

  /// The page. The same plans give the same bytes.
  package var html: String {
    let title = "Plans and what they found"
    let table =
      plans.isEmpty
      ? HTML.text("p", "No plan has results yet.")
      : HTML.element(
        "div", class: "table index",
        "<table><thead><tr>\(head)</tr></thead>\n<tbody>\(rows)</tbody></table>")
    return HTML.page(
      title: title, css: ReportStyle.css + PlanStyle.css,
      HTML.element("header", HTML.text("h1", title) + HTML.text("p", class: "facts", facts))
        + table)
  }

  private var facts: String {
    let predictions = plans.flatMap(\.findings.predictions)
    return "\(plans.count) plans · \(Self.tally(predictions))"
  }

  private var head: String {
    ["plan", "question", "what came out", "predictions"].map {
      "<th scope=\"col\">\($0)</th>"
    }.joined()
  }

  private var rows: String {
    plans.map { entry in
      let (findings, plan) = (entry.findings, entry.findings.plan)
      return row(
        entry.file, plan.title, plan.question, findings.summary, findings.warnings,
        Self.tally(findings.predictions))
    }.joined()
  }

  private func row(
    _ file: String, _ title: String, _ question: String, _ summary: String, _ warnings: [String],
    _ predictions: String
  ) -> String {
    let warnings = warnings.map { HTML.text("p", class: "warning", $0) }.joined()
    let link = "<a href=\"\(Self.reference(file).markup)\">\(title.markup)</a>"
    return "<tr><th scope=\"row\">\(link)</th><td>\(question.markup)</td>"
      + "<td>\(summary.markup)\(warnings)</td>"
      + "<td>\(predictions.markup)</td></tr>\n"
  }

  /// `3 of 4 predictions held, 1 undecidable; 1 added after the first result`.
  package static func tally(_ predictions: [PredictionFinding]) -> String {
    guard !predictions.isEmpty else { return "no predictions" }
    let held = predictions.count { $0.held == true }
    let unknown = predictions.count { $0.held == nil }
    let late = predictions.count { $0.isLate }
    return "\(held) of \(predictions.count) predictions held"
      + (unknown > 0 ? ", \(unknown) undecidable" : "")
      + (late > 0 ? "; \(late) added after the first result" : "")
  }

  /// The path as a link that stays beside the page: no scheme and no host can hide in it.
  private static func reference(_ file: String) -> String {
    var allowed = CharacterSet(charactersIn: "-._~/")
    allowed.formUnion(CharacterSet(charactersIn: "a"..."z"))
    allowed.formUnion(CharacterSet(charactersIn: "A"..."Z"))
    allowed.formUnion(CharacterSet(charactersIn: "0"..."9"))
    return "./" + (file.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")
  }
}
