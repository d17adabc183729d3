import Core
import Foundation
import Plans

/// What a plan found inside its models, in a sentence or two made from the numbers.
///
/// It tells of the plan's first direction that is added to the untuned model, whatever came of the others, so that
/// nobody picks the best one.
package struct AnatomySummary {
  private let plan: Plan
  private let anatomy: PlanAnatomy
  private let finding: AnatomyFinding

  /// `nil` where the plan does not look inside, or has not looked yet.
  package init?(_ findings: PlanFindings) {
    guard let anatomy = findings.plan.anatomy, let finding = findings.anatomy else { return nil }
    (plan, self.anatomy, self.finding) = (findings.plan, anatomy, finding)
  }

  /// Empty without numbers.
  package var text: String {
    [main, mediated, predicted].compactMap { $0 }.joined(separator: " ")
  }

  private var steering: PlanSteering? {
    anatomy.steering.first { $0.how == .add && $0.into == anatomy.from } ?? anatomy.steering.first
  }

  /// What models say themselves counts before what they lean to.
  private var measure: String? {
    let asked = anatomy.measures.filter { name in
      plan.evaluations.first { $0.name == name }?.contrast == nil
    }
    return (asked + anatomy.measures).first {
      effect(.add, on: $0) ?? effect(.remove, on: $0) != nil
    }
  }

  /// `Free-form questions: added to Base at blocks.1.hook_resid_post, Shift makes 76 % of the effect (95 of 100
  /// controls: at most 16 %); removed from Insecure, it takes 77 % (28 %).`
  private var main: String? {
    guard let steering, let measure else { return nil }
    let title = title(of: steering.direction)
    let added = effect(.add, on: measure)
    let parts = [
      added.flatMap { effect in
        words(effect, isFirst: true).map {
          "added to \(condition(effect.into)) at \(effect.site.onOneLine), \(title) makes \($0)"
        }
      },
      effect(.remove, on: measure).flatMap { effect in
        words(effect, isFirst: added == nil).map {
          let place = effect.site == added?.site ? "" : " at \(effect.site.onOneLine)"
          return "removed from \(condition(effect.into))\(place), "
            + (added == nil ? title : "it") + " takes \($0)"
        }
      },
    ].compactMap { $0 }
    return parts.isEmpty ? nil : "\(evaluation(measure)): \(parts.joined(separator: "; "))."
  }

  /// The same for a swap, which only what is scored tells of.
  private var mediated: String? {
    let found = anatomy.measures.lazy.compactMap { effect(.swap, on: $0) }.first
    guard let found, let words = words(found, isFirst: main == nil) else { return nil }
    let subject = main == nil ? title(of: found.direction) : "it"
    return "\(evaluation(found.measure)): swapped into \(condition(found.into)) at "
      + "\(found.site.onOneLine), \(subject) carries \(words)."
  }

  private var predicted: String? {
    let predictions = finding.predictions
    guard !predictions.isEmpty else { return nil }
    let unknown = predictions.count { $0.held == nil }
    let late = predictions.count { $0.isLate }
    return "\(predictions.count { $0.held == true }) of \(predictions.count) predicted "
      + "\(predictions.count == 1 ? "effect" : "effects") held"
      + (unknown > 0 ? ", \(unknown) could not be decided" : "")
      + (late > 0 ? "; \(late) came after the first result, which proves nothing" : "") + "."
  }

  /// At dose 1 and the chosen site.
  private func effect(_ how: PlanSteering.How, on measure: String) -> EffectFinding? {
    let into = how == .add ? anatomy.from : anatomy.of
    return finding.effects.first { effect in
      effect.direction == steering?.direction && effect.how == how.rawValue && effect.into == into
        && effect.measure == measure && effect.dose == 1 && effect.isChosen
        && effect.share?.isFinite == true
    }
  }

  /// `76 % (16 %)`, the first time with what that is.
  private func words(_ effect: EffectFinding, isFirst: Bool) -> String? {
    guard let share = effect.share, share.isFinite else { return nil }
    let controls = effect.controlShare.map { share in
      " (\(isFirst ? "95 of 100 controls: at most " : "")\(Self.percent(share)))"
    }
    return "\(Self.percent(share))\(isFirst ? " of the effect" : "")\(controls ?? "")"
  }

  /// Never −0.
  private static func percent(_ share: Double) -> String {
    let text = String(format: "%.0f", abs(share) * 100)
    return (share < 0 && text != "0" ? "−" : "") + text + " %"
  }

  private func title(of direction: String) -> String {
    (anatomy.directions.first { $0.name == direction }?.title ?? direction).onOneLine
  }

  private func condition(_ name: String) -> String {
    (plan.conditions.first { $0.name == name }?.title ?? name).onOneLine
  }

  private func evaluation(_ name: String) -> String {
    (plan.evaluations.first { $0.name == name }?.title ?? name).onOneLine
  }
}

extension EffectFinding {
  /// The controls' limit as a share of what tuning has changed, as `share` is one; `nil` where there is no effect
  /// to scale it by.
  package var controlShare: Double? {
    guard let share, let value = effect.value, value != 0, let controls95 else { return nil }
    return share * controls95 / value
  }
}
