import Lab
import Plans

/// A prediction of what a direction does, and what became of it, in words.
struct EffectPredictionText {
  private let finding: EffectPredictionFinding
  private let effect: EffectFinding?
  private let names: PlanNames

  /// - Parameter anatomy: where the effect is looked up for its interval.
  init(_ finding: EffectPredictionFinding, of anatomy: AnatomyFinding, names: PlanNames) {
    self.finding = finding
    self.names = names
    let prediction = finding.prediction
    effect = anatomy.effects.first { effect in
      effect.direction == prediction.direction && effect.into == prediction.into
        && effect.how == prediction.how.rawValue && effect.measure == prediction.measure
        && effect.dose == 1 && effect.isChosen
    }
  }

  var outcome: PredictionText.Outcome { .init(held: finding.held) }
  var isLate: Bool { finding.isLate }
  var stored: String { NumberText.time(finding.stored) }

  /// `Shift of the model added to Base, Free-form questions: the effect is above 50.0 % of tuning’s`.
  var claim: String {
    let prediction = finding.prediction
    let subject =
      "\(names.direction(prediction.direction)) \(names.done(prediction.how.rawValue, prediction.into)), "
      + names.evaluation(prediction.measure)
    let side = prediction.side.rawValue
    switch prediction.quantity {
    case .effect: return "\(subject): the effect is \(side) \(threshold)"
    case .share: return "\(subject): the effect is \(side) \(threshold) of tuning’s"
    case .controls:
      return
        "\(subject): what 95 of 100 controls do not reach is \(side) \(threshold) of the effect"
    }
  }

  var threshold: String { number(finding.prediction.threshold) }
  var measured: String { number(finding.value) }

  /// The effect itself, where the prediction is about a share of it or with it.
  var context: String {
    guard let effect, effect.effect.number != nil else {
      return "there is no number to hold it against"
    }
    let text = EffectText(effect, names: names)
    return "effect \(text.effect) (\(text.interval) over \(names.units))"
  }

  private func number(_ value: Double?) -> String {
    finding.prediction.quantity == .effect
      ? names.scale(finding.prediction.measure).difference(value)
      : MeasureScale.percent.value(value)
  }
}
