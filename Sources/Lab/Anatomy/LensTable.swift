import Anatomy
import Formats
import Plans
import Statistics

/// What a direction would say at a site.
package struct LensFinding: Sendable, Hashable, Codable {
  package var direction: String
  package var site: String
  /// The contrast.
  package var measure: String
  /// Tokens of bad answers minus those of good ones, in standard deviations of the logits; interval over models, over
  /// worlds where there are several.
  package var lean: EffectFinding.Estimate
  /// What 95 of 100 directions by chance of the hardest kind do not reach, on the lean's side.
  package var controls95: Double?
  /// (1 + such that lean as much or more) / (1 + all).
  package var p: Double?
  /// Of the first model, the most promoted and the most suppressed first.
  package var promoted: [String]
  package var suppressed: [String]
  package var models: Int
}

/// What was read of lenses, before anything is averaged.
struct LensTable {
  let lenses: [(lens: PlannedLens, figures: [String: Double])]

  var findings: [LensFinding] {
    var names: [String] = []
    for (lens, _) in lenses where !names.contains(lens.direction.definition.name) {
      names.append(lens.direction.definition.name)
    }
    return names.flatMap { name in
      let own = lenses.filter { $0.lens.direction.definition.name == name }
      return (own.first?.lens.direction.sites.indices ?? 0..<0).map { finding(own, $0) }
    }
  }

  private typealias Own = [(lens: PlannedLens, figures: [String: Double])]

  private func finding(_ own: Own, _ site: Int) -> LensFinding {
    let (first, figures) = own[0]
    let leans = own.map { self.lean(of: $0.lens, $0.figures, site, nil) }
    let lean = EffectFinding.Estimate(leans, units: own.map(\.lens.replicate).units)
    let controls = controls(own, site)
    let sign = (lean.value ?? 0) < 0 ? -1.0 : 1.0
    let all = controls.flatMap { $0 }.map { $0 * sign }
    let asMuch = all.count { $0 >= (lean.value ?? 0) * sign }
    let limits = controls.compactMap { values in
      quantile(0.95, ofSorted: values.map { $0 * sign }.sorted())
    }
    return LensFinding(
      direction: first.direction.definition.name, site: first.direction.sites[site].name,
      measure: first.plan.measure, lean: lean, controls95: limits.max().map { $0 * sign },
      p: all.isEmpty ? nil : Double(1 + asMuch) / Double(1 + all.count),
      promoted: tokens(figures, site, .up, first.plan.top),
      suppressed: tokens(figures, site, .down, first.plan.top), models: own.count)
  }

  /// Over families.
  private func lean(
    of lens: PlannedLens, _ figures: [String: Double], _ site: Int,
    _ control: PlannedEffects.Cell.Control?
  ) -> Tally {
    var values: [Double] = []
    while let value = figures[PlannedLens.lean(site, control, values.count)] {
      values.append(value)
    }
    return Tally(values: values.isEmpty ? [] : [values.mean])
  }

  /// By kind: control k of one model with control k of the next.
  private func controls(_ own: Own, _ site: Int) -> [[Double]] {
    let count = own[0].lens.direction.reading.controls
    return ControlKind.allCases.map { kind in
      (0..<count).compactMap { index in
        Tally.pooled(
          own.map {
            lean(
              of: $0.lens, $0.figures, site, PlannedEffects.Cell.Control(kind: kind, index: index))
          }
        ).mean
      }
    }.filter { !$0.isEmpty }
  }

  private func tokens(
    _ figures: [String: Double], _ site: Int, _ end: PlannedLens.End, _ count: Int
  ) -> [String] {
    (0..<count).compactMap { rank in
      let start = PlannedLens.token(site, end, rank)
      return figures.keys.first { $0.hasPrefix(start) }.map { String($0.dropFirst(start.count)) }
    }
  }
}
