import Foundation
import Judging
import Rates
import Statistics
import Testing

@testable import Evaluation
@testable import Lab
@testable import Plans
@testable import Reporting

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
private func findings(_ text: String) throws -> PlanFindings {
  let path = try JSONDecoder().decode(PlanPath.self, from: JSONEncoder().encode(text))
  var base = PlanCondition(name: "base")
  base.title = text
  var trained = base
  trained.name = "trained"
  trained.data = [PlanData(corpus: text, file: path, share: 1, setting: .plain)]
  trained.training.preset = text
  let evaluation = PlanEvaluation(
    name: "free-form", title: text, questions: [path], temperature: 1, topP: 1, maximumTokens: 9,
    setting: .plain, measure: .misaligned)
  let plan = Plan(
    name: "hostile", title: text, question: text, origin: .model(path), seeds: [1, 2],
    conditions: [base, trained], evaluations: [evaluation], comparisons: [], predictions: [],
    published: [PublishedFigure(what: text, figure: text, source: text)],
    figure: PlanFigure(kind: .points, axis: nil, isLogarithmic: false))
  let interval = Interval(low: -0.5, high: 0.25)
  let likelihoods = ["base", "trained"].map { name in
    LikelihoodFinding(
      data: text, condition: name, rows: 3, tokens: 30,
      nats: .init(value: 1.5, overRows: interval, overSeeds: nil),
      perSeed: [.init(seed: 1, nats: 1.5)],
      againstBase: name == "base" ? nil : .init(value: -0.125, overRows: interval))
  }
  let examples = ["base", "trained"].map { name in
    ExampleFinding(
      cell: PlanCell(condition: name, evaluation: "free-form"), family: text, question: text,
      answer: text, seed: 1, system: text, isCut: name == "trained", verdicts: [])
  }
  return PlanFindings(
    plan: plan, fingerprint: "0123", rows: [], comparisons: [], predictions: [], examples: examples,
    courses: [1, 2].map { seed in
      TrainingCourse(
        condition: "trained", seed: seed,
        losses: (0..<3).map { .init(step: $0, value: 2 - Double($0) / 4) }, gradientNorms: [],
        directions: [])
    }, judge: JudgeIdentity(name: text, fingerprint: "0"),
    scoringRule: ScoringThresholds(coherentAtLeast: 50, misalignedBelow: 30), summary: "",
    warnings: [], settings: [:], elapsedSeconds: 3, parameters: 12_345, precision: "bf16",
    defaultSystemPrompt: text, isJudged: false,
    trainings: [1, 2].map { seed in
      TrainingFinding(
        condition: "trained", seed: seed, folder: "models/x", method: "lora", steps: 3, rows: 9,
        cutRows: 1, emptiedRows: 0, trainedTokens: 99, trainedParameters: 1234)
    }, likelihoods: likelihoods,
    answers: [
      AnswersFinding(
        evaluation: "free-form", condition: "trained", seeds: 2, answers: 8, distinct: 0.5,
        meanTokens: 7.25, finished: 6)
    ], judged: []
  ).withWords
}

extension PlanFindings {
  fileprivate var withWords: PlanFindings {
    var findings = self
    let words = FolderWords(self)
    (findings.summary, findings.warnings) = (words.summary, words.warnings)
    return findings
  }
}

/// The same, judged by a judge that says `text` wherever it can, in a plan that asks models as they are.
private func judged(_ text: String) throws -> PlanFindings {
  var found = try findings(text)
  let address = try JSONDecoder().decode(PlanAddress.self, from: JSONEncoder().encode(text))
  found.plan.judge = address
  found.plan.origin = .named
  for index in found.plan.conditions.indices {
    found.plan.conditions[index].data = []
    found.plan.conditions[index].models = [address, address]
  }
  (found.trainings, found.likelihoods, found.parameters) = ([], [], nil)
  found.isJudged = true
  let answers = [(10, 90), (80, 90), (20, 60), (90, 10)].enumerated().map { index, scores in
    ScoredAnswer(
      question: text, verdict: Verdict(aligned: Double(scores.0), coherent: Double(scores.1)),
      model: "trained", seed: String(index % 2))
  }
  let metric = EvaluationFindings.Metric(
    metric: text, question: nil, answers: 5, measured: 4, mean: nil, meanInterval: nil,
    labels: [text: 3, "b": 1], counted: text, share: Proportion(successes: 3, trials: 4),
    shareInterval: Interval(low: 0.25, high: 0.9375), coverage: 0.875, missing: [text: 1])
  found.judged = [
    JudgedFinding(
      evaluation: "free-form", condition: "trained", models: 2,
      judges: [
        .init(fingerprint: "abcdef", rule: text, version: 1, model: text, prompts: [text: text])
      ], verdicts: 9, wanted: 10, rates: MisalignmentRates.all(of: answers).first,
      metrics: [metric], metricsByQuestion: [metric])
  ]
  found.comparisons = [
    ComparisonFinding(
      comparison: PlanComparison(
        of: PlanCell(condition: "trained", evaluation: "free-form"),
        against: PlanCell(condition: "base", evaluation: "free-form")),
      difference: FindingEstimate(
        value: 0.125, overAnswers: Interval(low: -0.0625, high: 0.25)), isPaired: false)
  ]
  for index in found.examples.indices {
    found.examples[index].verdicts = [
      .init(metric: "aligned", value: 12, label: nil, reason: nil),
      .init(metric: text, value: nil, label: text, reason: nil),
      .init(metric: text, value: nil, label: nil, reason: text),
    ]
  }
  return found.withWords
}

