import Lab
import Plans
import Statistics

/// Makes a plan's figures from its findings.
package struct PlanFigures {
  package let findings: PlanFindings
  package let names: PlanNames

  package init(_ findings: PlanFindings) {
    self.findings = findings
    names = PlanNames(findings.plan)
  }

  /// One panel an evaluation, a row a condition.
  package func points(_ rows: [FindingRow]) -> [String] {
    let upper = Self.upper(rows.filter { names.scale($0.cell.evaluation) == .percent })
    return findings.plan.evaluations.compactMap { evaluation in
      let own = rows.filter { $0.cell.evaluation == evaluation.name }
      guard !own.isEmpty else { return nil }
      let group = IntervalFigure.Group(
        heading: evaluation.title,
        rows: own.map { row($0.cell.condition, $0.measured, evaluation.measure) })
      return figure([group], evaluation, upper: upper).svg
    }
  }

  /// Question families × conditions of one evaluation; `nil` with fewer than two families.
  package func families(_ evaluation: PlanEvaluation) -> String? {
    let rows = findings.lastRows.filter { $0.cell.evaluation == evaluation.name }
    var families: [FamilyFinding] = []
    for family in rows.flatMap(\.perFamily) where !families.contains(where: { $0.id == family.id })
    { families.append(family) }
    guard families.count > 1 else { return nil }
    let groups = families.map { family in
      IntervalFigure.Group(
        heading: family.title,
        rows: rows.compactMap { row in
          row.perFamily.first { $0.id == family.id }.map {
            self.row(row.cell.condition, $0.measured, evaluation.measure)
          }
        })
    }
    let estimates = rows.flatMap { $0.perFamily.map(\.measured) }
    return figure(groups, evaluation, upper: Self.upper(estimates)).svg
  }

  private func figure(
    _ groups: [IntervalFigure.Group], _ evaluation: PlanEvaluation, upper: Double
  ) -> IntervalFigure {
    let scale = MeasureScale(evaluation.measure)
    var figure = IntervalFigure(
      title: evaluation.title, axisTitle: evaluation.measure.axisTitle, groups: groups)
    figure.scale = scale
    figure.upper = scale == .mark ? 1 : upper
    figure.labelLimit = 26
    let longest = findings.plan.conditions.map { condition in
      condition.title.wrapped(at: figure.labelLimit).map(\.count).max() ?? 0
    }.max()
    figure.labelWidth = min(190, max(96, 12 + 6.8 * Double(longest ?? 0)))
    return figure
  }

  private func row(
    _ condition: String, _ estimate: FindingEstimate, _ measure: PlanMeasure
  ) -> IntervalFigure.Row {
    IntervalFigure.Row(
      label: names.condition(condition), colorClass: names.color(condition),
      rate: estimate.number, interval: estimate.overSeeds, wilson: estimate.overAnswers,
      whenUndefined: "\(NumberText.undefined) \(measure.whenUndefined)")
  }

  static func upper(_ rows: [FindingRow]) -> Double { upper(rows.map(\.measured)) }

  /// Where an axis of shares ends: the first of 10, 25, 50 and 100 % that all of it fits below.
  static func upper(_ estimates: [FindingEstimate]) -> Double {
    let highest = estimates.flatMap {
      [$0.number, $0.overSeeds?.high, $0.overAnswers?.high].compactMap { $0 }
    }.max()
    return [0.1, 0.25, 0.5].first { (highest ?? 1) <= $0 } ?? 1
  }
}

extension FindingEstimate {
  /// The value, when there is one and it is a number.
  package var number: Double? { value.flatMap { $0.isFinite ? $0 : nil } }
}
