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
    return findings.plan.evaluations.compactMap { evaluation in
      let own = rows.filter { $0.cell.evaluation == evaluation.name }
      guard !own.isEmpty else { return nil }
      let group = IntervalFigure.Group(
        heading: evaluation.title,
        rows: own.map { row($0.cell.condition, $0.measured, evaluation.measure) })
      // Nats of one set are not those of another: each has an axis of its own.
      let shown = evaluation.measure == .contrast ? own : rows
      return figure([group], evaluation, range: range(evaluation.measure, shown)).svg
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
    let range = MeasureScale(evaluation.measure).range(estimates)
    return figure(groups, evaluation, range: range).svg
  }

  private func figure(
    _ groups: [IntervalFigure.Group], _ evaluation: PlanEvaluation, range: ClosedRange<Double>
  ) -> IntervalFigure {
    let scale = MeasureScale(evaluation.measure)
    var figure = IntervalFigure(
      title: evaluation.title, axisTitle: evaluation.measure.axisTitle, groups: groups)
    figure.scale = scale
    figure.range = range
    if scale == .nats { figure.thin = "topics" }
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

  /// The axis of everything in the plan that is written like the measure.
  func range(_ measure: PlanMeasure, _ rows: [FindingRow]) -> ClosedRange<Double> {
    let scale = MeasureScale(measure)
    return scale.range(
      rows.filter { names.scale($0.cell.evaluation) == scale }.map(\.measured))
  }
}

extension MeasureScale {
  /// The axis of some numbers: of shares from 0 to the first of 10, 25, 50 and 100 % that all of it fits below;
  /// of nats as far as they go, with 0.
  func range(_ estimates: [FindingEstimate]) -> ClosedRange<Double> {
    let ends = estimates.flatMap { estimate in
      let intervals = [estimate.overSeeds, estimate.overAnswers].compactMap { $0 }
      return [estimate.number].compactMap { $0 } + intervals.flatMap { [$0.low, $0.high] }
    }
    switch self {
    case .mark: return 0...1
    case .percent: return 0...([0.1, 0.25, 0.5].first { (ends.max() ?? 1) <= $0 } ?? 1)
    case .nats:
      let (low, high) = (min(0, ends.min() ?? 0), max(0, ends.max() ?? 0))
      return low < high ? 1.05 * low...1.05 * high : -1...1
    }
  }
}

extension FindingEstimate {
  /// The value, when there is one and it is a number.
  package var number: Double? { value.flatMap { $0.isFinite ? $0 : nil } }
}
