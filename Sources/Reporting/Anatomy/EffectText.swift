import Lab
import Plans
import Statistics

/// What a direction did, as the page and the terminal show it.
struct EffectText {
  private let finding: EffectFinding
  private let names: PlanNames

  init(_ finding: EffectFinding, names: PlanNames) {
    self.finding = finding
    self.names = names
  }

  var direction: String { names.direction(finding.direction) }
  /// `added to Base`.
  var done: String { names.done(finding.how, finding.into) }
  var measure: String { names.evaluation(finding.measure) }
  var site: String { finding.site }
  var dose: String { Axis.label(finding.dose) }

  var effect: String { scale.difference(finding.effect.value) }
  var interval: String { scale.interval(finding.effect.interval) }
  /// Without the unit, for tables whose header tells it.
  var plainEffect: String { plain(effect) }
  var plainControls: String { plain(controls) }
  /// The controls' limit, of what tuning has changed.
  var controlShare: String { MeasureScale.percent.value(finding.controlShare) }
  /// Of what tuning has changed.
  var share: String { MeasureScale.percent.value(finding.share) }
  /// In the unit of the effect.
  var controls: String { scale.difference(finding.controls95) }
  func controls(_ kind: String) -> String { plain(scale.difference(finding.controls[kind])) }
  var p: String { NumberText.probability(finding.p) }
  var coherence: String { MeasureScale.percent.value(finding.coherence) }
  var benign: String { MeasureScale.nats.difference(finding.benign) }

  func world(_ seed: UInt64) -> String {
    scale.difference(finding.perWorld?.first { $0.seed == seed }?.value)
  }

  private func plain(_ text: String) -> String { text.replacing(" points", with: "") }

  private var scale: MeasureScale { names.scale(finding.measure) }
}

extension EffectFinding.Estimate {
  var interval: Interval? {
    guard let low, let high, low.isFinite, high.isFinite, low <= high else { return nil }
    return Interval(low: low, high: high)
  }

  /// The value, when there is one and it is a number.
  var number: Double? { value.flatMap { $0.isFinite ? $0 : nil } }
}

extension PlanNames {
  /// A direction's title; its name, when the plan does not know it.
  func direction(_ name: String) -> String {
    plan.anatomy?.directions.first { $0.name == name }?.title ?? name
  }

  /// `added to Base`, `removed from Insecure`, `swapped into Insecure`.
  func done(_ how: String, _ into: String) -> String {
    let words =
      switch PlanSteering.How(rawValue: how) {
      case .add: "added to"
      case .remove: "removed from"
      case .swap: "swapped into"
      case nil: "\(how) in"
      }
    return "\(words) \(condition(into))"
  }

  /// What effects are told in: `points` (percentage points), `nats` (a token).
  func effectUnit(_ measure: String) -> String {
    switch scale(measure) {
    case .percent: "points"
    case .mark: "of 1"
    case .nats: "nats"
    }
  }

  /// Which tokens a direction is read at.
  func tokens(_ direction: String) -> String {
    let own = plan.anatomy?.directions.first { $0.name == direction }
    switch own?.tokens ?? plan.anatomy?.tokens {
    case .answer: return "the answer"
    case .lastPrompt: return "the last token before the answer"
    case .all: return "all tokens"
    case nil: return NumberText.undefined
    }
  }
}
