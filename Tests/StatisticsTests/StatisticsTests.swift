import Core
import Statistics
import Testing

@Suite struct ProportionTests {
  @Test("A rate without trials is unknown, not zero")
  func noTrials() {
    let none = Proportion(successes: 0, trials: 0)
    #expect(none.rate == nil)
    #expect(none.wilsonInterval() == nil)
    #expect(Proportion(successes: 1, trials: 4).rate == 0.25)
    #expect(
      Proportion.pooled([Proportion(successes: 1, trials: 4), Proportion(successes: 3, trials: 6)])
        == Proportion(successes: 4, trials: 10))
  }

  // With z = 2 the formula can be worked by hand. 5 of 10: p̂ = 1/2, z²/2n = 4/20 = 0.2, under
  // the root 0.025 + 0.01 = 0.035, scale 1.4: (0.7 ± 2 √0.035) / 1.4 = 0.5 ± 0.267261241912.
  // 1 of 1: (1 + 2 ± 2 √(0 + 1)) / 5 = 0.2 and 1. 0 of 4: (0.5 ± 2 √(1/16)) / 2 = 0 and 0.5.
  @Test(
    "Wilson's interval has the hand-worked ends",
    arguments: [
      (5, 10, 0.232738758088, 0.767261241912), (1, 1, 0.2, 1), (0, 4, 0, 0.5), (0, 1, 0, 0.8),
    ])
  func wilson(successes: Int, trials: Int, low: Double, high: Double) throws {
    let interval = try #require(
      Proportion(successes: successes, trials: trials).wilsonInterval(z: 2))
    #expect(abs(interval.low - low) < 1e-11)
    #expect(abs(interval.high - high) < 1e-11)
  }

  // Newcombe (Statistics in Medicine 17, 1998), table I, method 3: 81 of 263 gives
  // 0.2553…0.3662, 15 of 148 gives 0.0624…0.1605, 0 of 20 gives 0…0.1611.
  @Test(
    "Wilson's 95 % interval is the published one",
    arguments: [
      (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
      (1, 29, 0.0061, 0.1718),
    ])
  func newcombe(successes: Int, trials: Int, low: Double, high: Double) throws {
    let interval = try #require(Proportion(successes: successes, trials: trials).wilsonInterval())
    #expect(abs(interval.low - low) < 5.1e-5)
    #expect(abs(interval.high - high) < 5.1e-5)
  }

  @Test("The outer end is exact when all or none succeed", arguments: [1, 3, 7, 100, 2399])
  func exactEnds(trials: Int) {
    #expect(Proportion(successes: 0, trials: trials).wilsonInterval()?.low == 0)
    #expect(Proportion(successes: trials, trials: trials).wilsonInterval()?.high == 1)
  }

  @Test("Wilson's interval covers the true rate about 95 times in 100", arguments: [0.1, 0.3, 0.5])
  func wilsonCoverage(rate: Double) throws {
    var stream = RandomStream(seed: 1, "wilson coverage", "\(rate)")
    var covered = 0
    for _ in 0..<4_000 {
      let successes = (0..<50).count { _ in stream.uniform() < rate }
      let interval = try #require(Proportion(successes: successes, trials: 50).wilsonInterval())
      covered += interval.contains(rate) ? 1 : 0
    }
    // The exact coverage at n = 50 and these rates lies between 0.935 and 0.971; the standard
    // error of the simulation is 0.0035.
    #expect((0.92...0.985).contains(Double(covered) / 4_000))
  }
}

@Suite struct QuantileTests {
  @Test("Quantiles interpolate as numpy's default does")
  func quantiles() {
    // Position 0.025 × 3 = 0.075, so 1 + 0.075 × 1; position 0.975 × 3 = 2.925: 4 + 0.925 × 4.
    #expect(abs(quantile(0.025, ofSorted: [1, 2, 4, 8])! - 1.075) < 1e-12)
    #expect(abs(quantile(0.975, ofSorted: [1, 2, 4, 8])! - 7.7) < 1e-12)
    #expect(quantile(0.5, ofSorted: [3]) == 3)
    #expect(quantile(1, ofSorted: [3, 5]) == 5)
    #expect(quantile(0.5, ofSorted: []) == nil)
  }
}
