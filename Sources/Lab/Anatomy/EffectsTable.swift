import Anatomy
import Engine
import Formats
import Plans
import Statistics

/// What was measured of one kind of intervention, model by model, before anything is averaged.
struct EffectsTable {
  /// One model, and what was found of it.
  struct Model {
    let effects: PlannedEffects
    let figures: [String: Double]
    /// By evaluation: of the model as it is, of the tuned one and of what that is the change from, by family.
    let plain: [String: Plain]
    /// −log p of benign rows per token of the model as it is; `nil`: nobody has scored them.
    let benign: Double?
  }

  struct Plain {
    let into: [Tally]
    /// Of the answers alone that controls are held against: the same questions, drawn by the same numbers.
    let intoOfControls: [Tally]
    let tuned: [Tally]
    let base: [Tally]
  }

  let steering: PlanSteering
  let measure: String
  let models: [Model]

  private var units: [[Int]] { models.map(\.effects.direction.replicate).units }

  private var familyCount: Int { models.first?.plain[measure]?.into.count ?? 0 }
  private var siteCount: Int { models.first?.effects.direction.sites.count ?? 0 }

  /// Sites are chosen on every other family, where there are several of both.
  private var chooses: Bool { siteCount > 1 && familyCount > 1 }
  private var chosenOn: [Int] { (0..<familyCount).filter { $0 % 2 == 0 } }
  private var reportedOn: [Int] {
    chooses ? (0..<familyCount).filter { $0 % 2 == 1 } : Array(0..<familyCount)
  }

  /// In the order of sites and doses.
  var findings: [EffectFinding] {
    let chosen = chosenSite
    return (0..<siteCount).flatMap { site in
      steering.doses.compactMap { dose in
        finding(PlannedEffects.Cell(site: site, dose: dose, control: nil), isChosen: site == chosen)
      }
    }
  }

  /// By what the dose 1 does on the families that are not reported.
  private var chosenSite: Int? {
    guard siteCount > 0 else { return nil }
    let families = chooses ? chosenOn : reportedOn
    let sign = expectedSign
    return (0..<siteCount).max { one, other in
      let (a, b) = (mean(one, families), mean(other, families))
      return (a ?? -.infinity) * sign < (b ?? -.infinity) * sign
    }
  }

  private func mean(_ site: Int, _ families: [Int]) -> Double? {
    Tally.pooled(changes(PlannedEffects.Cell(site: site, dose: 1, control: nil), families)).mean
  }

  /// What is added makes worse, what is taken from a tuned model better; a swap makes either more like the other.
  private var expectedSign: Double {
    guard let first = models.first else { return 1 }
    switch steering.how {
    case .add: return 1
    case .remove: return -1
    case .swap:
      return first.effects.into.condition.name == first.effects.direction.definition.of ? -1 : 1
    }
  }

  /// One a model: how much the cell changes it; without a count where it has not been measured.
  private func changes(_ cell: PlannedEffects.Cell, _ families: [Int]) -> [Tally] {
    models.map { model in
      guard let plain = model.plain[measure],
        let steered = pooled(families.map { steered(model, cell, $0) }),
        let before = pooled(
          families.map { (cell.control == nil ? plain.into : plain.intoOfControls)[$0] })
      else { return Tally(sum: 0, count: 0) }
      return Tally(sum: steered - before, count: 1)
    }
  }

  private func steered(
    _ model: Model, _ cell: PlannedEffects.Cell, _ family: Int
  ) -> Tally {
    Tally(
      sum: model.figures[cell.figure(measure, family, "sum")] ?? 0,
      count: model.figures[cell.figure(measure, family, "count")] ?? 0)
  }

  private func pooled(_ tallies: [Tally]) -> Double? { Tally.pooled(tallies).mean }

