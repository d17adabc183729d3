import Lab
import Plans

/// A comparison's numbers as the page and the terminal show them.
package struct ComparisonText {
  private let finding: ComparisonFinding
  private let names: PlanNames

  package init(_ finding: ComparisonFinding, names: PlanNames) {
    self.finding = finding
    self.names = names
  }

  package var of: String { names.cell(finding.comparison.of) }
  package var against: String { names.cell(finding.comparison.against) }
  package var difference: String { scale.difference(finding.difference.value) }
  package var overSeeds: String { scale.interval(finding.difference.overSeeds) }
  package var clustered: String { scale.interval(finding.difference.clustered) }
  package var overAnswers: String { scale.interval(finding.difference.overAnswers) }
  package var ratio: String { NumberText.score(finding.ratio) }
  package var effectSize: String { SignedText.text(finding.effectSize, decimals: 2) }
  package var p: String { NumberText.probability(finding.p) }
  package var adjustedP: String { NumberText.probability(finding.adjustedP) }
  package var leastP: String { NumberText.probability(finding.leastP) }

  /// Whether no numbers whatsoever could have given p < 0.05.
  package var isBlind: Bool { finding.leastP.map { $0 >= 0.05 } ?? false }

  /// What must be known to read p.
  package var note: String {
    let notes = [
      finding.isPaired ? (names.units == "worlds" ? "paired by world" : "paired by seed") : nil,
      isBlind ? "so few \(names.units) cannot give p < 0.05" : nil,
    ]
    return notes.compactMap { $0 }.joined(separator: "; ")
  }

  private var scale: MeasureScale { names.scale(finding.comparison.of.evaluation) }
}

extension PlanReportPage {
  var comparisonSection: String {
    guard !findings.comparisons.isEmpty else { return "" }
    let texts = findings.comparisons.map { ComparisonText($0, names: names) }
    // Of models of a dish there is one interval more over questions, of others one over answers.
    let overAnswers = findings.comparisons.contains { $0.difference.overAnswers != nil }
    let table = HTML.table(
      caption:
        "Differences are of − against, in percentage points (marks: from 0 to 1; contrasts: in nats a "
        + "token, with the interval over topics in place of answers).",
      header: [
        "of", "against", "note", "difference", "over \(names.units)",
        overAnswers ? "over answers" : names.clustered, "ratio", "Cohen’s h", "p",
        "Holm p", "least p",
      ],
      rows: texts.map { text in
        [
          text.of, text.against, text.note, text.difference, text.overSeeds,
          overAnswers ? text.overAnswers : text.clustered, text.ratio, text.effectSize, text.p,
          text.adjustedP, text.leastP,
        ]
      }, wordColumns: 3)
    let blind = texts.filter(\.isBlind)
    let warning = HTML.text(
      "p", class: "warning",
      "\(blind.count) of \(texts.count) comparisons cannot give p < 0.05, whatever comes out: so "
        + "few \(names.units) cannot. Their p says nothing against a difference.")
    return HTML.section(
      id: "comparisons", "Comparisons",
      (blind.isEmpty ? "" : warning) + HTML.element("div", class: "numbers", table))
  }
}
