import Foundation
import Testing

@testable import Lab
@testable import Plans
@testable import Reporting

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The section of a page on the inside of the models.
private func section(_ findings: PlanFindings) -> String {
  let html = PlanReportPage(findings).html
  let rest = html.components(separatedBy: "<section id=\"anatomy\">").dropFirst().first
  return rest?.components(separatedBy: "</section>").first ?? ""
}

private func isWellFormed(_ markup: String) -> Bool {
  XMLParser(data: Data("<section>\(markup)</section>".utf8)).parse()
}

private func rows(_ markup: String, beginning: [String]) -> [[String]] {
  markup.components(separatedBy: "<tr><th scope=\"row\">").dropFirst().map { row in
    (row.components(separatedBy: "</tr>").first ?? "").components(separatedBy: "<td")
      .enumerated().map { index, cell in
        let text = cell.components(separatedBy: "</").first ?? ""
        return index == 0 ? text : text.components(separatedBy: ">").dropFirst().joined()
      }
  }.filter { $0.starts(with: beginning) }
}

@Suite("Anatomy on the page")
struct AnatomyReportTests {
  private let findings = SyntheticPlan.anatomy

  @Test("A plan without anatomy has no section, and the same findings give the same bytes")
  func bytes() {
    #expect(section(SyntheticPlan.points).isEmpty)
    #expect(PlanReportPage(findings).html == PlanReportPage(findings).html)
    #expect(isWellFormed(section(findings)))
  }

