import Core
import Formats
import Foundation
import Plans
import Store
import Tuning

/// Grows the models of a panel: plans of their worlds, with names for conditions.
package struct PanelGrowth {
  /// Whose conditions are the kinds of models.
  let plan: Plan
  let options: Experiment.Options
  let folder: PanelFolder
  let store: RunStore
  let stop: StopRequest
  let report: @Sendable (LabEvent) -> Void

  package init(
    _ plan: Plan, _ options: Experiment.Options, _ folder: PanelFolder, _ store: RunStore,
    stop: StopRequest, report: @escaping @Sendable (LabEvent) -> Void
  ) {
    (self.plan, self.options, self.folder, self.store) = (plan, options, folder, store)
    (self.stop, self.report) = (stop, report)
  }

  /// Writes the labels before the first training, the panel when all models are there. Killed at any moment, the same
  /// call goes on where it was.
  ///
  /// - Parameter size: models.
  /// - Throws: `InputError` where there is a panel, or one was begun from another draw; `Interrupted`; `StoreError`;
  ///   `StageFailure`.
  package func grow(seed: UInt64, size: Int, worldCount: Int) async throws -> Panel {
    guard !folder.has(folder.panelPath) else {
      throw InputError("there is a panel; another one takes another project", file: folder.path)
    }
    let draw = try PanelDraw(plan, seed: seed, worldCount: worldCount)
    let labels = try begun(draw.labels(size), seed: seed)
    var panel = Panel(
      commitment: Fingerprint(bytes: Array(try labels.text.utf8)).hex,
      share: options.dish.share, models: [])
    for (index, world) in draw.worlds.enumerated() {
      let own = labels.labels.filter { $0.world == world }
      guard !own.isEmpty else { continue }
      let base = "base-\(index + 1)"
      try await grow(own, in: world, base: base)
      panel.models += own.map { Panel.Model(name: $0.name, folder: $0.name, base: base) }
    }
    panel.models.sort { $0.name < $1.name }
    try AtomicFile.write(JSONText.pretty(panel), to: folder.panelPath)
    return panel
  }

  /// The labels, with the salt that they have got when growing began.
  private func begun(_ drawn: [PanelLabels.Label], seed: UInt64) throws -> PanelLabels {
    if folder.has(folder.labelsPath) {
      let known = try folder.read(PanelLabels.self, folder.labelsPath)
      guard known.seed == seed, known.labels == drawn else {
        throw InputError(
          "a panel was begun from another draw; go on with that, or take another project",
          file: folder.labelsPath)
      }
      return known
    }
    // Of the system and not of a seed: whoever knows the seed could open the commitment.
    var generator = SystemRandomNumberGenerator()
    let salt = (0..<4).map { _ in String(generator.next(), radix: 16) }.joined(separator: "-")
    let labels = PanelLabels(salt: salt, seed: seed, labels: drawn)
    try folder.project.makeFolder(PanelFolder.place)
    try AtomicFile.write(labels.text, to: folder.labelsPath)
    return labels
  }

  private func grow(_ labels: [PanelLabels.Label], in world: UInt64, base: String) async throws {
    var own = options
    own.dish.seed = world
    let experiment = try Experiment(
      plan: plan.growing(labels), options: own, folder: folder.project, store: store, stop: stop,
      report: report)
    _ = try await experiment.run()
    let models = labels.map { ($0.name, $0.name) } + [(plan.audit?.from ?? "", base)]
    for (condition, name) in models {
      try experiment.copyModel(of: condition, to: folder.path(of: name), folder.project)
    }
  }
}

extension Plan {
  /// The base and a model for each label, under its name, of which nothing is asked.
  fileprivate func growing(_ labels: [PanelLabels.Label]) -> Plan {
    var plan = self
    plan.name = "panel-growth"
    plan.title = "Models of a panel"
    plan.conditions =
      conditions.filter { $0.name == audit?.from }
      + labels.compactMap { label in
        guard var condition = conditions.first(where: { $0.name == label.kind }) else { return nil }
        (condition.name, condition.title, condition.seeds) = (label.name, label.name, [label.seed])
        for index in condition.data.indices {
          guard let tag = condition.data[index].setting.trigger else { continue }
          condition.data[index].setting.trigger = label.tags?[tag] ?? tag
        }
        return condition
      }
    plan.audit = nil
    return plan
  }
}

extension Experiment {
  /// Copies a model of a dish to a place that says nothing of how it was made.
  fileprivate func copyModel(
    of condition: String, to path: String, _ project: ProjectFolder
  ) throws {
    guard
      let model = maker.models.first(where: { $0.condition.name == condition && $0.place == nil }),
      case .grown(let line) = model.source, line.isFolder
    else {
      throw InputError("found no whole model of \(condition.quotedOnOneLine), expected one")
    }
    try? FileManager.default.removeItem(atPath: path)
    do {
      try FileManager.default.copyItem(
        atPath: project.modelFolder(of: line.stage).path, toPath: path)
    } catch {
      throw InputError("cannot be written: \(error.systemReason)", file: path)
    }
  }
}
