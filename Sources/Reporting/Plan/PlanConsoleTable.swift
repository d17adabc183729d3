import Lab
import Plans

/// What a plan found, for the terminal: a line a condition and evaluation, then the comparisons,
/// the predictions, what directions inside the models do, what lies between the models, what audits found, and what screens said.
package struct PlanConsoleTable: Sendable, Hashable {
  package let findings: PlanFindings

  package init(_ findings: PlanFindings) { self.findings = findings }

  private var names: PlanNames { PlanNames(findings.plan) }

  /// Tables in plain text, each line ended by a line feed; an empty line between two tables.
  ///
  /// - Parameters:
  ///   - color: sets the headers in bold with terminal codes.
  ///   - width: columns of the terminal; no table is wider.
  package func text(color: Bool = false, width: Int = 80) -> String {
    let tables =
      ModelTables(findings).console + [rows, comparisons, predictions]
      + (AnatomyTables(findings)?.console ?? []) + [PatchTables(findings).console]
      + (WeightsTables(findings)?.console ?? []) + (LandscapeTables(findings)?.console ?? [])
      + (AuditTables(findings)?.console ?? []) + (ScreenTables(findings)?.console ?? [])
      + (LeftoversTables(findings)?.console ?? [])
    return tables.filter { !$0.rows.isEmpty }.map { $0.text(color: color, width: width) }
      .joined(separator: "\n")
  }

  /// Evaluations whose rates stand in a table of their own are left out.
  var rows: ConsoleTable {
    let hasPlaces = findings.hasPlaces
    let judged = Set((findings.judged ?? []).filter { $0.rates != nil }.map(\.evaluation))
    let spreads = findings.rows.contains { $0.spread != nil }
    let overTopics = findings.rows.contains { names.scale($0.cell.evaluation) == .nats }
    return ConsoleTable(
      header: ["condition", "evaluation"] + (hasPlaces ? ["place"] : []) + [
        "measured", "over \(names.units)",
      ] + (overTopics ? ["over topics"] : []) + (spreads ? ["s worlds", "s seeds"] : []) + [
        "answers", "models",
      ],
      rows: findings.rows.filter { !judged.contains($0.cell.evaluation) }.map { row in
        let scale = names.scale(row.cell.evaluation)
        return [names.condition(row.cell.condition), names.evaluation(row.cell.evaluation)]
          + (hasPlaces ? [names.place(row)] : []) + [
            scale.value(row.measured.value), scale.interval(row.measured.overSeeds),
          ]
          + (overTopics ? [scale == .nats ? scale.interval(row.measured.overAnswers) : ""] : [])
          + (spreads
            ? [scale.value(row.spread?.betweenWorlds), scale.value(row.spread?.betweenSeeds)] : [])
          + [String(row.answers), String(row.seeds)]
      }, wordColumns: hasPlaces ? 3 : 2)
  }

  private var comparisons: ConsoleTable {
    let overAnswers = findings.comparisons.contains { $0.difference.overAnswers != nil }
    let areScored = findings.comparisons.allSatisfy {
      names.scale($0.comparison.of.evaluation) == .nats
    }
    return ConsoleTable(
      header: ["of", "against", "note", "difference", "over \(names.units)"]
        + (overAnswers ? [areScored ? "over topics" : "over answers"] : []) + ["h", "p", "Holm p"],
      rows: findings.comparisons.map { finding in
        let text = ComparisonText(finding, names: names)
        return [text.of, text.against, text.note, text.difference, text.overSeeds]
          + (overAnswers ? [text.overAnswers] : []) + [text.effectSize, text.p, text.adjustedP]
      }, wordColumns: 3)
  }

  var predictions: ConsoleTable {
    ConsoleTable(
      header: ["prediction", "outcome", "measured"],
      rows: findings.predictions.map { finding in
        let text = PredictionText(finding, names: names)
        let late = text.isLate ? ", added after the first result" : ""
        return [text.claim, text.outcome.words + late, text.measured]
      }, wordColumns: 3)
  }
}
