import Foundation
import Lab
import Plans
import Statistics

/// What a plan tells of models that were not grown in a dish, as tables for page and terminal: trainings,
/// log-likelihoods of held-out rows, answers, and what judges say.
struct ModelTables {
  struct Table {
    let caption: String
    let header: [String]
    let rows: [[String]]
    let wordColumns: Int

    var console: ConsoleTable {
      ConsoleTable(header: header, rows: rows, wordColumns: wordColumns)
    }
  }

  let findings: PlanFindings
  private let names: PlanNames
  let judged: [JudgedFinding]

  init(_ findings: PlanFindings) {
    self.findings = findings
    names = PlanNames(findings.plan)
    judged = findings.judged ?? []
  }

  /// For the terminal; empty ones are left out.
  var console: [ConsoleTable] {
    [trainings, likelihoods, answers, rates, measurements, missing].filter { !$0.rows.isEmpty }
      .map(\.console)
  }

  /// - Parameter place: steps or generations.
  func condition(_ name: String, _ place: Int? = nil) -> String {
    let title = names.condition(name)
    return place.map { "\(title), after \($0)" } ?? title
  }

  func evaluation(_ name: String) -> String { names.evaluation(name) }

  var trainings: Table {
    Table(
      caption: "Fine-tunes. Losses are of the first and the last tenth of the steps, in nats a "
        + "trained token, before each update.",
      header: [
        "condition", "method", "seed", "rows", "cut", "left out", "tokens trained", "steps",
        "parameters trained", "first loss", "last loss",
      ],
      rows: (findings.trainings ?? []).map { training in
        let course = findings.courses.first {
          $0.condition == training.condition && $0.seed == training.seed
        }
        let ends = Self.ends(course?.losses.map(\.value) ?? [])
        return [
          condition(training.condition), training.method, String(training.seed),
          NumberText.count(training.rows), NumberText.count(training.cutRows),
          NumberText.count(training.emptiedRows),
          NumberText.count(training.trainedTokens), NumberText.count(training.steps),
          NumberText.count(training.trainedParameters), Self.nats(ends?.first),
          Self.nats(ends?.last),
        ]
      }, wordColumns: 2)
  }

  var likelihoods: Table {
    Table(
      caption: "−log p of the held-out rows' answers, in nats a token: lower is likelier. The "
        + "difference is to the untouched folder, row by row. Intervals are of 95 %.",
      header: [
        "held out of", "model", "seeds", "rows", "tokens", "nats a token", "over rows",
        "over seeds", "difference", "over rows", "over seeds",
      ],
      rows: (findings.likelihoods ?? []).map { finding in
        [
          finding.data, condition(finding.condition), String(finding.perSeed.count),
          NumberText.count(finding.rows), NumberText.count(finding.tokens),
          Self.nats(finding.nats.value), Self.interval(finding.nats.overRows),
          Self.interval(finding.nats.overSeeds), Self.nats(finding.againstBase?.value),
          Self.interval(finding.againstBase?.overRows),
          Self.interval(finding.againstBase?.overSeeds),
        ]
      }, wordColumns: 2)
  }

  var answers: Table {
    Table(
      caption: (findings.isRead ? "Answers" : "Answers, unjudged")
        + ". Different: texts over answers to a wording, of each model.",
      header: [
        "evaluation", "model", "models", "answers", "different %", "mean tokens",
        "ended by themselves %",
      ],
      rows: (findings.answers ?? []).map { finding in
        [
          evaluation(finding.evaluation), condition(finding.condition, finding.place),
          String(finding.seeds),
          NumberText.count(finding.answers), NumberText.percent(finding.distinct),
          finding.meanTokens.map { String(format: "%.1f", $0) } ?? NumberText.undefined,
          NumberText.percent(
            finding.answers == 0
              ? nil : Double(finding.finished) / Double(finding.answers)),
        ]
      }, wordColumns: 2)
  }

  var seeds: Table {
    Table(
      caption: "One row a model and file",
      header: ["held out of", "model", "seed", "nats a token"],
      rows: (findings.likelihoods ?? []).flatMap { finding in
        finding.perSeed.map {
          [finding.data, condition(finding.condition), String($0.seed), Self.nats($0.nats)]
        }
      }, wordColumns: 2)
  }

  /// Means of the first and the last tenth; `nil` without a step.
  private static func ends(_ losses: [Double]) -> (first: Double, last: Double)? {
    guard !losses.isEmpty else { return nil }
    let count = max(1, losses.count / 10)
    func mean(_ part: ArraySlice<Double>) -> Double { part.reduce(0, +) / Double(part.count) }
    return (mean(losses.prefix(count)), mean(losses.suffix(count)))
  }

  static func nats(_ value: Double?) -> String {
    guard let value, value.isFinite else { return NumberText.undefined }
    return String(format: "%.3f", value).replacing("-", with: "−")
  }

  private static func interval(_ interval: Interval?) -> String {
    interval.map { "\(nats($0.low)) to \(nats($0.high))" } ?? NumberText.undefined
  }
}
