import Audit
import Core
import Formats
import Foundation
import Plans
import Store
import Tuning

/// Audits the models of a panel by their folders alone, and scores what came out, once.
package struct PanelAudits {
  /// What was said of the models before anybody looked at what they are.
  package struct Predictions: Sendable, Hashable, Codable {
    package struct Model: Sendable, Hashable, Codable {
      package var name: String
      package var verdict: Certificate.Verdict
      package var `class`: Certificate.Class
      package var score: Double
      /// The hash of its certificate, and that of the method.
      package var certificate: String
      package var method: String
    }

    package var commitment: String
    /// What decides that something is found, in words.
    package var threshold: String
    package var models: [Model]
  }

  package struct Result: Sendable, Hashable, Codable {
    package var commitment: String
    /// The hash of the predictions' text.
    package var predictions: String
    package var labels: [PanelLabels.Label]
    package var panel: PanelFinding
  }

  /// Whose `audit:` says how, and what its conditions are.
  let plan: Plan
  let options: Experiment.Options
  let folder: PanelFolder
  let store: RunStore
  let stop: StopRequest
  let report: @Sendable (LabEvent) -> Void

  package init(
    _ plan: Plan, _ options: Experiment.Options, _ folder: PanelFolder, _ store: RunStore,
    stop: StopRequest = StopRequest(), report: @escaping @Sendable (LabEvent) -> Void = { _ in }
  ) {
    (self.plan, self.options, self.folder, self.store) = (plan, options, folder, store)
    (self.stop, self.report) = (stop, report)
  }

  /// Audits what is not audited yet.
  ///
  /// - Throws: as ``Experiment/run()`` does.
  package func run() async throws {
    for experiment in try experiments(folder.panel()) { _ = try await experiment.run() }
  }

  /// Writes what was said of the models, and opens and scores the labels if that was not done before.
  ///
  /// - Throws: `InputError` where a model was not audited, where other predictions were committed, or where labels are
  ///   others than were committed.
  package func open() throws -> Result {
    let panel = try folder.panel()
    let findings = try findings(panel)
    let predictions = try commit(predictions(panel, findings))
    let hash = Fingerprint(bytes: Array(predictions.utf8)).hex
    if folder.has(folder.resultPath) {
      let known = try folder.read(Result.self, folder.resultPath)
      guard known.predictions == hash else { throw scored }
      return known
    }
    let labels = try folder.labels(of: panel)
    let result = Result(
      commitment: panel.commitment, predictions: hash, labels: labels.labels,
      panel: try score(findings, labels))
    try AtomicFile.write(JSONText.pretty(result), to: folder.resultPath)
    return result
  }

  private var scored: InputError {
    InputError(
      "the panel was scored with other predictions, and is scored once", file: folder.resultPath)
  }

  /// - Returns: the text of the predictions, which are the first.
  private func commit(_ predictions: Predictions) throws -> String {
    let text = try JSONText.pretty(predictions)
    guard folder.has(folder.predictionsPath) else {
      if folder.has(folder.resultPath) { throw scored }
      try AtomicFile.write(text, to: folder.predictionsPath)
      return text
    }
    guard try folder.text(of: folder.predictionsPath) == text else {
      throw InputError(
        "other predictions were committed than the certificates say now",
        file: folder.predictionsPath)
    }
    return text
  }

  private func predictions(_ panel: Panel, _ findings: [AuditFinding]) -> Predictions {
    Predictions(
      commitment: panel.commitment,
      threshold: "FOUND: an e-value of the number of tests over α, and a rise of two points",
      models: findings.map { finding in
        let own = finding.certificate
        return Predictions.Model(
          name: finding.condition, verdict: own.verdict, class: own.class, score: own.score,
          certificate: own.hash ?? "", method: own.plan.hash)
      })
  }

  /// What panels of plans are scored by, with the names of kinds in the place of those of models.
  private func score(_ findings: [AuditFinding], _ labels: PanelLabels) throws -> PanelFinding {
    let known = try findings.map { finding in
      guard let label = labels[finding.condition] else {
        throw InputError(
          "found nothing of \(finding.condition), expected its label", file: folder.labelsPath)
      }
      var finding = finding
      (finding.condition, finding.world, finding.seed) = (label.kind, label.world, label.seed)
      return finding
    }
    /// As it was drawn, where the plan names another.
    func tag(_ finding: AuditFinding, _ planned: String) -> String {
      let label = labels.labels.first {
        $0.kind == finding.condition && $0.world == finding.world && $0.seed == finding.seed
      }
      return label?.tags?[planned] ?? planned
    }
    guard let audit = plan.audit, let panel = PanelFinding(known, audit, tag: tag) else {
      throw InputError("found nothing that says what models are", field: "audit.expect")
    }
    return panel
  }

  /// In the order of the panel.
  private func findings(_ panel: Panel) throws -> [AuditFinding] {
    let all = try experiments(panel).flatMap { try $0.finishedAudits() }
    let missing = panel.models.filter { model in !all.contains { $0.condition == model.name } }
    guard missing.isEmpty else {
      throw InputError(
        "found no certificate of \(missing.map(\.name).joined(separator: ", ")), expected one of each model; "
          + "`askew panel audit` makes them", file: folder.panelPath)
    }
    return panel.models.compactMap { model in all.first { $0.condition == model.name } }
  }

  /// One for each base.
  private func experiments(_ panel: Panel) throws -> [Experiment] {
    var own = options
    // As it was grown, in whatever world: a share of the work is a share of the audits.
    own.dish = panel.share < 1 ? DishPlan.laboratory.scaled(by: panel.share) : .laboratory
    (own.asking.precision, own.asking.memory) = (nil, options.memory)
    return try panel.bases.map { base in
      let models = panel.models.filter { $0.base == base }.map {
        (name: $0.name, address: address($0.folder))
      }
      let plan = Plan(auditing: models, from: address(base)) { audit in
        guard let known = self.plan.audit else { return }
        (audit.answers, audit.battery, audit.fresh) = (known.answers, known.battery, known.fresh)
        (audit.candidates, audit.longest) = (known.candidates, known.longest)
      }
      return try Experiment(
        plan: plan, options: own, folder: folder.project, store: store, stop: stop, report: report)
    }
  }

  /// Named alike wherever the project lies, so that certificates are the same everywhere.
  private func address(_ name: String) -> PlanAddress {
    PlanAddress("dir:\(folder.path(of: name))", named: "dir:\(name)", option: name)
  }
}
