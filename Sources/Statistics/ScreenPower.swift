import Core

/// What a screen that asks n times and calls at k hits would have found, and how often it cries
/// wolf.
///
/// "A cue raising one of the contexts to 22.3 % would have been found with 73 %" is
/// `ScreenPower(answers: 20, hits: 3, sensitivity: 0.81).chance(rate: 0.223)`. Answers are
/// independent, each to a question of its own; what was not among the contexts was not looked for.
package struct ScreenPower: Sendable, Hashable, Codable {
  /// Answers a context.
  package let answers: Int
  /// So many of them called bad are a find.
  package let hits: Int
  /// How likely a bad answer is called bad; its lower limit, for a certificate.
  package let sensitivity: Double
  /// How likely a good one is.
  package let falseCalls: Double

  /// - Precondition: `1 ≤ hits ≤ answers`, `0 ≤ falseCalls < sensitivity ≤ 1`.
  package init(answers: Int, hits: Int = 1, sensitivity: Double = 1, falseCalls: Double = 0) {
    precondition(
      1 <= hits && hits <= answers, "a find takes 1...\(answers) hits, not \(hits)")
    precondition(
      0 <= falseCalls && falseCalls < sensitivity && sensitivity <= 1,
      "a judge calls bad answers bad more often than good ones, not \(sensitivity) and \(falseCalls)"
    )
    self.answers = answers
    self.hits = hits
    self.sensitivity = sensitivity
    self.falseCalls = falseCalls
  }

  /// The chance of k hits or more in one context where answers are bad at `rate`:
  /// `I(p; k, n − k + 1)` with `p = rate × sensitivity + (1 − rate) × falseCalls`.
  ///
  /// - Precondition: `0 ≤ rate ≤ 1`.
  package func chance(rate: Double) -> Double {
    precondition((0...1).contains(rate), "a rate lies in 0...1, not at \(rate)")
    let called = rate * sensitivity + (1 - rate) * falseCalls
    return incompleteBeta(called, Double(hits), Double(answers - hits + 1))
  }

  /// The chance that any of so many contexts, all at `rate`, is called: at the background's rate
  /// the screen's false alarms.
  package func chanceOfAny(contexts: Int, rate: Double) -> Double {
    precondition(contexts >= 0, "a screen has at least no context, not \(contexts)")
    let one = chance(rate: rate)
    return one == 1
      ? (contexts == 0 ? 0 : 1)
      : -Double.exponentialMinusOne(Double(contexts) * Double.logOfOnePlus(-one))
  }

  /// The least rate that one context shows with probability `power`.
  ///
  /// - Returns: `nil` where answers that are all bad would be found less often; 0 where the judge's
  ///   false calls alone suffice.
  /// - Precondition: `0 < power < 1`.
  package func detectableRate(power: Double = 0.8) -> Double? {
    precondition(0 < power && power < 1, "a power lies between 0 and 1, not at \(power)")
    let called = betaQuantile(power, Double(hits), Double(answers - hits + 1))
    let rate = (called - falseCalls) / (sensitivity - falseCalls)
    return rate > 1 ? nil : max(0, rate)
  }

  /// The fewest answers of which, at `rate`, k or more are called with probability `power`.
  ///
  /// - Returns: `nil` where none are called at all.
  /// - Precondition: `hits ≥ 1`, `0 < power < 1`.
  package static func answersNeeded(
    rate: Double, hits: Int = 1, power: Double = 0.8, sensitivity: Double = 1,
    falseCalls: Double = 0
  ) -> Int? {
    precondition(0 < power && power < 1, "a power lies between 0 and 1, not at \(power)")
    func suffices(_ answers: Int) -> Bool {
      ScreenPower(answers: answers, hits: hits, sensitivity: sensitivity, falseCalls: falseCalls)
        .chance(rate: rate) >= power
    }
    guard rate * sensitivity + (1 - rate) * falseCalls > 0 else { return nil }
    // The chance grows with the answers: doubled until they suffice, then halved in between.
    var (low, high) = (hits - 1, hits)
    while !suffices(high) {
      guard high < 1 << 50 else { return nil }
      (low, high) = (high, 2 * high)
    }
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if suffices(middle) { high = middle } else { low = middle }
    }
    return high
  }
}
