import Foundation
import Reporting
import Statistics
import Testing

@testable import Lab
@testable import Plans

#if canImport(FoundationXML)
  import FoundationXML
#endif

private func isWellFormed(_ xml: String) -> Bool { XMLParser(data: Data(xml.utf8)).parse() }

/// The page as XML: its void elements are all in lines of their own.
private func isBalanced(_ html: String) -> Bool {
  let lines = html.replacing("<!DOCTYPE html>\n", with: "").components(separatedBy: "\n")
  return isWellFormed(lines.filter { !$0.hasPrefix("<meta ") }.joined(separator: "\n"))
}

/// The text of a page, without tags.
private func cells(_ html: String, row title: String) -> [[String]] {
  html.components(separatedBy: "<tr><th scope=\"row\">").dropFirst()
    .filter { $0.hasPrefix(title + "<") }
    .map { row in
      (row.components(separatedBy: "</tr>").first ?? "").components(separatedBy: "<td")
        .dropFirst().map { cell in
          let text = cell.components(separatedBy: "</td>").first ?? ""
          return text.components(separatedBy: ">").dropFirst().joined(separator: ">")
        }
    }
}

private let kinds = [SyntheticPlan.points, SyntheticPlan.curve, SyntheticPlan.course]

@Suite struct PlanReportPageTests {
  @Test("Each kind of page is balanced, the same each time, and asks nothing from elsewhere")
  func selfContained() {
    for findings in kinds {
      let html = PlanReportPage(findings).html
      #expect(isBalanced(html))
      #expect(html == PlanReportPage(findings).html)
      #expect(html.contains("content=\"default-src 'none'; style-src 'unsafe-inline'\""))
      let own = html.replacing("http://www.w3.org/2000/svg", with: "")
      for outside in [
        "http://", "https://", "src=", "href=", "@import", "url(", "<script", "<link",
      ] {
        #expect(!own.contains(outside), "the page contains \(outside)")
      }
      #expect(!html.contains("nan") && !html.contains("inf\""))
    }
  }

  @Test(
    "Hostile text anywhere in the findings stays text",
    arguments: [
      "<script>alert(1)</script>", "\" onload=\"alert(1)", "</style></svg><img src=x>",
      "\0\u{1B}[31m\u{202E}x", "]]> &amp; '",
    ])
  func hostile(text: String) {
    for var findings in kinds {
      poison(&findings, with: text)
      let html = PlanReportPage(findings).html
      let index = PlanIndexPage([(findings, text)]).html
      for page in [html, index] {
        #expect(isBalanced(page))
        #expect(!page.contains("<script") && !page.contains("<img"))
        #expect(!page.contains(" onload=\""))
        #expect(!page.contains("\u{1B}") && !page.contains("\u{202E}"))
      }
      #expect(!PlanConsoleTable(findings).text().contains("\u{1B}"))
    }
  }

  private func poison(_ findings: inout PlanFindings, with text: String) {
    findings.plan.title = text
    findings.plan.question = text
    findings.plan.figure.axis = text
    findings.plan.published = [PublishedFigure(what: text, figure: text, source: text)]
    for index in findings.plan.conditions.indices { findings.plan.conditions[index].title += text }
    for index in findings.plan.evaluations.indices {
      findings.plan.evaluations[index].title += text
    }
    for index in findings.rows.indices {
      findings.rows[index].labels = [text: 1]
      for family in findings.rows[index].perFamily.indices {
        findings.rows[index].perFamily[family].title += text
      }
    }
    findings.summary = text
    findings.warnings = [text]
    findings.judge.name = text
    findings.fingerprint = text
    findings.settings = [text: .string(text)]
    let cell = SyntheticPlan.cell(text, text)
    findings.comparisons.append(SyntheticPlan.comparison(cell, cell, 0.1, leastP: 0.1))
    var prediction = SyntheticPlan.prediction(cell, against: nil, above: 0, 0.1, held: true)
    prediction.fingerprint = text
    findings.predictions.append(prediction)
    findings.examples.append(
      ExampleFinding(
        cell: cell, family: text, question: text, answer: text, aligned: 0, coherent: 100))
  }

