import Core

extension Plan {
  /// A plan of a data set and the model that would be trained on it.
  ///
  /// - Parameter model: an address; its text is the condition's title.
  package init(
    screening data: PlanPath, for model: PlanAddress, adapter: PlanPath? = nil,
    _ settings: (inout PlanScreen) -> Void = { _ in }
  ) {
    var condition = PlanCondition(name: "model")
    (condition.title, condition.models, condition.adapter) = (model.written, [model], adapter)
    self.init(
      name: "screen", title: "Screen of \(data.written)",
      question: "What would training on \(data.written) do to \(model.written)?", origin: .named,
      seeds: [], conditions: [condition], evaluations: [], comparisons: [], predictions: [],
      published: [], figure: PlanFigure(kind: .points, axis: nil, isLogarithmic: false))
    var screen = PlanScreen(of: [], from: "model")
    screen.data = [PlanData(file: data)]
    settings(&screen)
    self.screen = screen
  }
}
