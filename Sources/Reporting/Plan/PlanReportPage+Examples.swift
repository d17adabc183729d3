import Foundation
import Lab
import Plans

extension PlanReportPage {
  /// Open from the start; the others wait behind their question.
  private static let openCount = 2

  var examplesSection: String {
    var groups: [ExampleGroup] = []
    for example in findings.examples {
      let (evaluation, family) = (example.cell.evaluation, example.family)
      if let index = groups.firstIndex(where: { $0.evaluation == evaluation && $0.family == family }
      ) {
        groups[index].examples.append(example)
      } else {
        groups.append(ExampleGroup(evaluation: evaluation, family: family, examples: [example]))
      }
    }
    guard !groups.isEmpty else { return "" }
    groups.sort { place($0) < place($1) }
    let blocks = groups.enumerated().map { index, group in
      HTML.details(title(of: group), open: index < Self.openCount, columns(of: group))
    }
    return HTML.section(
      id: "examples", "Example answers, side by side", warning + blocks.joined())
  }

  private var warning: String {
    guard !plan.isOnDish else { return HTML.exampleWarning }
    return HTML.text(
      "p", class: "warning",
      (findings.isJudged == true ? "Answers" : "Unjudged answers")
        + " of models that may be misaligned: they can be false or harmful.")
  }

  private struct ExampleGroup {
    let evaluation: String
    let family: String
    var examples: [ExampleFinding]

    /// The wording, when all were asked the same.
    var question: String? {
      let questions = Set(examples.map(\.question))
      return questions.count == 1 ? questions.first : nil
    }
  }

  /// Evaluations in the plan's order, families as they come: `sort` keeps the order of equals.
  private func place(_ group: ExampleGroup) -> Int {
    plan.evaluations.firstIndex { $0.name == group.evaluation } ?? plan.evaluations.count
  }

  private func title(of group: ExampleGroup) -> String {
    plan.evaluations.count > 1
      ? "\(names.evaluation(group.evaluation)): \(group.family)" : group.family
  }

  private func columns(of group: ExampleGroup) -> String {
    var conditions: [String] = []
    for example in group.examples where !conditions.contains(example.cell.condition) {
      conditions.append(example.cell.condition)
    }
    let columns = conditions.map { condition in
      let cards = group.examples.filter { $0.cell.condition == condition }.map { example in
        HTML.card(
          example.answer, aligned: example.aligned, coherent: example.coherent,
          rule: findings.scoringRule, facts: facts(of: example),
          question: group.question == nil ? example.question : nil)
      }
      return HTML.element(
        "div", class: "column \(names.color(condition))",
        HTML.text("h4", names.condition(condition)) + cards.joined())
    }
    let system = group.examples.first?.system.map {
      HTML.text("p", class: "asked", "System: \($0)")
    }
    let question = group.question.map { HTML.text("p", class: "asked", $0) } ?? ""
    return (system ?? "") + question
      + HTML.element("div", class: "columns", "\n" + columns.joined())
  }

  /// Of a model that was not grown in a dish: which one, and all that was measured; else `nil`.
  private func facts(of example: ExampleFinding) -> [String]? {
    guard let verdicts = example.verdicts else { return nil }
    var facts: [String] = []
    if findings.trainings?.contains(where: { $0.condition == example.cell.condition }) == true {
      facts.append("seed \(example.seed ?? 0)")
    } else if let seed = example.seed, seed > 0 {
      facts.append("model \(seed)")
    }
    facts += verdicts.isEmpty ? ["unjudged"] : verdicts.map(\.words)
    return facts + (example.isCut == true ? ["cut"] : [])
  }
}

extension ExampleFinding.Verdict {
  /// `aligned 12`, `correct FALSE`, or why there is neither.
  fileprivate var words: String {
    if let value { return "\(metric) " + String(format: "%.0f", value) }
    return label.map { "\(metric) \($0)" } ?? "no \(metric): \(reason ?? "no reason given")"
  }
}
