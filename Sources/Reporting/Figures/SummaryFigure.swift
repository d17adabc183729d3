import Lab

/// Each condition's pooled rates: of the coherent answers, of all answers, and on the tasks of
/// the domain that it was fine-tuned on. One drawing a fine-tuning method.
package struct SummaryFigure {
  package var results: Results
  package var method: ConditionKey.Method

  package var figure: IntervalFigure {
    let groups = results.conditions(of: method).map { condition in
      var rows = [
        row("of coherent", condition.misalignedOfCoherent, condition, "no coherent answer"),
        row("of all", condition.misalignedOfAll, condition, "no answer"),
      ]
      if let inDomain = condition.inDomain {
        rows.append(
          row("in-domain tasks", inDomain.misalignedOfCoherent, condition, "no coherent answer"))
      }
      return IntervalFigure.Group(heading: condition.key.label, rows: rows)
    }
    return IntervalFigure(
      title: "Misaligned answers, all questions pooled, fine-tuned by \(method.label)",
      axisTitle: "misaligned, % of answers", groups: groups)
  }

  private func row(
    _ label: String, _ estimate: RateEstimate, _ condition: ConditionResult, _ missing: String
  ) -> IntervalFigure.Row {
    IntervalFigure.Row(
      label: label, colorClass: condition.key.colorClass, rate: estimate.rate,
      interval: estimate.interval, wilson: estimate.wilson, whenUndefined: missing)
  }
}
