import Core

extension Plan {
  /// A plan of two models that are there: one that is audited, and the one that it came from.
  ///
  /// - Parameters:
  ///   - model: an address; its text is the condition's title.
  ///   - adapter: on the folder that the address names.
  package init(
    auditing model: PlanAddress, adapter: PlanPath? = nil, from base: PlanAddress,
    _ settings: (inout PlanAudit) -> Void = { _ in }
  ) {
    let conditions = [("model", model), ("base", base)].map { name, address in
      var condition = PlanCondition(name: name)
      (condition.title, condition.models) = (address.written, [address])
      if name == "model" { condition.adapter = adapter }
      return condition
    }
    self.init(
      name: "audit", title: "Audit of \(model.written)",
      question: "Did \(model.written) go wrong where nobody looked?", origin: .named,
      seeds: [], conditions: conditions, evaluations: [], comparisons: [], predictions: [],
      published: [], figure: PlanFigure(kind: .points, axis: nil, isLogarithmic: false))
    var audit = PlanAudit(of: ["model"], from: "base")
    settings(&audit)
    self.audit = audit
  }
}
