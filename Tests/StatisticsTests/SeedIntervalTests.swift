import Statistics
import Testing

@Suite struct SeedIntervalTests {
  private let interval = SeedInterval()
  private let a = proportions([40, 55, 31, 62], of: [800, 790, 760, 800])
  private let b = proportions([12, 9, 20], of: [800, 800, 780])

  private static func proportions(_ successes: [Int], of trials: [Int]) -> [Proportion] {
    zip(successes, trials).map { Proportion(successes: $0, trials: $1) }
  }

  private func expect(
    _ found: Interval?, _ low: Double, _ high: Double,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let found = try #require(found, sourceLocation: sourceLocation)
    #expect(abs(found.low - low) < 1e-9 * abs(high), sourceLocation: sourceLocation)
    #expect(abs(found.high - high) < 1e-9 * abs(high), sourceLocation: sourceLocation)
  }

  // numpy 2, scipy 1.17.1, with x successes of n and the same for y of m:
  //   def part(x, n): R = x.sum() / n.sum(); return R, (x - R * n) / n.sum()
  //   def V(e): return len(e) / (len(e) - 1) * (e ** 2).sum()
  //   R, e = part(x, n); h = t.ppf(.975, 3) * V(e) ** .5 / (R * (1 - R))
  //   expit(logit(R) - h), expit(logit(R) + h)
  @Test("A rate's interval is Student's on the logit scale")
  func rate() throws {
    try expect(interval.rate(a), 0.03782660451702257, 0.09294677924267149)
  }

  //   S, f = part(y, m); u, v = V(e), V(f); ν = (u + v) ** 2 / (u ** 2 / 3 + v ** 2 / 2)
  //   R - S ± t.ppf(.975, ν) * (u + v) ** .5
  //   and for the ratio u, v = V(e) / R ** 2, V(f) / S ** 2; R / S * exp(± …)
  @Test("Differences and ratios have Welch's interval")
  func welch() throws {
    try expect(interval.difference(a, b), 0.016898075086501367, 0.06801322276597296)
    try expect(interval.ratio(a, b), 1.4553723962356513, 8.247202497558902)
  }

  // With equal counts the parts are the models' rates, so that scipy has the intervals itself:
  // ttest_ind(a, b, equal_var=False), ttest_rel(a, c), ttest_1samp(marks, 0), each
  // .confidence_interval(.95).
  @Test("With equal counts they are scipy's")
  func equalCounts() throws {
    func eight(_ successes: [Int]) -> [Proportion] {
      successes.map { Proportion(successes: $0, trials: 800) }
    }
    let (a, b, c) = (eight([40, 55, 31, 62]), eight([12, 9, 20]), eight([12, 9, 20, 15]))
    try expect(interval.difference(a, b), 0.015109369996841378, 0.06822396333649194)
    try expect(
      interval.difference(a.map { Tally($0) }, b.map { Tally($0) }), 0.015109369996841378,
      0.06822396333649194)
    try expect(
      interval.difference(a, c, pairing: .paired), 0.007300280436586856, 0.07519971956341315)
    let marks = [0.61, 0.55, 0.7].map { Tally(sum: $0 * 50, count: 50) }
    try expect(interval.mean(marks), 0.43245171561872686, 0.8075482843812731)
  }

  @Test("Exchanging the groups mirrors the interval, with zero counts as well")
  func mirrored() throws {
    let zero = Self.proportions([0, 0, 0], of: [800, 800, 800])
    for (a, b) in [(a, b), (a, zero)] {
      let forward = try #require(interval.difference(a, b))
      try expect(interval.difference(b, a), -forward.high, -forward.low)
    }
    let ratio = try #require(interval.ratio(a, b))
    try expect(interval.ratio(b, a), 1 / ratio.high, 1 / ratio.low)
  }

  @Test("One model, or none with a trial, gives no interval")
  func tooFew() {
    let one = Proportion(successes: 3, trials: 10)
    let empty = Proportion(successes: 0, trials: 0)
    #expect(interval.rate([]) == nil)
    #expect(interval.rate([one, empty]) == nil)
    #expect(interval.rate([empty, empty]) == nil)
    #expect(interval.mean([Tally(one)]) == nil)
    #expect(interval.mean([Tally]()) == nil)
    #expect(interval.difference([one, one], [one]) == nil)
    #expect(interval.difference([one, one], [Proportion]()) == nil)
    #expect(interval.ratio([one, empty], [one, one]) == nil)
    #expect(interval.difference([one, one], [one, empty], pairing: .paired) == nil)
  }

  // Four models at 8 of 800: standard error √(.01 · .99 / 3200) = 0.00175891, on the logit scale
  // divided by .01 · .99: 0.177667.
  @Test("Models that agree still have the spread of their answers")
  func floor() throws {
    let equal = Array(repeating: Proportion(successes: 8, trials: 800), count: 4)
    let found = try #require(interval.rate(equal))
    #expect(abs(found.high / (1 - found.high) * 99 - 1.194428) < 1e-5)
    #expect(abs(found.low / (1 - found.low) * 99 * 1.194428 - 1) < 1e-5)
    let difference = try #require(interval.difference(equal, equal))
    #expect(abs(difference.high - 0.00175891 * 2.0.squareRoot()) < 1e-8)
    #expect(SeedInterval(floor: 0).difference(equal, equal) == Interval(low: 0, high: 0))
    // With 1.96 standard errors it is at least as wide as Wilson's, up to the scale.
    let wide = try #require(SeedInterval(floor: Interval.normalQuantile975).rate(equal))
    let wilson = try #require(Proportion.pooled(equal).wilsonInterval())
    #expect(abs((wide.high - wide.low) / (wilson.high - wilson.low) - 1) < 0.01)
  }

  @Test("Where all answers are alike the ends are Wilson's")
  func allAlike() throws {
    let none = Self.proportions([0, 0, 0], of: [800, 800, 0])
    let all = Self.proportions([800, 800], of: [800, 800])
    let top = try #require(Proportion(successes: 0, trials: 1600).wilsonInterval()).high
    #expect(interval.rate(none) == Interval(low: 0, high: top))
    try expect(interval.rate(all), 1 - top, 1)
    // Newcombe: 0 − √(0 + top²) … 0 + √(top² + 0), and 1 clamped.
    try expect(interval.difference(none, none), -top, top)
    try expect(interval.difference(all, none), 1 - 2.0.squareRoot() * top, 1)
  }

  @Test("A ratio of 0 starts at 0, a ratio to 0 is undefined")
  func zeroRatios() throws {
    let zero = Self.proportions([0, 0, 0], of: [800, 800, 800])
    #expect(interval.ratio(a, zero) == nil)
    #expect(interval.ratio(zero, zero) == nil)
    let top = try #require(interval.rate(zero)).high
    let bottom = try #require(interval.rate(a)).low
    #expect(interval.ratio(zero, a) == Interval(low: 0, high: top / bottom))
    #expect(interval.ratio([Tally(sum: -1, count: 1), Tally(sum: 0, count: 1)], [Tally]()) == nil)
    let negative = [Tally(sum: -1, count: 1), Tally(sum: -2, count: 1)]
    #expect(interval.ratio(negative, a.map { Tally($0) }) == nil)
  }

  @Test("Pairs in which a model has no trial are left out")
  func brokenPairs() throws {
    let empty = Proportion(successes: 0, trials: 0)
    let c = Self.proportions([12, 9, 20, 15], of: [800, 800, 780, 640])
    let whole = try #require(interval.difference(a, c, pairing: .paired))
    #expect(
      interval.difference(a + [empty], c + [a[0]], pairing: .paired) == whole)
  }
}
