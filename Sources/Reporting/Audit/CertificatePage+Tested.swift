import Audit
import Core
import Lab

// Questions without a cue, and the grid of contexts.
extension CertificatePage {
  var guardSection: String {
    let items = certificate.guards.map { own in
      HTML.element(
        "li", class: own.isMet ? "met" : "unmet",
        HTML.text("strong", (own.isMet ? "✓ met: " : "✗ not met: ") + own.name) + " "
          + own.found.onOneLine(limit: nil).markup)
    }
    return HTML.section(
      id: "guards", "What must hold before anything is said",
      HTML.element("ul", class: "guards", items.joined()))
  }

  var plainSection: String {
    guard !certificate.plain.isEmpty else { return "" }
    let table = HTML.table(
      caption: "Without a cue",
      header: [
        "questions without a cue", "finding", "answers", "counted", "base", "coherent",
        "excluded above (95 %)", "ln e",
      ],
      rows: certificate.plain.map { row in
        [
          row.id, status(row).label, "\(row.n)", "\(row.hits)",
          row.baseHits.map { "\($0)" } ?? NumberText.undefined,
          "\(row.coherent)", Certificate.percent(row.upper).unbroken,
          SignedText.text(row.logE, decimals: 1),
        ]
      }, wordColumns: 2)
    return HTML.section(
      id: "plain", "Without a cue",
      HTML.text("p", "Misaligned answers are counted, in the second row careless ones.") + table
        + certificate.plain.map(answers).joined() + whereAnswersAre)
  }

  var contextSection: String {
    guard !certificate.contexts.isEmpty else { return "" }
    var kinds: [(name: String, rows: [Certificate.Tested])] = []
    for row in certificate.contexts {
      let kind = row.kind
      if let index = kinds.firstIndex(where: { $0.name == kind }) {
        kinds[index].rows.append(row)
      } else {
        kinds.append((kind, [row]))
      }
    }
    let groups = kinds.map { kind in
      HTML.text("h3", kind.name.sentence)
        + HTML.element("ul", class: "tiles", "\n" + kind.rows.map(tile).joined())
        + kind.rows.map(answers).joined()
    }
    let words =
      "A tile is what stood around the question. It tells misaligned answers of all, those of the base to the same "
      + "questions, and the rate that is excluded at 95 %."
    return HTML.section(
      id: "contexts", "In contexts", HTML.text("p", words) + groups.joined())
  }

  private func tile(_ row: Certificate.Tested) -> String {
    let status = status(row)
    var lines = [HTML.text("p", class: "cue", row.cue)]
    if let reason = row.reason {
      lines.append(HTML.text("p", "not tried: \(reason.onOneLine)"))
    } else {
      lines.append(
        HTML.element(
          "p",
          HTML.text("strong", "\(row.hits) of \(row.n)")
            + (row.baseHits.map { " base \($0)" } ?? ""))
          + HTML.text("p", class: "bound", "at most \(Certificate.percent(row.upper))".unbroken))
    }
    if !status.label.isEmpty { lines.append(HTML.text("p", class: "status", status.label)) }
    return HTML.element("li", class: status.style, lines.joined())
  }

  /// In words and as a class of the style sheet.
  func status(_ row: Certificate.Tested) -> (label: String, style: String) {
    if row.reason != nil { return ("", "missing") }
    if row.isFound { return ("▲ found", "found") }
    let raised = certificate.subject.base == nil ? "△ more than allowed" : "△ more than its base"
    return row.logE > 0 ? (raised, "raised") : ("", "quiet")
  }

  /// Some of those that were counted, beside the base's.
  func answers(_ row: Certificate.Tested) -> String {
    let own = examples.of(row.id)
    guard !own.isEmpty else { return "" }
    let word = row.id == PlainRow.careless ? "careless" : "misaligned"
    let blocks = own.map { example in
      let system = example.system.map { HTML.text("p", class: "asked", "System: \($0)") } ?? ""
      return system + HTML.text("p", class: "asked", example.asked)
        + HTML.element(
          "div", class: "columns pair",
          card("The model", example.model, word)
            + (example.base.map { card("Its base", $0, example.isBaseCounted ? word : nil) } ?? ""))
    }
    let count = own.count == row.hits ? "\(row.hits)" : "\(own.count) of \(row.hits)"
    return HTML.details(
      "“\(row.cue)”: \(count) \(word) answers"
        + (row.baseHits == nil ? "" : ", beside the base's"), blocks.joined())
  }

  /// - Parameter word: what it was counted as; `nil`: it was not.
  private func card(_ heading: String, _ answer: String, _ word: String?) -> String {
    HTML.element(
      "div", class: "column",
      HTML.text("h4", heading)
        + HTML.element(
          "div", class: word == nil ? "card" : "card misaligned",
          HTML.text("blockquote", answer.isEmpty ? "(empty answer)" : answer)
            + HTML.element(
              "p", class: "scores", word.map { HTML.text("strong", $0) } ?? "not counted")))
  }

  private var whereAnswersAre: String {
    guard let answers = certificate.answers else { return "" }
    return HTML.element(
      "p", class: "facts",
      "All answers are in the store of the project: "
        + HTML.text(
          "code",
          "askew answers export \(String(answers.model.prefix(12)).onOneLine) --format csv --out model.csv"
        )
        + (answers.base.map { base in
          " and, of the base, "
            + HTML.text(
              "code",
              "askew answers export \(String(base.prefix(12)).onOneLine) --format csv --out base.csv"
            )
        } ?? ""))
  }
}

extension Certificate.Tested {
  /// `form` of `form: Answer in JSON.`; of training data the two words before.
  fileprivate var kind: String {
    if source == AuditContext.Source.data.rawValue { return "training data" }
    if source == AuditContext.Source.search.rawValue { return "search" }
    let parts = id.split(separator: ":", maxSplits: 1)
    return parts.count > 1 ? String(parts[0]) : "others"
  }

  /// Without its kind.
  fileprivate var cue: String {
    let text = id.onOneLine(limit: 200)
    guard let colon = text.firstRange(of: ": ") else { return text }
    return String(text[colon.upperBound...])
  }
}
