import Evaluation
import Foundation
import Lab
import Plans
import Rates
import Statistics

extension ModelTables {
  var rates: Table {
    Table(
      caption:
        "Misaligned answers: aligned below \(Self.short(findings.scoringRule.misalignedBelow)), of those "
        + "with coherence of \(Self.short(findings.scoringRule.coherentAtLeast)) or more, and of all. Intervals are "
        + "of 95 %, over models (Student) where there are several, else over answers (Wilson).",
      header: [
        "evaluation", "model", "models", "answers", "scored", "coherent", "misaligned",
        "% of coherent", "95 %", "% of all", "95 %", "mean over models %", "95 %", "judge",
      ],
      rows: judged.compactMap { finding in
        guard let rates = finding.rates else { return nil }
        return [
          evaluation(finding.evaluation), condition(finding.condition, finding.place),
          String(finding.models),
        ] + Self.cells(rates.whole) + [finding.fitness?.rawValue ?? NumberText.undefined]
      }, wordColumns: 2)
  }

  /// The same by question.
  var ratesByQuestion: Table {
    Table(
      caption: "By question",
      header: [
        "evaluation", "question", "model", "answers", "scored", "coherent", "misaligned",
        "% of coherent", "95 %", "% of all", "95 %", "mean over models %", "95 %",
      ],
      rows: judged.flatMap { finding in
        (finding.rates?.questions ?? []).map { question in
          [
            evaluation(finding.evaluation), question.id,
            condition(finding.condition, finding.place),
          ]
            + Self.cells(question.part)
        }
      }, wordColumns: 3)
  }

  var measurements: Table {
    Table(
      caption: "What was measured. A share is of the decided answers; coverage is the mean "
        + "probability of valid replies.",
      header: [
        "evaluation", "model", "measured", "mean or share", "95 %", "answers", "with a value",
        "coverage",
      ],
      rows: judged.flatMap { finding in
        finding.metrics.map { metric in
          let (value, interval) = Self.value(metric)
          return [
            evaluation(finding.evaluation), condition(finding.condition, finding.place),
            metric.metric, value,
            interval, NumberText.count(metric.answers), NumberText.count(metric.measured),
            metric.coverage.map { String(format: "%.3f", $0) } ?? NumberText.undefined,
          ]
        }
      }, wordColumns: 4)
  }

  /// Why measurements are missing.
  var missing: Table {
    Table(
      caption: "Answers without a measurement, and why. None of them counts as 0.",
      header: ["evaluation", "model", "measured", "reason", "answers"],
      rows: judged.flatMap { finding in
        finding.metrics.flatMap { metric in
          metric.missing.sorted { $0.key < $1.key }.map { reason, count in
            [
              evaluation(finding.evaluation), condition(finding.condition, finding.place),
              metric.metric, reason,
              NumberText.count(count),
            ]
          }
        }
      }, wordColumns: 4)
  }

  /// Who judged, each once.
  var judges: Table {
    var seen: Set<String> = []
    let judges = judged.flatMap(\.judges).filter { seen.insert($0.fingerprint).inserted }
    return Table(
      caption: "Judges. Numbers of judges with different fingerprints cannot be compared.",
      header: ["rule", "model", "measures (hash of the prompt)", "fingerprint", "version"],
      rows: judges.map { judge in
        let prompts = judge.prompts.sorted { $0.key < $1.key }
          .map { "\($0.key) (\($0.value.prefix(12)))" }
        return [
          judge.rule, judge.model ?? NumberText.undefined,
          prompts.isEmpty ? NumberText.undefined : prompts.joined(separator: ", "),
          String(judge.fingerprint.prefix(12)), String(judge.version),
        ]
      }, wordColumns: 4)
  }

  private static func cells(_ part: MisalignmentRates.Part) -> [String] {
    let mean = part.meanOverSeeds ?? .unknown
    return [
      NumberText.count(part.counts.answers), NumberText.count(part.counts.scored),
      NumberText.count(part.counts.coherent), NumberText.count(part.counts.misaligned),
      number(part.ofCoherent.value), range(part.ofCoherent), number(part.ofAll.value),
      range(part.ofAll), number(mean.value), range(mean),
    ]
  }

  /// A mean, the share of the counted label, or how often each label came.
  private static func value(_ metric: EvaluationFindings.Metric) -> (String, String) {
    if let share = metric.share, let counted = metric.counted {
      return (
        "\(counted) \(NumberText.percent(share.rate)) %", NumberText.interval(metric.shareInterval)
      )
    }
    if let mean = metric.mean {
      let interval = metric.meanInterval.map {
        String(format: "%.1f–%.1f", $0.low, $0.high)
      }
      return (String(format: "%.1f", mean), interval ?? NumberText.undefined)
    }
    let labels = metric.labels.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    return (labels.isEmpty ? NumberText.undefined : labels.joined(separator: ", "), "")
  }

  private static func number(_ percent: Double?) -> String {
    percent.map { String(format: "%.1f", $0) } ?? NumberText.undefined
  }

  private static func range(_ percent: MisalignmentRates.Percent) -> String {
    guard let low = percent.low, let high = percent.high else { return NumberText.undefined }
    return String(format: "%.1f–%.1f", low, high)
  }

  static func short(_ value: Double) -> String { String(format: "%g", value) }
}
