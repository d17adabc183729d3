import Core

extension Plan {
  /// A plan of two models that are there: one that is audited, and the one that it came from, if it is known.
  ///
  /// - Parameters:
  ///   - model: an address; its text is the condition's title.
  ///   - adapter: on the folder that the address names.
  package init(
    auditing model: PlanAddress, adapter: PlanPath? = nil, from base: PlanAddress?,
    _ settings: (inout PlanAudit) -> Void = { _ in }
  ) {
    self.init(auditing: [("model", model)], from: base, settings)
    title = "Audit of \(model.written)"
    question = "Did \(model.written) go wrong where nobody looked?"
    conditions[0].adapter = adapter
  }

  /// The same of several that came from one.
  ///
  /// - Parameter models: with the names of their conditions.
  package init(
    auditing models: [(name: String, address: PlanAddress)], from base: PlanAddress?,
    _ settings: (inout PlanAudit) -> Void = { _ in }
  ) {
    let conditions = (models + (base.map { [("base", $0)] } ?? [])).map { name, address in
      var condition = PlanCondition(name: name)
      (condition.title, condition.models) = (address.written, [address])
      return condition
    }
    self.init(
      name: "audit", title: "Audit of \(models.count) models",
      question: "Did any of them go wrong where nobody looked?", origin: .named,
      seeds: [], conditions: conditions, evaluations: [], comparisons: [], predictions: [],
      published: [], figure: PlanFigure(kind: .points, axis: nil, isLogarithmic: false))
    var audit = PlanAudit(of: models.map(\.name), from: base.map { _ in "base" })
    settings(&audit)
    self.audit = audit
  }
}
