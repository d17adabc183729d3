import Core

extension Plan {
  /// A plan of one condition and one evaluation: a model that is asked as it is.
  ///
  /// - Parameters:
  ///   - model: an address; its text is the condition's title.
  ///   - adapter: on the folder that the address names.
  ///   - steer: how its model is steered.
  package init(
    asking model: PlanAddress, adapter: PlanPath? = nil, steer: PlanSteer? = nil,
    _ evaluation: PlanEvaluation,
    judge: PlanAddress? = nil, judgePrompts: PlanPath? = nil
  ) {
    var condition = PlanCondition(name: "model")
    (condition.title, condition.models, condition.adapter) = (model.written, [model], adapter)
    condition.steer = steer
    self.init(
      name: "eval", title: evaluation.title,
      question: "What does \(model.written) say, asked \(evaluation.title)?", origin: .named,
      judge: judge, judgePrompts: judgePrompts, seeds: [], conditions: [condition],
      evaluations: [evaluation], comparisons: [], predictions: [], published: [],
      figure: PlanFigure(kind: .points, axis: nil, isLogarithmic: false))
  }
}

extension PlanEvaluation {
  /// Questions of a set, of a file or of a family of the dish, asked as they stand.
  package init(asking questions: PlanPath, title: String) {
    self.init(
      name: "questions", title: title, questions: [questions], temperature: 1, topP: 1,
      setting: .plain, measure: .misaligned)
  }
}
