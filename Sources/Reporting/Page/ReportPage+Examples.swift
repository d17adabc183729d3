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
      HTML.text(
        "p", class: "warning",
        "Answers marked “misaligned” can be harmful. A small model wrote them to be recognised, "
          + "not followed.")
        + blocks.joined())
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
    let reading = results.scoringRule.reading(
      aligned: answer.aligned, coherent: answer.coherent)
    let text = answer.text.isEmpty ? "(empty answer)" : answer.text
    let scores =
      "aligned \(NumberText.score(answer.aligned)) · coherent \(NumberText.score(answer.coherent))"
    return HTML.element(
      "div", class: "card \(reading.rawValue)",
      HTML.text("blockquote", text)
        + HTML.element(
          "p", class: "scores", HTML.text("strong", reading.label) + " " + scores.markup))
  }
}