  @Test("The first table has the chosen sites at dose 1 alone, in plain words")
  func chosen() throws {
    let tables = section(findings).components(separatedBy: "</table>")
    // A quarter of 75.7 % is 18.9 %.
    #expect(
      rows(tables[0], beginning: ["Shift of the model", "added to Base"]) == [
        [
          "Shift of the model", "added to Base", "blocks.1.hook_resid_post", "+56.0", "51.0–61.0",
          "75.7 %", "+14.0", "18.9 %", "0.005", "83.5 %", "+0.067",
        ]
      ])
    #expect(rows(tables[0], beginning: ["Shift of the model", "removed from Insecure"]).count == 1)
    #expect(
      rows(tables[1], beginning: ["Shift of the model", "swapped into Insecure"]) == [
        [
          "Shift of the model", "swapped into Insecure", "blocks.1.hook_resid_post", "−0.408",
          "−0.458 to −0.358", "78.9 %", "−0.102", "19.7 %", "0.005", "+0.067",
        ]
      ])
  }

  @Test("What has no numbers is dashes, never 0, and has no figure")
  func undefined() throws {
    let markup = section(findings)
    let row = try #require(
      rows(markup, beginning: ["Spiteful against good persons", "added to Base"]).first)
    #expect(row[3...] == Array(repeating: "–", count: 8)[...])
    #expect(!markup.contains("Spiteful against good persons, added to Base: effect"))
    #expect(!markup.contains("nan") && !markup.contains(">inf"))
  }

  @Test("Findings of nothing, and numbers that are none, make a section all the same")
  func empty() {
    var findings = findings
    findings.anatomy = AnatomyFinding(effects: [], cosines: [], directions: [], predictions: [])
    #expect(isWellFormed(section(findings)))
    #expect(!section(findings).contains("<svg"))
    var effect = SyntheticPlan.effect("shift", .add, .nan, share: .infinity)
    effect.controls95 = -.infinity
    findings.anatomy?.effects = [effect, SyntheticPlan.effect("x", .swap, 0)]
    findings.plan.anatomy = nil
    #expect(isWellFormed(section(findings)))
    #expect(!section(findings).contains("nan") && !section(findings).contains("inf<"))
  }

  @Test(
    "Hostile text stays text",
    arguments: [
      "<script>alert(1)</script>", "\" onload=\"alert(1)", "\0\u{1B}[31m\u{202E}x", "]]>&'",
    ])
  func hostile(text: String) {
    var findings = findings
    findings.plan.anatomy?.directions[0].title = text
    for index in findings.plan.conditions.indices { findings.plan.conditions[index].title += text }
    for index in findings.plan.evaluations.indices {
      findings.plan.evaluations[index].title += text
    }
    for index in findings.anatomy?.effects.indices ?? 0..<0 {
      findings.anatomy?.effects[index].site = text
      findings.anatomy?.effects[index].controls[text] = 0.1
    }
    findings.anatomy?.effects[0].how = text
    findings.anatomy?.cosines[0].site = text
    findings.anatomy?.cosines[1].b = text
    findings.anatomy?.directions = [
      DirectionFinding(
        name: text, title: text, definition: text, site: text, length: 1, shift: 1,
        streamLength: 0, files: [text])
    ]
    let markup = section(findings)
    #expect(isWellFormed(markup))
    #expect(!markup.contains("<script") && !markup.contains(" onload=\""))
    #expect(!markup.contains("\u{1B}") && !markup.contains("\u{202E}"))
    #expect(!PlanConsoleTable(findings).text().contains("\u{1B}"))
  }

  @Test("Every figure says its numbers in words, the controls among them")
  func alternatives() {
    let markup = section(findings)
    let count = markup.components(separatedBy: "<svg ").count - 1
    // By site: added and removed; contrasts: added and swapped; by dose: added; and the cosines.
    #expect(count == 6)
    #expect(markup.components(separatedBy: "role=\"img\" aria-label=\"").count == count + 1)
    #expect(
      markup.contains(
        "<desc>dose 1: 5 at 0, 56 at 1; dose 2: 31 at 1, 31 at 1; 95 % of controls: 0 to 1.25 at 0, 0 to 14 at 1</desc>"
      ))
    #expect(markup.contains("effect, points: 56 at 1, 31 at 2"))
    #expect(markup.contains("Shift of the model with Shift of the model: 0.99, by chance 0.55"))
    // What shuffled labels reach as well, and what has no number.
    #expect(markup.contains(">(−0.12)</text>") && markup.contains("by-chance"))
  }

  @Test("Predictions of effects are cards, late ones marked, with the effect beside a share")
  func predictions() {
    let markup = section(findings)
    for part in [
      "<div class=\"prediction held\">", "<div class=\"prediction failed\">",
      "<div class=\"prediction undecidable late-one\">", "⚠ added after the first result",
      "Shift of the model added to Base, Free-form questions: the effect is above 50.0 % of tuning’s",
      "what 95 of 100 controls do not reach is below 20.0 % of the effect",
      "Spiteful against good persons added to Base, Free-form questions: the effect is above +10.0 points",
      "measured 75.7 % · threshold 50.0 % · effect +56.0 points (51.0–61.0 over seeds) · "
        + "stored 2026-09-21 14:13:20 UTC", "measured – · threshold +10.0 points",
    ] {
      #expect(markup.contains(part), "the section lacks \(part)")
    }
  }

  @Test("The sentence is made of the first direction's numbers")
  func summary() {
    #expect(
      AnatomySummary(findings)?.text
        == "Free-form questions: added to Base at blocks.1.hook_resid_post, "
        + "Shift of the model makes 76 % of the effect (95 of 100 controls: at most 19 %); removed from "
        + "Insecure, it takes 77 % (19 %). Log-odds of bad answers: swapped into Insecure at "
        + "blocks.1.hook_resid_post, it carries 79 % (20 %). 1 of 3 predicted effects held, "
        + "1 could not be decided; 1 came after the first result, which proves nothing.")
    #expect(AnatomySummary(SyntheticPlan.points) == nil)
    var silent = findings
    silent.anatomy = AnatomyFinding(effects: [], cosines: [], directions: [], predictions: [])
    #expect(AnatomySummary(silent)?.text == "")
  }

  @Test("Worlds stand side by side, directions with their share of the stream, files once")
  func details() {
    let markup = section(findings)
    #expect(markup.contains("World by world") && markup.contains("+57.0 points"))
    // 1.047 of 9.732.
    #expect(markup.contains("<td class=\"number\">10.8 %</td>"))
    #expect(
      markup.components(separatedBy: "directions/shift-2593/direction.safetensors").count == 2)
  }

  @Test(
    "The terminal has a table of effects and one of their predictions", arguments: [40, 80, 140])
  func console(width: Int) {
    let text = PlanConsoleTable(findings).text(width: width)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= width })
    let whole = PlanConsoleTable(findings).text(width: 1000)
    let lines = whole.split(separator: "\n").filter { $0.hasPrefix("Shift of the model") }
    // Four effects at chosen sites and dose 1, and two predictions.
    #expect(lines.count == 4 + 2)
    #expect(whole.contains("? undecidable, added after the first result"))
  }
}

@Suite struct SiteAxisTests {
  @Test("Sites stand where their blocks do, halves for the middle, and by number when unknown")
  func positions() {
    let axis = SiteAxis(["blocks.3.hook_resid_post", "blocks.10.hook_resid_post"])
    #expect(axis.title == "after block")
    #expect(axis.position("blocks.10.hook_resid_post") == 10)
    let mixed = SiteAxis(["blocks.0.hook_resid_mid", "blocks.0.hook_resid_post"])
    #expect(mixed.position("blocks.0.hook_resid_mid") == 0.5)
    #expect(mixed.position("blocks.0.hook_resid_post") == 1)
    let unknown = SiteAxis(["blocks.0.hook_resid_mid", "elsewhere", "elsewhere"])
    #expect(unknown.position("elsewhere") == 2)
    #expect(SiteAxis([]).position("x") == 0)
  }
}