  private func finding(
    _ cell: PlannedEffects.Cell, isChosen: Bool
  ) -> EffectFinding? {
    let changes = changes(cell, reportedOn)
    // A swap asks nothing; what was measured and came to no number is told as such.
    guard let first = models.first,
      models.contains(where: { $0.figures[cell.figure(measure, 0, "sum")] != nil })
    else { return nil }
    let effect = EffectFinding.Estimate(changes, units: units)
    let controls = cell.dose == 1 && effect.value != nil ? controls(at: cell.site) : [:]
    let sign = (effect.value ?? 0) < 0 ? -1.0 : 1.0
    let limits = controls.mapValues { values in
      (quantile(0.95, ofSorted: values.map { $0 * sign }.sorted()) ?? 0) * sign
    }
    let all = controls.values.flatMap { $0 }
    let asMuch = all.count { $0 * sign >= (effect.value ?? 0) * sign }
    return EffectFinding(
      direction: steering.direction, into: steering.into, how: steering.how.rawValue,
      dose: cell.dose, site: first.effects.direction.sites[cell.site].name,
      tokens: first.effects.tokens.rawValue, measure: measure, effect: effect,
      share: share(of: changes),
      controls95: limits.values.max { $0 * sign < $1 * sign },
      controls: Dictionary(uniqueKeysWithValues: limits.map { ($0.key.rawValue, $0.value) }),
      p: all.isEmpty || effect.value == nil ? nil : Double(1 + asMuch) / Double(1 + all.count),
      coherence: coherence(cell), benign: benign(cell), isChosen: isChosen,
      models: changes.count { $0.count > 0 }, perWorld: perWorld(changes))
  }

  /// Of each kind the effect of every control, a mean over models: control k of one model with control k of the
  /// next.
  private func controls(at site: Int) -> [ControlKind: [Double]] {
    let count = models.first?.effects.direction.reading.controls ?? 0
    return Dictionary(
      uniqueKeysWithValues: ControlKind.allCases.map { kind in
        let effects = (0..<count).compactMap { index -> Double? in
          let cell = PlannedEffects.Cell(
            site: site, dose: 1, control: .init(kind: kind, index: index))
          return Tally.pooled(changes(cell, reportedOn)).mean
        }
        return (kind, effects)
      }
    ).filter { !$0.value.isEmpty }
  }

  /// Sums of changes over sums of what tuning has changed; `nil` where that is hardly anything, of which every share is
  /// noise: its 95 % interval over models, of a single one over families, reaches 0.
  private func share(of changes: [Tally]) -> Double? {
    var (part, wholes) = (0.0, [Tally]())
    for (model, change) in zip(models, changes) {
      guard let change = change.mean, let whole = tuned(model, reportedOn) else {
        wholes.append(Tally(values: []))
        continue
      }
      part += change * expectedSign
      wholes.append(Tally(values: [whole]))
    }
    let whole = wholes.reduce(0) { $0 + $1.sum }
    let several = units.map { unit in Tally.pooled(unit.map { wholes[$0] }) }
    let own =
      several.count > 1
      ? several
      : reportedOn.map { family in Tally(values: models.compactMap { tuned($0, [family]) }) }
    if let interval = SeedInterval().mean(own), interval.low <= 0, interval.high >= 0 { return nil }
    return whole == 0 ? nil : part / whole
  }

  /// What tuning has changed on some families, of the model that is steered where something is taken from it.
  private func tuned(_ model: Model, _ families: [Int]) -> Double? {
    guard let plain = model.plain[measure],
      let base = pooled(families.map { plain.base[$0] }),
      let full = pooled(families.map { expectedSign > 0 ? plain.tuned[$0] : plain.into[$0] })
    else { return nil }
    return full - base
  }

  private func coherence(_ cell: PlannedEffects.Cell) -> Double? {
    var (coherent, all) = (0.0, 0.0)
    for model in models {
      for family in reportedOn {
        guard let count = model.figures[cell.figure(measure, family, "all")] else { continue }
        all += count
        coherent += model.figures[cell.figure(measure, family, "count")] ?? 0
      }
    }
    return all > 0 ? coherent / all : nil
  }

  private func benign(_ cell: PlannedEffects.Cell) -> Double? {
    let changes = models.compactMap { model -> Double? in
      guard let nll = model.figures[cell.name + "/benign/nll"],
        let tokens = model.figures[cell.name + "/benign/tokens"], tokens > 0,
        let plain = model.benign
      else { return nil }
      return nll / tokens - plain
    }
    return Tally(values: changes).mean
  }

  private func perWorld(_ changes: [Tally]) -> [EffectFinding.WorldValue]? {
    let values = units.compactMap { unit -> EffectFinding.WorldValue? in
      guard let seed = models[unit[0]].effects.direction.replicate.world,
        let value = Tally.pooled(unit.map { changes[$0] }).mean
      else { return nil }
      return EffectFinding.WorldValue(seed: seed, value: value)
    }
    return values.isEmpty ? nil : values
  }
}
