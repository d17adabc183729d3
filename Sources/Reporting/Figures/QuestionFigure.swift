import Lab

/// The paper's first plot: how often each condition's models answer each question family in a
/// misaligned way. One drawing a fine-tuning method.
package struct QuestionFigure {
  package var results: Results
  package var questions: [ReportQuestion]
  package var method: ConditionKey.Method

  package var figure: IntervalFigure {
    let conditions = results.conditions(of: method)
    let groups = questions.map { question in
      IntervalFigure.Group(
        heading: question.wording,
        rows: conditions.compactMap { condition in
          guard let result = condition.questions.first(where: { $0.id == question.id }) else {
            return nil
          }
          let estimate = result.misalignedOfCoherent
          return IntervalFigure.Row(
            label: condition.key.label, colorClass: condition.key.colorClass,
            rate: estimate.rate, interval: estimate.interval, wilson: estimate.wilson,
            whenUndefined: "no coherent answer")
        })
    }
    return IntervalFigure(
      title: "Misaligned answers by question, fine-tuned by \(method.label)",
      axisTitle: "misaligned, % of coherent answers", groups: groups)
  }
}
