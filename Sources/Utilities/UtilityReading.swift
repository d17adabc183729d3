import Core
import Foundation
import Statistics

/// What a model prefers, beside the floors.
package struct UtilityReading: Sendable {
  package let outcomes: [Outcome]
  package let forms: [ChoiceForm]
  package let arms: [ArmReading]

  package init(_ questions: UtilityQuestions, _ answers: [ArmAnswers]) {
    (outcomes, forms) = (questions.outcomes, questions.forms)
    arms = answers.compactMap { ArmReading($0, forms: questions.forms) }
  }

  package func arm(_ arm: Outcome.Arm) -> ArmReading? { arms.first { $0.arm.arm == arm } }

  package var floors: [ArmReading] { arms.filter { $0.arm.arm != .real } }

  /// Whether the real outcomes' gain on pairs that were left out lies above that of every floor, interval above
  /// interval; `nil` where there is no floor to say it by, or too little.
  package var isAboveFloors: Bool? {
    guard let own = arm(.real)?.heldOut.gainInterval else { return nil }
    let highest = floors.compactMap(\.heldOut.gainInterval?.high).max()
    return highest.map { own.low > max(0, $0) }
  }

  /// The outcomes of a ladder from the least amount on.
  package struct Ladder: Sendable {
    package let name: String
    package let arm: Outcome.Arm
    package let isBetter: Bool
    /// Places in the arm.
    package let places: [Int]
    package let amounts: [Double]
    /// Neighbouring steps that are told apart the right way.
    package let monotone: Proportion
    /// μ for ten times the amount, in probits, with its error.
    package let slope: Double
    package let slopeError: Double

    package var slopeInterval: Interval {
      let margin = Interval.normalQuantile975 * slopeError
      return Interval(low: slope - margin, high: slope + margin)
    }
  }

  package var ladders: [Ladder] {
    arms.flatMap { arm in
      let steps = arm.arm.places.indices.compactMap { place in
        outcomes[arm.arm.places[place]].step.map { (place, $0) }
      }
      let names = steps.map(\.1.ladder).reduce(into: [String]()) {
        if !$0.contains($1) { $0.append($1) }
      }
      return names.map { name in
        let own = steps.filter { $0.1.ladder == name }.sorted { $0.1.amount < $1.1.amount }
        return Self.ladder(
          name, arm, places: own.map(\.0), amounts: own.map(\.1.amount),
          isBetter: own[0].1.isBetter)
      }
    }
  }

  private static func ladder(
    _ name: String, _ arm: ArmReading, places: [Int], amounts: [Double], isBetter: Bool
  ) -> Ladder {
    let means = places.map { arm.fit.means[$0] }
    let right = zip(means, means.dropFirst()).count { isBetter ? $0 < $1 : $0 > $1 }
    let weights = slopeWeights(amounts)
    var variance = 0.0
    for (i, a) in zip(places, weights) {
      for (j, b) in zip(places, weights) { variance += a * b * arm.fit.covariance[i][j] }
    }
    return Ladder(
      name: name, arm: arm.arm.arm, isBetter: isBetter, places: places, amounts: amounts,
      monotone: Proportion(successes: right, trials: places.count - 1),
      slope: zip(weights, means).reduce(0) { $0 + $1.0 * $1.1 },
      slopeError: max(0, variance).squareRoot())
  }

  /// Of least squares on log₁₀ of the amounts.
  static func slopeWeights(_ amounts: [Double]) -> [Double] {
    let logs = amounts.map { log10($0) }
    let mean = logs.reduce(0, +) / Double(logs.count)
    let square = logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return logs.map { ($0 - mean) / square }
  }

  /// A contrast of marked outcomes, in units of the standard deviation of real utilities.
  package struct Mark: Sendable {
    package let name: String
    package let gains: Int
    package let losses: Int
    /// Mean of the gains minus that of the losses; without losses minus that of all other real outcomes.
    package let difference: Double
    /// 95 %: the draw of answers and pairs, not the choice of outcomes.
    package let interval: Interval
  }

  package var marks: [Mark] {
    guard let arm = arm(.real) else { return [] }
    let own = arm.arm.places.map { outcomes[$0] }
    let names = own.flatMap(\.marks).map(\.name).reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    return names.compactMap { name in
      guard let weights = Self.weights(of: name, own) else { return nil }
      let difference = zip(weights, arm.fit.utilities).reduce(0) { $0 + $1.0 * $1.1 }
      let margin = Interval.normalQuantile975 * arm.fit.error(of: weights)
      guard margin.isFinite else { return nil }
      return Mark(
        name: name, gains: own.count { $0.sign(of: name) == 1 },
        losses: own.count { $0.sign(of: name) == -1 }, difference: difference,
        interval: Interval(low: difference - margin, high: difference + margin))
    }
  }

  /// Of the contrast, by outcome; `nil` where one side is empty.
  static func weights(of name: String, _ outcomes: [Outcome]) -> [Double]? {
    let signs = outcomes.map { $0.sign(of: name) }
    let gains = signs.count { $0 == 1 }
    let hasLosses = signs.contains(-1)
    let others = signs.count { $0 == (hasLosses ? -1 : 0) }
    guard gains > 0, others > 0 else { return nil }
    return signs.map { sign in
      if sign == 1 { return 1 / Double(gains) }
      return sign == (hasLosses ? -1 : 0) ? -1 / Double(others) : 0
    }
  }
}

extension Outcome {
  /// 1 for a gain, −1 for a loss, 0 for neither.
  func sign(of mark: String) -> Int {
    marks.first { $0.name == mark }.map { $0.isGain ? 1 : -1 } ?? 0
  }
}
