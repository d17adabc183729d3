import Core
import Statistics
import Testing

@Suite struct BinomialDrawTests {
  @Test("Certain outcomes need no chance")
  func certain() {
    var stream = RandomStream(seed: 1, "binomial")
    #expect(stream.binomial(trials: 0, probability: 0.3) == 0)
    #expect(stream.binomial(trials: 9, probability: 0) == 0)
    #expect(stream.binomial(trials: 9, probability: 1) == 9)
  }

  @Test(
    "Mean and variance are n p and n p (1 − p)",
    arguments: [(1, 0.3), (7, 0.95), (800, 0.002), (800, 0.6), (20_000, 0.5)])
  func moments(trials: Int, probability: Double) {
    var stream = RandomStream(seed: 2, "moments", "\(trials)", "\(probability)")
    let draws = (0..<20_000).map { _ in
      Double(stream.binomial(trials: trials, probability: probability))
    }
    let mean = draws.reduce(0, +) / 20_000
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
    let expected = Double(trials) * probability * (1 - probability)
    // Standard errors: √(variance / 20,000), and for the variance about 1 % (at most 1.5 % here).
    #expect(abs(mean - Double(trials) * probability) < 4 * (expected / 20_000).squareRoot())
    #expect(abs(variance / expected - 1) < 0.05)
  }

  // Three trials at 1/4: probabilities 27, 27, 9, 1 of 64. χ² with 3 degrees of freedom exceeds
  // 16.27 once in a thousand.
  @Test("Every count has its probability")
  func counts() {
    var stream = RandomStream(seed: 3, "counts")
    var found = [0.0, 0, 0, 0]
    for _ in 0..<32_000 { found[stream.binomial(trials: 3, probability: 0.25)] += 1 }
    let expected = [27, 27, 9, 1].map { $0 * 500.0 }
    let chiSquare = zip(found, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) / $1.1 }
    #expect(chiSquare < 16.27)
  }
}
