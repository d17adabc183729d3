import Foundation
import Guard
import Reporting
import Statistics

/// What `askew guard` says to people.
enum GuardOutput {
  private typealias Row = [String]

  static func text(_ made: ExchangeGuard) -> String {
    let data = made.facts.data
    return table(
      ["part", "kind", "settings", "AUC", "distance"],
      made.facts.parts.map { part in
        [
          part.name, part.kind.rawValue, part.choices.first?.settings ?? part.control ?? "–",
          number(part.choices.first?.auc, 4), number(part.choices.first?.distance, 2),
        ]
      }, words: 3)
        + """

        Fitted to \(data.fitted.harmful) harmful and \(data.fitted.benign) benign exchanges, chosen on \
        \(data.chosen.harmful) and \(data.chosen.benign) of other topics: AUC and distance are of those, the best of what \
        was tried, and so too good.

        """
  }

  static func text(_ calibration: Calibration) -> String {
    """
    Threshold \(number(calibration.threshold, 4)): \(calibration.flagged) of \(calibration.exchanges) benign exchanges \
    (\(calibration.distinct) different ones) are above it.
    With \(percent(calibration.confidence)) % certainty no more than \(percent(calibration.bound)) % of such exchanges \
    are, where \(percent(calibration.falseAlarms)) % was asked for.

    """
  }

  static func text(_ evaluation: GuardEvaluation) -> String {
    let header = ["", "harmful", "stopped, %", "95 %", "benign", "stopped, %", "95 %, at most"]
    var parts = [table(header, [row(evaluation.all)])]
    for (name, rows) in [("class", evaluation.groups), ("form", evaluation.forms)]
    where rows.count > 1 {
      parts.append(table([name] + header.dropFirst(), rows.map(row)))
    }
    let attack = evaluation.attack
    parts.append(
      table(
        ["harmful, of all", "%", "95 %"],
        [
          ["guard off", rate(attack.off), interval(attack.off)],
          ["guard on", rate(attack.on), interval(attack.on)],
          ["prevented", rate(attack.prevented), interval(attack.prevented)],
        ]))
    parts.append(
      table(
        ["read by", "what it is", "AUC", "recall, %", "95 %", "false alarms"],
        evaluation.readers.map { reader in
          [
            reader.name, reader.about, number(reader.auc, 4), rate(reader.recall),
            interval(reader.recall), "\(reader.flagged)",
          ]
        }, words: 2))
    parts.append(words(evaluation))
    return parts.joined(separator: "\n")
  }

  private static func words(_ evaluation: GuardEvaluation) -> String {
    let (alarms, calibration) = (evaluation.all.falseAlarms, evaluation.calibration)
    var lines: [String] = []
    if let tokens = evaluation.shown.meanTokens, let median = evaluation.shown.medianTokens {
      lines.append(
        "Of what was stopped \(number(tokens, 1)) tokens came before the stop (half: \(median) or fewer), "
          + "\(percent(evaluation.shown.meanShare)) % of the answer.")
    } else if evaluation.all.recall.counted.successes > 0 {
      lines.append("It decides on whole answers: none of what was stopped need be shown.")
    }
    if let escalated = evaluation.escalated?.rate {
      lines.append("The first part passed on \(percent(escalated)) % of the benign exchanges.")
    }
    lines.append(
      "\(alarms.counted.trials) benign exchanges: at least \(evaluation.needed) exclude more than "
        + "\(percent(calibration.falseAlarms)) % of false alarms; here they are below \(percent(alarms.bound)) %."
    )
    lines.append(
      "Readers stand at thresholds of their own, with \(percent(calibration.falseAlarms)) % of these benign "
        + "exchanges above at most. Intervals are over topics.")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func row(_ row: GuardEvaluation.Row) -> Row {
    [
      row.name, String(row.recall.counted.trials), rate(row.recall), interval(row.recall),
      String(row.falseAlarms.counted.trials), rate(row.falseAlarms),
      percent(row.falseAlarms.bound),
    ]
  }

  private static func rate(_ rate: GuardEvaluation.Rate) -> String { percent(rate.counted.rate) }

  private static func interval(_ rate: GuardEvaluation.Rate) -> String {
    rate.interval.map { "\(percent($0.low))–\(percent($0.high))" } ?? "–"
  }

  /// With as many digits as small rates need.
  private static func percent(_ share: Double?) -> String {
    guard let share else { return "–" }
    return number(100 * share, share > 0 && share < 0.01 ? 3 : 1)
  }

  private static func number(_ value: Double?, _ digits: Int) -> String {
    value.map { String(format: "%.\(digits)f", $0) } ?? NumberText.undefined
  }

  private static func table(_ header: Row, _ rows: [Row], words: Int = 1) -> String {
    ConsoleTable(header: header, rows: rows, wordColumns: words).text(on: .output)
  }
}
