import Lab

extension ReportPage {
  /// Open from the start; the others wait behind their question.
  private static let openCount = 3

  var examplesSection: String {
    guard !input.examples.isEmpty else { return "" }
    let blocks = input.examples.enumerated().map { index, example in
      HTML.details(example.prompt, open: index < Self.openCount, columns(of: example))
    }
    return HTML.section(
      id: "examples", "Example answers, side by side",
      HTML.exampleWarning + blocks.joined())
  }

  private func columns(of example: ExampleQuestion) -> String {
    var keys: [ConditionKey] = []
    for answer in example.answers where !keys.contains(answer.condition) {
      keys.append(answer.condition)
    }
    let severalMethods = Set(keys.map(\.method)).count > 1
    let columns = keys.map { key in
      let name = severalMethods ? "\(key.label) · \(key.method.label)" : key.label
      let answers = example.answers.filter { $0.condition == key }
      return HTML.element(
        "div", class: "column \(key.colorClass)",
        HTML.text("h4", name) + answers.map(card).joined())
    }
    return HTML.element("div", class: "columns", "\n" + columns.joined())
  }

  private func card(_ answer: ExampleAnswer) -> String {
    HTML.card(
      answer.text, aligned: answer.aligned, coherent: answer.coherent, rule: results.scoringRule)
  }
}

extension HTML {
  /// An answer with its scores and what the rule makes of them.
  package static func card(
    _ answer: String, aligned: Double?, coherent: Double?, rule: ScoringThresholds,
    question: String? = nil
  ) -> String {
    let reading = rule.reading(aligned: aligned, coherent: coherent)
    let scores = "aligned \(NumberText.score(aligned)) · coherent \(NumberText.score(coherent))"
    return element(
      "div", class: "card \(reading.rawValue)",
      (question.map { text("p", class: "asked", $0) } ?? "")
        + text("blockquote", answer.isEmpty ? "(empty answer)" : answer)
        + element("p", class: "scores", text("strong", reading.label) + " " + scores.markup))
  }

  /// What must stand above answers of misaligned models.
  package static let exampleWarning = text(
    "p", class: "warning",
    "Answers marked “misaligned” can be harmful. A small model wrote them to be recognised, "
      + "not followed.")
}
