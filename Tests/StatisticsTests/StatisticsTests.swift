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

@Suite struct GroupBootstrapTests {
  private let stream = RandomStream(seed: 7, "bootstrap")

  @Test("Quantiles interpolate as numpy's default does")
  func quantiles() {
    // Position 0.025 × 3 = 0.075, so 1 + 0.075 × 1; position 0.975 × 3 = 2.925: 4 + 0.925 × 4.
    #expect(abs(quantile(0.025, ofSorted: [1, 2, 4, 8])! - 1.075) < 1e-12)
    #expect(abs(quantile(0.975, ofSorted: [1, 2, 4, 8])! - 7.7) < 1e-12)
    #expect(quantile(0.5, ofSorted: [3]) == 3)
    #expect(quantile(1, ofSorted: [3, 5]) == 5)
    #expect(quantile(0.5, ofSorted: []) == nil)
  }

  @Test("No group or one gives no interval, and groups without trials do not count")
  func tooFew() {
    let empty = Proportion(successes: 0, trials: 0)
    let one = Proportion(successes: 3, trials: 10)
    let bootstrap = GroupBootstrap()
    #expect(bootstrap.interval([], stream: stream) == .tooFewGroups(0))
    #expect(bootstrap.interval([one, empty], stream: stream) == .tooFewGroups(1))
    #expect(bootstrap.estimate([empty]) == nil)
    #expect(bootstrap.estimate([one, empty]) == 0.3)
  }

  @Test("The pooled rate weighs answers, the paper's mean weighs models")
  func estimators() {
    let groups = [Proportion(successes: 1, trials: 2), Proportion(successes: 0, trials: 6)]
    #expect(GroupBootstrap(estimator: .pooled).estimate(groups) == 0.125)
    #expect(GroupBootstrap(estimator: .meanOfRates).estimate(groups) == 0.25)
  }

  // Two groups at 0 and 1 are drawn as (0,0), (0,1), (1,0), (1,1): rate 0 a quarter of the time,
  // so both percentiles lie at the ends. Three groups at 0, 0.5, 1: both 0s 1/27 = 3.7 % > 2.5 %.
  @Test("With few groups the interval is the range of the groups")
  func range() {
    for rates in [[0, 10], [0, 5, 10]] {
      let groups = rates.map { Proportion(successes: $0, trials: 10) }
      #expect(
        GroupBootstrap().interval(groups, stream: stream)
          == .interval(Interval(low: 0, high: 1)))
    }
  }

  @Test("The same stream gives the same interval, another one a different draw")
  func reproducible() {
    let groups = (0..<8).map { Proportion(successes: $0 * 3, trials: 40 + $0) }
    let bootstrap = GroupBootstrap(resamples: 500)
    let first = bootstrap.interval(groups, stream: stream)
    #expect(first == bootstrap.interval(groups, stream: stream))
    #expect(first != bootstrap.interval(groups, stream: RandomStream(seed: 8, "bootstrap")))
  }

  @Test("Equal groups give an interval without width")
  func equalGroups() {
    let groups = Array(repeating: Proportion(successes: 2, trials: 8), count: 3)
    #expect(
      GroupBootstrap().interval(groups, stream: stream)
        == .interval(Interval(low: 0.25, high: 0.25)))
  }

  // Models whose true rates are uniform on 0…0.4 around 0.2. A percentile bootstrap over 30 of
  // them should cover the mean about 94 % of the time; over three it covers far less, which the
  // documentation says: P(range of 3 covers the median) = 75 %.
  @Test(
    "Coverage over models: near 95 % with 30, near 75 % with 3",
    arguments: [
      (30, 0.90...0.975), (3, 0.68...0.82),
    ])
  func coverage(models: Int, expected: ClosedRange<Double>) {
    var stream = RandomStream(seed: 3, "coverage", "\(models)")
    let bootstrap = GroupBootstrap(resamples: 400)
    var covered = 0
    for trial in 0..<800 {
      let groups = (0..<models).map { _ in
        Proportion(successes: Int((stream.uniform() * 400_000).rounded()), trials: 1_000_000)
      }
      let resampling = RandomStream(seed: UInt64(trial), "resampling")
      if bootstrap.interval(groups, stream: resampling).interval?.contains(0.2) == true {
        covered += 1
      }
    }
    #expect(expected.contains(Double(covered) / 800))
  }
}