@Suite("Pages of models that were not grown in a dish") struct ModelReportPageTests {
  @Test("The page says that nothing is judged, and shows the numbers as they are")
  func numbers() throws {
    let findings = try findings("plain")
    let html = PlanReportPage(findings).html
    #expect(isBalanced(html) && html == PlanReportPage(findings).html)
    #expect(html.contains("The answers are unjudged"))
    for cell in ["1.500", "−0.125", "−0.500 to 0.250", "50.0", "7.2", "75.0", "2.000"] {
      #expect(html.contains(">\(cell)</td>"), "\(cell)")
    }
    #expect(html.contains("seed 1 · unjudged · cut"))
    #expect(!html.contains("misaligned %") && !html.contains("http://x"))
    let tables = ModelTables(findings).console.map { $0.text() }
    #expect(tables.count == 3 && tables[1].contains("−0.125"))
    for table in tables { #expect(table.split(separator: "\n").allSatisfy { $0.count <= 80 }) }
  }

  @Test("A judged page says who judged, what is missing and how sure the numbers are")
  func judgedNumbers() throws {
    let findings = try judged("plain")
    let html = PlanReportPage(findings).html
    #expect(isBalanced(html) && !html.contains("The answers are unjudged"))
    #expect(html.contains("judge plain") && html.contains("abcdef"))
    // Two of three coherent answers; three of four decided labels.
    for cell in [
      "66.7", "50.0", "plain 75.0 %", "25.0–93.8", "0.875", "+12.5 points", "−6.2 to 25.0",
    ] {
      #expect(html.contains(">\(cell)</td>"), "\(cell)")
    }
    #expect(html.contains("aligned 12 · plain plain · no plain: plain"))
    #expect(html.contains("1 of 10 verdicts are not there yet"))
    #expect(findings.summary.hasSuffix("plain: 66.7 % (plain) misaligned of the coherent answers."))
    #expect(html.contains("4 models, asked as they are"))
    let tables = ModelTables(findings).console
    #expect(tables.count == 4)
    for table in tables {
      #expect(table.rows.allSatisfy { $0.count == table.header.count }, "\(table.header)")
      #expect(table.text().split(separator: "\n").allSatisfy { $0.count <= 80 })
    }
  }

  @Test("Findings are the same after a way through JSON")
  func json() throws {
    for findings in [try findings("plain"), try judged("plain"), SyntheticPlan.points] {
      let data = try JSONEncoder().encode(findings)
      #expect(try JSONDecoder().decode(PlanFindings.self, from: data) == findings)
    }
  }

  @Test(
    "Hostile text anywhere in the findings stays text",
    arguments: [
      "<script>alert(1)</script>", "\" onload=\"alert(1)", "</style></svg><img src=x>",
      "\0\u{1B}[31m\u{202E}x", "]]> &amp; '",
    ])
  func hostile(text: String) throws {
    for findings in [try findings(text), try judged(text)] {
      let index = PlanIndexPage([(findings, text)]).html
      for page in [PlanReportPage(findings).html, index] {
        #expect(isBalanced(page))
        #expect(!page.contains("<script") && !page.contains("<img"))
        #expect(!page.contains(" onload=\""))
        #expect(!page.contains("\u{1B}") && !page.contains("\u{202E}"))
      }
      #expect(!PlanConsoleTable(findings).text().contains("\u{1B}"))
      for words in findings.warnings + [findings.summary] { #expect(!words.contains("\u{1B}")) }
    }
  }
}
