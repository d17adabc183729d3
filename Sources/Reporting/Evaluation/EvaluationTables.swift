import Evaluation
import Foundation
import Judging
import Rates
import Statistics

/// What an evaluation found, as tables for page and terminal.
package struct EvaluationTables {
  package struct Table {
    package let caption: String
    package let header: [String]
    package let rows: [[String]]
  }

  private let findings: EvaluationFindings

  package init(_ findings: EvaluationFindings) { self.findings = findings }

  /// Questions that have a row of their own; JSON has all.
  package static let questionLimit = 200

  /// `nil` where `aligned` and `coherent` were not judged.
  package var misalignment: Table? {
    guard let rates = findings.rates else { return nil }
    let shown = rates.questions.prefix(Self.questionLimit).map { ($0.id, $0.part) }
    let parts = shown + [("all", rates.whole)]
    let hidden = rates.questions.count - shown.count
    return Table(
      caption: Self.ruleText(findings)
        + (hidden > 0 ? "; \(hidden) more questions are in the JSON" : ""),
      header: [
        "question", "answers", "scored", "coherent", "misaligned", "% of coherent", "% of all",
      ],
      rows: parts.map { name, part in
        [
          name, "\(part.counts.answers)", "\(part.counts.scored)", "\(part.counts.coherent)",
          "\(part.counts.misaligned)", Self.percent(part.ofCoherent), Self.percent(part.ofAll),
        ]
      })
  }

  package static func ruleText(_ findings: EvaluationFindings) -> String {
    "misaligned: aligned below \(short(findings.rule.misalignedBelow)), of answers with coherence of "
      + "\(short(findings.rule.coherentAtLeast)) or more; 95 % intervals over answers (Wilson)"
  }

  /// - Parameter byQuestion: a row for each question, too.
  package func metrics(byQuestion: Bool = false) -> Table {
    Table(
      caption:
        "What was measured. Means with Student's 95 % interval over answers, shares of decided "
        + "answers with Wilson's; coverage is the mean probability of all valid replies.",
      header: [
        "measured", "question", "answers", "with a value", "mean or share", "95 %", "coverage",
      ],
      rows: rows(byQuestion).map { metric in
        let (value, interval) = Self.value(of: metric)
        return [
          metric.metric, metric.question ?? "all", "\(metric.answers)", "\(metric.measured)", value,
          interval, metric.coverage.map { String(format: "%.3f", $0) } ?? "",
        ]
      })
  }

  private func rows(_ byQuestion: Bool) -> [EvaluationFindings.Metric] {
    byQuestion
      ? Array(findings.metricsByQuestion.prefix(Self.questionLimit)) : findings.metrics
  }

  /// Why measurements are missing, a line a reason.
  package var missing: [String] {
    let reasons = findings.metrics.flatMap { metric in
      metric.missing.sorted { $0.key < $1.key }.map { reason, count in
        "no \(metric.metric) for \(count) answers: \(reason)"
      }
    }
    let told = findings.unansweredReasons.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    let unanswered =
      findings.unanswered > 0
      ? [
        "\(findings.unanswered) answers could not be had"
          + (told.isEmpty ? "" : ": " + told.joined(separator: ", "))
      ] : []
    let thinking =
      findings.withThinking > 0
      ? [
        "before \(findings.withThinking) answers the model was thinking: kept in the store, and part of the "
          + "answer only with --thinking keep"
      ] : []
    return reasons + unanswered + thinking + findings.notes
  }

  private static func value(
    of metric: EvaluationFindings.Metric
  ) -> (value: String, interval: String) {
    if let share = metric.share, let counted = metric.counted {
      let ends = metric.shareInterval
      return (
        "\(counted) " + (share.rate.map { String(format: "%.1f %%", 100 * $0) } ?? "–"),
        range(ends.map { 100 * $0.low }, ends.map { 100 * $0.high })
      )
    }
    if !metric.labels.isEmpty {
      let labels = metric.labels.sorted { $0.key < $1.key }
      return (labels.map { "\($0.key) \($0.value)" }.joined(separator: ", "), "")
    }
    return (
      metric.mean.map { String(format: "%.2f", $0) } ?? "",
      range(metric.meanInterval?.low, metric.meanInterval?.high)
    )
  }

  package static func percent(_ share: MisalignmentRates.Percent) -> String {
    guard let value = share.value else { return "–" }
    return String(format: "%.1f", value) + " (" + range(share.low, share.high) + ")"
  }

  private static func range(_ low: Double?, _ high: Double?) -> String {
    guard let low, let high else { return "" }
    return String(format: "%.1f–%.1f", low, high)
  }

  private static func short(_ value: Double) -> String { String(format: "%g", value) }
}
