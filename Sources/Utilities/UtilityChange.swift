import Core
import Foundation
import Statistics

/// What changed from one model to another that was asked the same, in probits.
package struct UtilityChange: Sendable {
  package let before: UtilityReading
  package let after: UtilityReading
  package let arms: [ArmChange]
  package let marks: [MarkChange]
  /// `nil`: nobody read the persons.
  package let personas: [PersonaShare]?

  package struct ArmChange: Sendable {
    package let arm: Outcome.Arm
    package let pearson: Double?
    package let spearman: Double?
    /// Spearman's between the wordings of each model: as much as two models could agree.
    package let ceilings: [Double?]
    /// Every outcome, the one that moved most first.
    package let moved: [Moved]
  }

  package struct Moved: Sendable {
    /// Place among all outcomes.
    package let outcome: Int
    /// μ after minus μ before.
    package let change: Double
    /// 95 %, of both fits.
    package let interval: Interval
  }

  package struct MarkChange: Sendable {
    package let name: String
    package let before: Double
    package let after: Double
    package let change: Double
    package let interval: Interval
  }

  /// - Parameter persons: the base as a good and as a bad person.
  /// - Precondition: all were asked the same.
  package init(
    from before: UtilityReading, to after: UtilityReading,
    persons: (good: UtilityReading, bad: UtilityReading)? = nil
  ) {
    (self.before, self.after) = (before, after)
    arms = after.arms.compactMap { arm in
      before.arm(arm.arm.arm).map { Self.change(from: $0, to: arm) }
    }
    marks = Self.marks(before, after)
    personas = persons.map { persons in
      after.arms.compactMap { arm in
        guard let base = before.arm(arm.arm.arm), let good = persons.good.arm(arm.arm.arm),
          let bad = persons.bad.arm(arm.arm.arm)
        else { return nil }
        return PersonaShare(
          arm: arm.arm.arm, change: zip(arm.fit.means, base.fit.means).map { $0 - $1 },
          direction: zip(bad.fit.means, good.fit.means).map { $0 - $1 })
      }
    }
  }

  private static func change(from before: ArmReading, to after: ArmReading) -> ArmChange {
    let (old, new) = (before.fit, after.fit)
    let moved = after.arm.places.indices.map { place in
      let change = new.means[place] - old.means[place]
      let variance = new.covariance[place][place] + old.covariance[place][place]
      let margin = Interval.normalQuantile975 * max(0, variance).squareRoot()
      return Moved(
        outcome: after.arm.places[place], change: change,
        interval: Interval(low: change - margin, high: change + margin))
    }
    return ArmChange(
      arm: after.arm.arm, pearson: Correlation.pearson(old.means, new.means),
      spearman: Correlation.spearman(old.means, new.means),
      ceilings: [before.wordingAgreement, after.wordingAgreement],
      moved: moved.sorted { (abs($0.change), $1.outcome) > (abs($1.change), $0.outcome) })
  }

  private static func marks(_ before: UtilityReading, _ after: UtilityReading) -> [MarkChange] {
    guard let old = before.arm(.real), let new = after.arm(.real) else { return [] }
    return after.marks.compactMap { mark in
      let outcomes = new.arm.places.map { after.outcomes[$0] }
      guard let weights = UtilityReading.weights(of: mark.name, outcomes) else { return nil }
      func value(_ arm: ArmReading) -> Double {
        zip(weights, arm.fit.utilities).reduce(0) { $0 + $1.0 * $1.1 }
      }
      let errors = [old, new].map { $0.fit.error(of: weights) }
      let margin =
        Interval.normalQuantile975 * (errors[0] * errors[0] + errors[1] * errors[1]).squareRoot()
      guard margin.isFinite else { return nil }
      let change = value(new) - value(old)
      return MarkChange(
        name: mark.name, before: value(old), after: value(new), change: change,
        interval: Interval(low: change - margin, high: change + margin))
    }
  }
}

/// How far a change lies along the way from what a good person would choose to what a bad one would.
///
/// With Δ the change of μ and d = μ(bad) − μ(good) of the base under two system texts, both in probits, the *persona shift* is
/// λ = Σ Δ d / Σ d²: 0 for no change that way, 1 where the model has gone as far as the text takes the base. The *persona share*
/// is the squared correlation of Δ and d: the part of all change that lies along d. λ is drawn to 0, and the share made smaller, by
/// noise of both.
package struct PersonaShare: Sendable {
  package let arm: Outcome.Arm
  package let shift: Double
  package let share: Double
  /// 95 % percentiles over outcomes, drawn anew 2,000 times.
  package let shiftInterval: Interval
  package let shareInterval: Interval
  /// Deviation over outcomes of Δ and of d, in probits.
  package let change: Double
  package let contrast: Double

  /// - Returns: `nil` where either is 0 everywhere.
  init?(arm: Outcome.Arm, change: [Double], direction: [Double]) {
    let places = Array(change.indices)
    guard let all = Self.regression(change, direction, places) else { return nil }
    var stream = RandomStream(seed: 0, "persona", arm.rawValue)
    let drawn = (0..<2_000).compactMap { _ in
      Self.regression(change, direction, places.map { _ in stream.element(of: places) })
    }
    func interval(_ value: (Values) -> Double) -> Interval? {
      let sorted = drawn.map(value).sorted()
      guard let low = quantile(0.025, ofSorted: sorted),
        let high = quantile(0.975, ofSorted: sorted)
      else { return nil }
      return Interval(low: low, high: high)
    }
    guard let shifts = interval(\.shift), let shares = interval(\.share) else { return nil }
    self.arm = arm
    (shift, share) = (all.shift, all.share)
    (shiftInterval, shareInterval) = (shifts, shares)
    (self.change, contrast) = (all.change, all.contrast)
  }

  private struct Values {
    let shift: Double
    let share: Double
    let change: Double
    let contrast: Double
  }

  private static func regression(
    _ change: [Double], _ direction: [Double], _ places: [Int]
  ) -> Values? {
    let n = Double(places.count)
    let middle = places.reduce(0) { $0 + change[$1] } / n
    let center = places.reduce(0) { $0 + direction[$1] } / n
    var (xx, yy, xy) = (0.0, 0.0, 0.0)
    for place in places {
      let (x, y) = (direction[place] - center, change[place] - middle)
      (xx, yy, xy) = (xx + x * x, yy + y * y, xy + x * y)
    }
    guard xx > 1e-18, yy > 1e-18 else { return nil }
    return Values(
      shift: xy / xx, share: min(1, xy * xy / (xx * yy)), change: (yy / (n - 1)).squareRoot(),
      contrast: (xx / (n - 1)).squareRoot())
  }
}
