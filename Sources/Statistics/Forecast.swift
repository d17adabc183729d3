import Core

/// How far a stated probability is from what came about.
package enum ForecastRule: String, Sendable, Hashable, Codable, CaseIterable {
  /// `(p − y)²`, from 0 to 1; always ¼ for ½.
  ///
  /// Reference: *Verification of forecasts expressed in terms of probability* (G. W. Brier, Monthly
  /// Weather Review 78, 1950), in its form for one of two outcomes, half of Brier's sum.
  case brier
  /// `−ln` of the probability that was given to what came about, in nats; probabilities count as
  /// at least 0.01 and at most 0.99, so that one forecast costs no more than 4.6.
  ///
  /// Reference: *Rational decisions* (I. J. Good, JRSS B 14, 1952). The clipping is ours: the score
  /// is no longer proper beyond those ends.
  case logarithmic

  /// Lower is better.
  ///
  /// - Precondition: `0 ≤ probability ≤ 1`.
  package func score(_ probability: Double, outcome: Bool) -> Double {
    precondition(
      (0...1).contains(probability), "a probability lies in 0...1, not at \(probability)")
    let given = outcome ? probability : 1 - probability
    switch self {
    case .brier: return (1 - given) * (1 - given)
    case .logarithmic: return -Double.log(min(0.99, max(0.01, given)))
    }
  }
}

/// A probability that was stated before, and whether it came about.
package struct Forecast: Sendable, Hashable, Codable {
  package let probability: Double
  package let outcome: Bool
  /// What it shares its luck with: a base model, a data set.
  package let cluster: String

  /// - Precondition: `0 ≤ probability ≤ 1`.
  package init(probability: Double, outcome: Bool, cluster: String) {
    precondition(
      (0...1).contains(probability), "a probability lies in 0...1, not at \(probability)")
    self.probability = probability
    self.outcome = outcome
    self.cluster = cluster
  }
}
