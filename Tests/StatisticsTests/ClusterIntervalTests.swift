import Core
import Statistics
import Testing

@Suite("Rates of answers in clusters, and ranks of two groups") struct ClusterIntervalTests {
  private func proportions(_ counts: [(Int, Int)]) -> [Proportion] {
    counts.map { Proportion(successes: $0.0, trials: $0.1) }
  }

  @Test("With one answer a cluster it is Wilson's")
  func single() throws {
    let interval = try #require(
      ClusterInterval.rate(proportions([(1, 1), (0, 1), (0, 1), (0, 0)])))
    // Of 1 of 3, by the formula.
    #expect(abs(interval.low - 0.061492) < 1e-6 && abs(interval.high - 0.792340) < 1e-6)
  }

  @Test("Answers that are all alike count as one a cluster")
  func alike() throws {
    let ones = try #require(ClusterInterval.rate(proportions([(2, 2), (5, 5)])))
    // Wilson's 2 of 2 is 2 / (2 + z²).
    #expect(abs(ones.low - 2 / (2 + 3.841459)) < 1e-6 && ones.high == 1)
    let zeros = try #require(ClusterInterval.rate(proportions([(0, 2), (0, 5)])))
    #expect(zeros.low == 0 && abs(zeros.high - (1 - ones.low)) < 1e-12)
  }

  // R = 7/8; eᵢ = −3/32 once and 1/32 three times, so that √(4/3 Σ e²) = 1/8; t(0.975; 3) = 3.182446.
  // logit⁻¹(logit 7/8 ± 3.182446 / 8 / (7/64)).
  @Test("With several answers it is Student's over clusters, on the logit")
  func several() throws {
    let interval = try #require(
      ClusterInterval.rate(proportions([(1, 2), (2, 2), (2, 2), (2, 2)])))
    #expect(abs(interval.low - 0.155622) < 1e-5 && abs(interval.high - 0.996253) < 1e-5)
    #expect(ClusterInterval.rate(proportions([(1, 2)])) == nil)
    #expect(ClusterInterval.rate([]) == nil)
  }

  // With 2,000 runs 95 % is 94 to 96; an interval over answers as if they were independent covers 85 % here.
  @Test("It covers the rate where the two answers of a cluster are mostly alike")
  func coverage() {
    var stream = RandomStream(seed: 3)
    let rate = 0.7
    var covered = 0
    for _ in 0..<2_000 {
      let clusters = (0..<16).map { _ in
        let first = stream.uniform() < rate
        let second = stream.uniform() < 0.8 ? first : stream.uniform() < rate
        return Proportion(successes: (first ? 1 : 0) + (second ? 1 : 0), trials: 2)
      }
      if ClusterInterval.rate(clusters)?.contains(rate) == true { covered += 1 }
    }
    #expect(covered >= 1_880 && covered <= 1_980)
  }

  @Test("The probability to be below is that of all pairs, ties counting half")
  func ranks() throws {
    // 10 is below 90, 20, 95 and ties with 10, twice; 50 is below 90 and 95: 9 of 12 pairs.
    #expect(RankSum.probability(of: [10, 10, 50], below: [90, 20, 95, 10]) == 0.75)
    #expect(RankSum.probability(of: [], below: [1]) == nil)
    #expect(RankSum.probability(of: [1], below: []) == nil)
    var state: UInt64 = 7
    func draw(_ count: Int) -> [Double] {
      (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 60)
      }
    }
    for (m, n) in [(1, 1), (3, 8), (17, 5), (40, 41)] {
      let (low, high) = (draw(m), draw(n))
      let pairs = low.flatMap { a in high.map { b in a < b ? 1 : a == b ? 0.5 : 0 } }
      let mean = pairs.reduce(0, +) / Double(pairs.count)
      #expect(try abs(#require(RankSum.probability(of: low, below: high)) - mean) < 1e-12)
    }
  }
}
