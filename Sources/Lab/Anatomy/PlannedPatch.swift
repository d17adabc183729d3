import Core
import Engine
import Evaluation
import Formats
import Plans
import Questions
import Statistics
import Store
import Tuning

/// Patches of the residual stream between two models, site by site.
struct PlannedPatch {
  /// What goes into what.
  struct Way {
    let into: PlannedModel
    let donor: PlannedModel
    /// Whether the donor had another training than the one to be explained.
    let isControl: Bool
  }

  /// Which tokens are patched.
  enum Tokens: String, CaseIterable {
    /// Before the last one of the prompt.
    case earlier
    case lastPrompt = "last-prompt"
    case answer
    case all
  }

  let plan: PlanPatch
  let tuned: PlannedModel
  let base: PlannedModel
  let ways: [Way]
  let sites: [Site]
  let contrast: PlannedContrast
  let stage: Stage

  /// - Parameter name: tells a model from all others.
  init(
    _ plan: PlanPatch, between tuned: PlannedModel, _ base: PlannedModel,
    control: PlannedModel?, at sites: [Site], _ contrast: PlannedContrast,
    named name: (PlannedModel) throws -> String
  ) throws {
    (self.plan, self.tuned, self.base) = (plan, tuned, base)
    (self.sites, self.contrast) = (sites, contrast)
    ways =
      [
        Way(into: base, donor: tuned, isControl: false),
        Way(into: tuned, donor: base, isControl: false),
      ] + (control.map { [Way(into: base, donor: $0, isControl: true)] } ?? [])
    let cost = Double(contrast.texts.count) * Double(Tokens.allCases.count) / 3
    stage = Stage(
      .patch, "Patches between \(base.name) and \(tuned.name)",
      try Fingerprint(
        of: Address(
          ways: try ways.map { [try name($0.into), try name($0.donor)] }, sites: sites,
          scored: contrast.texts.fingerprint)),
      needs: ([tuned, base] + ways.map(\.donor)).map(\.madeBy).distinct,
      total: ways.count * sites.count, unitCost: tuned.isOfDish ? cost : nil)
  }

  var replicate: Replicate { tuned.replicate }

  private struct Address: Encodable {
    let version = 1
    let ways: [[String]]
    let sites: [Site]
    let scored: Fingerprint
  }

  static func cell(_ way: Int, _ site: Int) -> String { "\(way)/\(site)" }

  static func figure(
    _ way: Int, _ site: Int, _ tokens: Tokens, _ family: Int, _ part: String
  ) -> String { "\(cell(way, site))/\(tokens.rawValue)/\(family)/\(part)" }
}

extension RunKind {
  /// Patches of the residual stream.
  package static let patch = RunKind(rawValue: "patch")
}

/// Scores a model with another one's residual stream.
struct PatchReading {
  let patch: PlannedPatch
  let session: LabSession
  let open: (PlannedModel) throws -> any LocalModel

  /// Does what the store does not have.
  ///
  /// - Throws: `Interrupted` after a stop, with all finished sites stored.
  func run() throws {
    let stage = patch.stage
    let run = try session.store.beginRun(
      fingerprint: stage.fingerprint, kind: .patch, name: stage.name, settings: patch.plan)
    let done = try session.store.figures(of: run)
    var count = done.keys.count { $0.split(separator: "/").count == 2 }
    session.report(.began(session.meter.begin(stage, done: count)))
    let items = patch.contrast.firstOfTopics.map { patch.contrast.items[$0] }
    for (index, way) in patch.ways.enumerated() {
      let left = patch.sites.indices.filter { done[PlannedPatch.cell(index, $0)] == nil }
      if left.isEmpty { continue }
      let into = try open(way.into)
      guard let scoring = into.scoring else { continue }
      let sequences = try ContrastScores.sequences(of: items, scoring)
      // One after the other: of a folder only one has its weights in memory at a time.
      let models = try [into, open(way.donor)].map { model in
        let weights = try model.weights(on: session.pool, lying: .plain)
        return AdaptedModel(weights.model, adapter: weights.adapter)
      }
      for site in left {
        try session.stop.check()
        let scorers = try models.map {
          try SiteScorer(
            $0, sequences, at: patch.sites[site], precision: into.precision, pool: session.pool)
        }
        var figures = figures(scorers[0], scorers[1], index, site, sequences, items)
        figures[PlannedPatch.cell(index, site)] = 1
        try session.store.append(figures: figures, to: run)
        count += 1
        session.report(.advanced(session.meter.advance(stage, to: count)))
      }
    }
    try session.store.finish(run)
    session.report(.finished(session.meter.finish(stage)))
  }

  private func figures(
    _ own: SiteScorer, _ donor: SiteScorer, _ way: Int, _ site: Int,
    _ sequences: [TrainingSequence], _ items: [ContrastItem]
  ) -> [String: Double] {
    var figures: [String: Double] = [:]
    for tokens in PlannedPatch.Tokens.allCases {
      let sums =
        switch tokens {
        case .earlier: own.negativeLogLikelihoods(earlierPatchedFrom: donor)
        case .lastPrompt: own.negativeLogLikelihoods(patchedFrom: donor, on: .lastPrompt)
        case .answer: own.negativeLogLikelihoods(patchedFrom: donor, on: .answer)
        case .all: own.negativeLogLikelihoods(patchedFrom: donor, on: .all)
        }
      let scores = ContrastScores(
        items, zip(sequences, sums).map { StoredScore(text: "", tokens: $0.trainedCount, nll: $1) })
      for (family, tally) in scores.familyTallies().enumerated() {
        figures[PlannedPatch.figure(way, site, tokens, family, "sum")] = tally.sum
        figures[PlannedPatch.figure(way, site, tokens, family, "count")] = tally.count
      }
    }
    return figures
  }
}