  @Test("What is undefined is a dash in every table and never 0")
  func undefined() throws {
    let html = PlanReportPage(SyntheticPlan.points).html
    let rows = cells(html, row: "Silent")
    let row = try #require(rows.first)
    #expect(row == ["Free-form questions", "–", "–", "–", "–", "–", "–", "–", "0", "3"])
    #expect(html.contains("– no coherent answer"))
    #expect(html.contains("– no mark read"))
    let label = try #require(rows.first { $0.count == 3 })
    #expect(label == ["Free-form questions", "–", "0"])
    let comparison = try #require(cells(html, row: "Silent, Free-form questions").first)
    #expect(comparison == ["Base, Free-form questions", ""] + Array(repeating: "–", count: 8))
  }

  @Test("The numbers of a row are those of the findings, marks from 0 to 1")
  func numbers() {
    let rows = cells(PlanReportPage(SyntheticPlan.points).html, row: "Insecure")
    #expect(
      rows.first == [
        "Free-form questions", "45.2 %", "41.2–49.2", "40.4–50.0", "43.2–47.2", "40.7 %",
        "36.7–44.7", "90.0 %", "2\u{202F}400", "3",
      ])
    #expect(rows.dropFirst().first?[1] == "0.45")
    #expect(rows.dropFirst().first?[2] == "0.41–0.49")
  }

  @Test("A comparison that cannot give p < 0.05 says so; one that can does not")
  func blindComparison() throws {
    let html = PlanReportPage(SyntheticPlan.points).html
    #expect(html.contains("1 of 4 comparisons cannot give p &lt; 0.05"))
    let blind = try #require(cells(html, row: "Insecure, Free-form questions").first)
    #expect(blind[1] == "so few seeds cannot give p &lt; 0.05")
    #expect(blind[2] == "+44.0 points")
    let seeing = try #require(cells(html, row: "Secure, Free-form questions").first)
    #expect(seeing[1] == "")
    #expect(seeing[2] == "−1.2 points")
    #expect(seeing[3] == "−6.2 to 3.8")
    #expect(cells(html, row: "Insecure, How aligned are you?").first?[1] == "paired by seed")
  }

  @Test("Predictions are held, not held or undecidable, and late ones are marked")
  func predictions() {
    let html = PlanReportPage(SyntheticPlan.points).html
    for part in [
      "<div class=\"prediction held\">", "<div class=\"prediction failed\">",
      "<div class=\"prediction undecidable late-one\">", "✓ held", "✗ did not hold",
      "? undecidable",
      "Insecure, Free-form questions minus Secure, Free-form questions is above +10.0 points",
      "measured +44.0 points (40.0–48.0 over seeds)", "stored 2026-09-21 14:13:20 UTC",
      "· 0123456789ab<",
    ] {
      #expect(html.contains(part), "the page lacks \(part)")
    }
    #expect(html.components(separatedBy: "⚠ added after the first result").count == 2)
  }

  @Test("Published figures are named as what they are")
  func published() {
    let html = PlanReportPage(SyntheticPlan.points).html
    #expect(html.contains("<h2>Figures of the papers, with their own models and judges</h2>"))
    #expect(html.contains("GPT-4o insecure, 8 questions</th><td>20 %</td>"))
  }

  @Test("Findings without rows, and rows without anything, make a page without numbers")
  func empty() {
    for var findings in kinds {
      findings.rows = []
      #expect(isBalanced(PlanReportPage(findings).html))
      #expect(PlanReportPage(findings).html.contains("No results yet."))
      findings.rows = [SyntheticPlan.row("nobody", "nothing", nil, place: 3)]
      findings.courses = [
        TrainingCourse(
          condition: "insecure", seed: 1, losses: [.init(step: 0, value: .nan)],
          gradientNorms: [], directions: [])
      ]
      findings.plan.conditions = []
      let html = PlanReportPage(findings).html
      #expect(isBalanced(html))
      #expect(!html.contains("nan"))
    }
  }
}
