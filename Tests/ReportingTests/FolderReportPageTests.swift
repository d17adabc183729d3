import Foundation
import Reporting
import Statistics
import Testing

@testable import Lab
@testable import Plans

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The page as XML: its void elements are all in lines of their own.
private func isBalanced(_ html: String) -> Bool {
  let lines = html.replacing("<!DOCTYPE html>\n", with: "").components(separatedBy: "\n")
  let xml = lines.filter { !$0.hasPrefix("<meta ") }.joined(separator: "\n")
  return XMLParser(data: Data(xml.utf8)).parse()
}

/// Findings with `text` wherever a plan, a folder or a model can put one.
private func findings(_ text: String) throws -> FolderFindings {
  let path = try JSONDecoder().decode(PlanPath.self, from: JSONEncoder().encode(text))
  let base = FolderCondition(name: "base", title: text, training: FolderTraining())
  var trained = base
  (trained.name, trained.data) = ("trained", path)
  trained.training.preset = text
  let evaluation = FolderEvaluation(
    name: "free-form", title: text, questions: path, temperature: 1, topP: 1, maximumTokens: 9)
  let plan = FolderPlan(
    name: "hostile", title: text, question: text, model: path, seeds: [1, 2],
    keepsDefaultSystem: true, conditions: [base, trained], evaluations: [evaluation],
    published: [PublishedFigure(what: text, figure: text, source: text)])
  let interval = Interval(low: -0.5, high: 0.25)
  let likelihoods = ["base", "trained"].map { name in
    LikelihoodFinding(
      data: text, condition: name, rows: 3, tokens: 30,
      nats: .init(value: 1.5, overRows: interval, overSeeds: nil),
      perSeed: [.init(seed: 1, nats: 1.5)],
      againstBase: name == "base" ? nil : .init(value: -0.125, overRows: interval))
  }
  let examples = ["base", "trained"].map { name in
    FolderExample(
      evaluation: "free-form", questionID: text, system: text, question: text, condition: name,
      seed: 1, answer: text, isCut: name == "trained")
  }
  return FolderFindings(
    plan: plan, fingerprint: "0123", parameters: 12_345, precision: "bf16",
    defaultSystemPrompt: text, elapsedSeconds: 3,
    trainings: [1, 2].map { seed in
      FolderTrainingFinding(
        condition: "trained", seed: seed, folder: "models/x", method: "lora", steps: 3, rows: 9,
        cutRows: 1, emptiedRows: 0, trainedTokens: 99, trainedParameters: 1234,
        losses: (0..<3).map { .init(step: $0, loss: 2 - Double($0) / 4) })
    }, likelihoods: likelihoods,
    answers: [
      FolderAnswersFinding(
        evaluation: "free-form", condition: "trained", seeds: 2, answers: 8, distinct: 0.5,
        meanTokens: 7.25, finished: 6)
    ], examples: examples)
}

@Suite struct FolderReportPageTests {
  @Test("The page says that nothing is judged, and shows the numbers as they are")
  func numbers() throws {
    let findings = try findings("plain")
    let html = FolderReportPage(findings).html
    #expect(isBalanced(html) && html == FolderReportPage(findings).html)
    #expect(html.contains("The answers are unjudged"))
    for cell in ["1.500", "−0.125", "−0.500 to 0.250", "50.0", "7.2", "75.0", "2.000"] {
      #expect(html.contains(">\(cell)</td>"), "\(cell)")
    }
    #expect(html.contains("seed 1 · unjudged · cut"))
    #expect(!html.contains("misaligned %") && !html.contains("http://x"))
    let tables = FolderTables(findings).console.map { $0.text() }
    #expect(tables.count == 3 && tables[1].contains("−0.125"))
  }

  @Test("Findings are the same after a way through JSON, where plans of both kinds are told apart")
  func json() throws {
    let findings = try findings("plain")
    let data = try JSONEncoder().encode(findings)
    #expect(try StoredFindings(json: data) == .folder(findings))
    let other = try JSONEncoder().encode(SyntheticPlan.points)
    #expect(try StoredFindings(json: other) == .dish(SyntheticPlan.points))
  }

  @Test(
    "Hostile text anywhere in the findings stays text",
    arguments: [
      "<script>alert(1)</script>", "\" onload=\"alert(1)", "</style></svg><img src=x>",
      "\0\u{1B}[31m\u{202E}x", "]]> &amp; '",
    ])
  func hostile(text: String) throws {
    let findings = try findings(text)
    let index = PlanIndexPage([], folders: [(findings, text)]).html
    for page in [FolderReportPage(findings).html, index] {
      #expect(isBalanced(page))
      #expect(!page.contains("<script") && !page.contains("<img"))
      #expect(!page.contains(" onload=\""))
      #expect(!page.contains("\u{1B}") && !page.contains("\u{202E}"))
    }
    for table in FolderTables(findings).console { #expect(!table.text().contains("\u{1B}")) }
  }
}
