import Foundation

/// Evidence that one model does something more often than another one that is asked the same, valid at any moment.
///
/// Both answer the same question once; of the pairs only four counts matter. Under "the first is no worse than the
/// second" the probability that the value ever exceeds 1/α is at most α (Ville), however long one goes on and whenever
/// one stops. For rates θ₁ > θ₀ with the mean θ̄ a pair (x, y) multiplies the wealth by
/// `(θ₁/θ̄)ˣ ((1−θ₁)/(1−θ̄))¹⁻ˣ · (θ₀/θ̄)ʸ ((1−θ₀)/(1−θ̄))¹⁻ʸ`, whose expectation is (1 + a)(1 − b) with
/// a = c(p₁ − θ̄), b = c(p₀ − θ̄), c > 0: at most 1 − b² where p₁ ≤ p₀. That holds question by question, so that questions may be as
/// different as they like: nothing is assumed to be independent of the question, and no rate of the base need be known.
/// The wealth is spread evenly over a grid of (θ₀, θ₁).
///
/// Reference: *Generic E-variables for exact sequential k-sample tests that allow for optional stopping* (R. Turner, A.
/// Ly & P. Grünwald, Journal of Statistical Planning and Inference 230, 2024), with one answer each a block; the one-sided
/// null is ours.
package struct PairedEProcess: Sendable, Hashable, Codable {
  /// Pairs in which both, the first alone, the second alone, and neither did it.
  package private(set) var both = 0
  package private(set) var first = 0
  package private(set) var second = 0
  package private(set) var neither = 0

  package init() {}

  package init(both: Int, first: Int, second: Int, neither: Int) {
    (self.both, self.first, self.second, self.neither) = (both, first, second, neither)
  }

  package mutating func take(_ one: Bool, _ other: Bool) {
    switch (one, other) {
    case (true, true): both += 1
    case (true, false): first += 1
    case (false, true): second += 1
    case (false, false): neither += 1
    }
  }

  package mutating func add(_ other: PairedEProcess) {
    both += other.both
    first += other.first
    second += other.second
    neither += other.neither
  }

  package var pairs: Int { both + first + second + neither }

  /// ln of the e-value after all pairs so far: 0 without one.
  package var logEvidence: Double {
    let bets = Self.grid.map { (low, high) in
      let mean = (low + high) / 2
      let (up, down) = (log(high / mean), log(low / mean))
      let (notUp, notDown) = (log((1 - high) / (1 - mean)), log((1 - low) / (1 - mean)))
      return Double(both) * (up + down) + Double(first) * (up + notDown)
        + Double(second) * (notUp + down) + Double(neither) * (notUp + notDown)
    }
    let most = bets.max() ?? 0
    return most + log(bets.reduce(0) { $0 + exp($1 - most) } / Double(bets.count))
  }

  /// Of rates from one in a thousand to nearly all.
  private static let grid: [(Double, Double)] = {
    let rates = [0.001, 0.003, 0.01, 0.03, 0.06, 0.12, 0.25, 0.5, 0.75, 0.95]
    return rates.flatMap { low in rates.filter { $0 > low }.map { (low, $0) } }
  }()
}
