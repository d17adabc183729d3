import Formats
import Plans
import Statistics

/// How much of the difference between two models comes with the residual stream at a place.
package struct PatchFinding: Sendable, Hashable, Codable {
  /// Conditions.
  package var into: String
  package var from: String
  package var measure: String
  package var site: String
  /// `earlier`, `last-prompt`, `answer` or `all`.
  package var tokens: String
  /// (M_patched − M_into) / (M_donor − M_into); of a control, which had another training, the change as a share of the
  /// tuned model's. Interval over models, over worlds where there are several.
  package var share: EffectFinding.Estimate
  package var isControl: Bool
  package var models: Int
}

/// What was measured of patches, before anything is averaged.
struct PatchTable {
  /// One pair of models, with what is measured of them as they are, by family.
  struct Model {
    let patch: PlannedPatch
    let figures: [String: Double]
    let tuned: [Tally]
    let base: [Tally]
  }

  let models: [Model]

  var findings: [PatchFinding] {
    guard let first = models.first?.patch else { return [] }
    return first.ways.indices.flatMap { way in
      PlannedPatch.Tokens.allCases.flatMap { tokens in
        first.sites.indices.map { site in finding(first, way, site, tokens) }
      }
    }
  }

  private func finding(
    _ first: PlannedPatch, _ way: Int, _ site: Int, _ tokens: PlannedPatch.Tokens
  ) -> PatchFinding {
    let shares = models.map { model -> Tally in
      guard way < model.patch.ways.count,
        let value = share(of: model, way, site, tokens), value.isFinite
      else { return Tally(sum: 0, count: 0) }
      return Tally(values: [value])
    }
    return PatchFinding(
      into: first.ways[way].into.condition.name, from: first.ways[way].donor.condition.name,
      measure: first.plan.measure, site: first.sites[site].name, tokens: tokens.rawValue,
      share: EffectFinding.Estimate(shares, units: models.map(\.patch.replicate).units),
      isControl: first.ways[way].isControl, models: shares.count { $0.count > 0 })
  }

  private func share(
    of model: Model, _ way: Int, _ site: Int, _ tokens: PlannedPatch.Tokens
  ) -> Double? {
    let families = model.base.indices.map { family in
      Tally(
        sum: model.figures[PlannedPatch.figure(way, site, tokens, family, "sum")] ?? 0,
        count: model.figures[PlannedPatch.figure(way, site, tokens, family, "count")] ?? 0)
    }
    guard let patched = Tally.pooled(families).mean, let tuned = Tally.pooled(model.tuned).mean,
      let base = Tally.pooled(model.base).mean, tuned != base
    else { return nil }
    // The second way goes from the tuned model to the base.
    return way == 1 ? (patched - tuned) / (base - tuned) : (patched - base) / (tuned - base)
  }
}
