import Core
import Statistics
import Testing

@Suite struct PermutationTestTests {
  private let stream = RandomStream(seed: 5, "permutation")
  private let test = PermutationTest()

  // scipy 1.17.1: permutation_test((a, b), mean difference, n_resamples=np.inf).pvalue is
  // 0.031746031746031744 = 4/126; counted by itertools.combinations as well.
  @Test("An exact p is scipy's")
  func exact() throws {
    let result = try #require(
      test.compare([0.31, 0.28, 0.35, 0.40], [0.12, 0.3, 0.22, 0.25, 0.18], stream: stream))
    #expect(abs(result.difference - 0.121) < 1e-12)
    #expect(result.p == 4.0 / 126)
    #expect(result.leastP == 1.0 / 126)
    #expect(result.dealings == 126 && result.isExact)
  }

  // {1, 2} against {3, 5}: of the six splits, sums of the first pair are 3, 4, 6, 5, 7, 8 of 11,
  // so |2 · sum − 11| is 5, 3, 1, 1, 3, 5: two reach 5.
  @Test("Two against two can be counted by hand, and order does not matter")
  func byHand() {
    let result = test.compare([1, 2], [3, 5], stream: stream)
    #expect(result?.p == 1.0 / 3)
    #expect(result?.difference == -2.5)
    #expect(test.compare([5, 3], [2, 1], stream: stream)?.p == 1.0 / 3)
  }

  @Test("Groups that do not overlap have the least p possible")
  func least() throws {
    for (a, b, least) in [(3, 3, 0.1), (4, 4, 2.0 / 70), (3, 4, 1.0 / 35), (1, 5, 1.0 / 6)] {
      let low = (0..<a).map { 0.1 + 0.01 * Double($0 * $0) }
      let high = (0..<b).map { 0.5 + 0.03 * Double($0 * $0) }
      let result = try #require(test.compare(low, high, stream: stream))
      #expect(result.p == least)
      #expect(result.leastP == least)
      #expect(PermutationTest.leastP(a, b) == least)
    }
    #expect(PermutationTest.leastP(1, 1) == 1)
  }

  @Test("Ties count as ties, whatever the last digits")
  func ties() {
    #expect(test.compare([0.1, 0.1], [0.1, 0.1], stream: stream)?.p == 1)
    // 0.1 + 0.2 + 0.3 and 0.3 + 0.2 + 0.1 differ in their last digit.
    #expect(test.compare([0.1, 0.2, 0.3], [0.3, 0.2, 0.1], stream: stream)?.p == 1)
    // Rates of 720 answers: thirds are not exact. Splits with the 2/3 in the first group: half.
    let third = 1.0 / 3
    #expect(test.compare([2 * third, third], [third, third], stream: stream)?.p == 1)
  }

  @Test("No model on a side gives none")
  func empty() {
    #expect(test.compare([], [1], stream: stream) == nil)
    #expect(test.compare([1], [], stream: stream) == nil)
    #expect(test.comparePaired([], [], stream: stream) == nil)
    #expect(PermutationTest.leastP(0, 3) == nil)
    #expect(PermutationTest.leastPairedP(0) == nil)
  }

  // All 184,756 splits of these ten against ten give 16,680 at least as far (itertools): 0.0903.
  // 10,000 random ones have a standard error of 0.0029.
  @Test("Many models are tested by random dealings, near the exact p")
  func random() throws {
    let a = [0.0794, 0.119, 0.1599, 0.2017, 0.2444, 0.2877, 0.3317, 0.3761, 0.4211, 0.4665]
    let b = [0.15, 0.2022, 0.2544, 0.3067, 0.3589, 0.4111, 0.4633, 0.5156, 0.5678, 0.62]
    let result = try #require(test.compare(a, b, stream: stream))
    #expect(!result.isExact && result.dealings == 10_000)
    #expect(abs(result.p - 16_680.0 / 184_756) < 0.0116)
    #expect(result == test.compare(a, b, stream: stream))
    let apart = try #require(test.compare(a.map { $0 + 1 }, b, stream: stream))
    #expect(apart.p == 1.0 / 10_001)
    #expect(apart.leastP == 1.0 / 10_001)
  }

  @Test("Under no difference p ≤ .05 comes up in at most 5 of 100")
  func size() {
    var draws = RandomStream(seed: 6, "size")
    let rejected = (0..<2_000).count { _ in
      let a = (0..<4).map { _ in draws.normal() }
      let b = (0..<4).map { _ in draws.normal() }
      return test.compare(a, b, stream: stream).map { $0.p <= 0.05 } ?? false
    }
    // p ≤ 0.05 is p = 2/70 exactly: 57 of 2,000 expected, standard deviation 7.5.
    #expect((34...80).contains(rejected))
  }

  // Differences .1, .05, −.02, .08, .03, .06 sum to .30; of 64 sign patterns those with a sum of
  // at least .30 are none flipped (.30) and only −.02 flipped (.34), and their mirrors: 4/64.
  @Test("Signs are flipped for the same models under two conditions")
  func paired() throws {
    let b = [0.2, 0.3, 0.25, 0.1, 0.4, 0.15]
    let a = zip(b, [0.1, 0.05, -0.02, 0.08, 0.03, 0.06]).map { $0 + $1 }
    let result = try #require(test.comparePaired(a, b, stream: stream))
    #expect(result.p == 4.0 / 64)
    #expect(abs(result.difference - 0.05) < 1e-12)
    #expect(result.leastP == 1.0 / 32 && result.isExact && result.dealings == 64)
    #expect(test.comparePaired([0.5], [0.1], stream: stream)?.p == 1)
    #expect(test.comparePaired(b, b, stream: stream)?.p == 1)
  }

  // 16 differences of size 1, 12 up and 4 down: |12 − 4| or more has probability
  // 2 · (C(16,12) + … + C(16,16)) / 2¹⁶ = 2 · 2517 / 65536 = 0.0768.
  @Test("Many pairs are tested by random signs, near the exact p")
  func manyPairs() throws {
    let a = (0..<16).map { $0 < 12 ? 1.0 : -1 }
    let zeros = [Double](repeating: 0, count: 16)
    let result = try #require(test.comparePaired(a, zeros, stream: stream))
    #expect(!result.isExact && result.dealings == 10_000)
    #expect(abs(result.p - 2 * 2_517.0 / 65_536) < 0.0107)
    let exact = PermutationTest(exactLimit: 100_000).comparePaired(a, zeros, stream: stream)
    #expect(exact?.p == 2 * 2_517.0 / 65_536)
  }
}

@Suite struct HolmTests {
  // Sorted .005, .01, .03, .04 times 4, 3, 2, 1: .02, .03, .06, .04 → the last is lifted to .06.
  // R's p.adjust(c(.01, .04, .03, .005), "holm") documents the same step-down rule.
  @Test("Adjusted p-values are hand-worked")
  func byHand() {
    let found = holmAdjusted([0.01, 0.04, 0.03, 0.005]).map { $0 ?? -1 }
    for (found, expected) in zip(found, [0.03, 0.06, 0.06, 0.02]) {
      #expect(abs(found - expected) < 1e-15)
    }
  }

  @Test("Unknown p-values stay unknown and do not count as tests; none is above 1")
  func unknown() {
    #expect(holmAdjusted([nil, 0.02, nil, 0.6]) == [nil, 0.04, nil, 0.6])
    #expect(holmAdjusted([0.7, 0.8]) == [1, 1])
    #expect(holmAdjusted([0.3]) == [0.3])
    #expect(holmAdjusted([nil]) == [nil])
    #expect(holmAdjusted([]).isEmpty)
  }
}
