import Lab
import Plans
import Statistics

/// A prediction and what became of it, in words.
package struct PredictionText {
  private let finding: PredictionFinding
  private let names: PlanNames

  package init(_ finding: PredictionFinding, names: PlanNames) {
    self.finding = finding
    self.names = names
  }

  package enum Outcome: String {
    case held, failed, undecidable

    /// - Parameter held: `nil` where there is no number.
    package init(held: Bool?) { self = held.map { $0 ? .held : .failed } ?? .undecidable }

    package var words: String {
      switch self {
      case .held: "✓ held"
      case .failed: "✗ did not hold"
      case .undecidable: "? undecidable"
      }
    }
  }

  package var outcome: Outcome { Outcome(held: finding.held) }

  /// `Insecure minus Secure is above +10.0 points`.
  package var claim: String {
    let prediction = finding.prediction
    let subject = names.cell(prediction.of)
    let against = prediction.against.map { " minus \(names.cell($0))" } ?? ""
    return "\(subject)\(against) is \(prediction.direction.rawValue) \(threshold)"
  }

  package var threshold: String { number(finding.prediction.threshold) }

  /// `+45.2 points (40.1–50.3 over seeds)`.
  package var measured: String {
    guard finding.value.number != nil else { return NumberText.undefined }
    return
      "\(number(finding.value.value)) (\(scale.interval(finding.value.overSeeds)) over \(names.units))"
  }

  /// How sure the outcome is.
  package var certainty: String {
    guard finding.held != nil else { return "there is no number to hold it against" }
    guard let interval = finding.value.overSeeds else {
      return "with no interval over \(names.units): nobody knows how much they differ"
    }
    if finding.isCertain { return "the whole interval lies on the predicted side" }
    return interval.contains(finding.prediction.threshold)
      ? "the interval lies on both sides of the threshold"
      : "the whole interval lies on the other side"
  }

  package var stored: String { NumberText.time(finding.stored) }

  package var fingerprint: String { String(finding.fingerprint.prefix(12)) }
  package var isLate: Bool { finding.isLate }

  private var scale: MeasureScale { names.scale(finding.prediction.of.evaluation) }

  private func number(_ value: Double?) -> String {
    let prediction = finding.prediction
    let isDifference = prediction.against != nil || prediction.of.from != nil
    return isDifference ? scale.difference(value) : scale.value(value)
  }
}

extension PlanReportPage {
  var predictionSection: String {
    guard !findings.predictions.isEmpty else { return "" }
    let items = findings.predictions.map { finding in
      let text = PredictionText(finding, names: names)
      return HTML.prediction(
        text.outcome, text.claim, isLate: text.isLate,
        facts: "measured \(text.measured) · threshold \(text.threshold) · \(text.certainty) · "
          + "stored \(text.stored) · \(text.fingerprint)")
    }
    return HTML.section(
      id: "predictions", "Predictions",
      HTML.text("p", "Written down, with their time and fingerprint, in the plan’s store.")
        + HTML.element("div", class: "predictions", "\n" + items.joined()))
  }
}

extension HTML {
  /// A prediction with what became of it.
  static func prediction(
    _ outcome: PredictionText.Outcome, _ claim: String, isLate: Bool, facts: String
  ) -> String {
    let late =
      isLate ? " " + text("span", class: "late", "⚠ added after the first result") : ""
    return element(
      "div", class: "prediction \(outcome.rawValue)\(isLate ? " late-one" : "")",
      element("p", class: "claim", text("strong", outcome.words) + " " + claim.markup + late)
        + text("p", class: "facts", facts))
  }
}
