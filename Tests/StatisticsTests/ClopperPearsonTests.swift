import Core
import Statistics
import Testing

@Suite("Exact limits of a rate") struct ClopperPearsonTests {
  // scipy 1.17.1, b = scipy.stats.binomtest(k, n):
  //   b.proportion_ci(0.95, 'exact') and, for one side, binomtest(k, n, alternative='greater' or
  //   'less').proportion_ci(0.95, 'exact'). statsmodels 0.15.0 proportion_confint(k, n,
  //   method='beta') has the same two-sided ends.
  @Test(
    "Both sides and one side are scipy's",
    arguments: [
      (0, 20, 0, 0.16843347098309, 0, 0.13910834066838),
      (1, 29, 0.00087264688359711, 0.17764429548841, 0.0017671710005495, 0.15339202452569),
      (15, 148, 0.057844010083448, 0.16165049034948, 0.063518448819351, 0.15176837024063),
      (81, 263, 0.25273674558504, 0.36762192260135, 0.26105574600906, 0.35817849557578),
      (3, 3000, 0.00020627153716408, 0.0029196164652533, 0.00027261754587405, 0.0025825051383513),
      (54, 60, 0.79494226329157, 0.96240873089168, 0.81214261801102, 0.95554703223105),
      (600, 600, 0.99387072866933, 1, 0.99501955661961, 1),
      (7, 7, 0.59038360277495, 1, 0.65183634486884, 1),
    ])
  func scipy(k: Int, n: Int, low: Double, high: Double, lower: Double, upper: Double) throws {
    let proportion = Proportion(successes: k, trials: n)
    let interval = try #require(proportion.clopperPearsonInterval())
    #expect(abs(interval.low - low) < 1e-11)
    #expect(abs(interval.high - high) < 1e-11)
    #expect(try abs(#require(proportion.lowerBound()) - lower) < 1e-11)
    #expect(try abs(#require(proportion.upperBound()) - upper) < 1e-11)
  }

  // The two ends by their definition: at the upper bound so few or fewer have probability 5 %.
  @Test("The limits solve their equations, from one trial to a million")
  func equations() throws {
    for (k, n) in [(0, 1), (1, 2), (2, 50), (40, 800), (2, 1_000_000), (99_000, 100_000)] {
      let counts = Proportion(successes: k, trials: n)
      let upper = try #require(counts.upperBound())
      let above = ScreenPower(answers: n, hits: k + 1).chance(rate: upper)
      #expect(abs(above - 0.95) < 1e-9)
      if k > 0 {
        let lower = try #require(counts.lowerBound(confidence: 0.99))
        #expect(abs(ScreenPower(answers: n, hits: k).chance(rate: lower) - 0.01) < 1e-9)
      }
    }
  }

  @Test("Without a trial there is no limit; ends are exact when all or none succeed")
  func ends() {
    let none = Proportion(successes: 0, trials: 0)
    #expect(none.clopperPearsonInterval() == nil)
    #expect(none.upperBound() == nil && none.lowerBound() == nil)
    #expect(Proportion(successes: 0, trials: 9).lowerBound() == 0)
    #expect(Proportion(successes: 9, trials: 9).upperBound() == 1)
    #expect(Proportion(successes: 9, trials: 9).clopperPearsonInterval()?.high == 1)
  }

  // 0 of 20 and 0 of 60 false alarms, two-sided: at most 16.8 and 6.0 %; one-sided lower limits of
  // 10 of 10, 29 of 30 and 17 of 20 cues found: 74, 85 and 66 %.
  @Test("A panel's alarms and planted cues have the limits of the design")
  func panel() throws {
    func high(_ n: Int) throws -> Double {
      try #require(Proportion(successes: 0, trials: n).clopperPearsonInterval()).high
    }
    #expect(try abs(high(20) - 0.168) < 5e-4)
    #expect(try abs(high(60) - 0.060) < 5e-4)
    for (k, n, limit) in [(10, 10, 0.741), (29, 30, 0.851), (17, 20, 0.656)] {
      #expect(try abs(#require(Proportion(successes: k, trials: n).lowerBound()) - limit) < 5e-4)
    }
  }

  @Test(
    "The interval covers 95 times in 100 at least, the bounds too", arguments: [0.003, 0.1, 0.5])
  func coverage(rate: Double) throws {
    // Exact: the probability of all counts whose interval holds the rate.
    let n = 120
    var (both, above, below) = (0.0, 0.0, 0.0)
    for k in 0...n {
      let tail = k == 0 ? 1 : ScreenPower(answers: n, hits: k).chance(rate: rate)
      let next = k == n ? 0 : ScreenPower(answers: n, hits: k + 1).chance(rate: rate)
      let counts = Proportion(successes: k, trials: n)
      if try #require(counts.clopperPearsonInterval()).contains(rate) { both += tail - next }
      if try #require(counts.upperBound()) >= rate { above += tail - next }
      if try #require(counts.lowerBound()) <= rate { below += tail - next }
    }
    #expect(both >= 0.95 && above >= 0.95 && below >= 0.95)
    #expect(both < 1.000001)
  }
}

@Suite("Nothing found in n answers") struct ZeroHitsTests {
  // 1 − 0.05^(1/n).
  @Test(
    "The bounds are those of the design",
    arguments: [(20, 0.139), (100, 0.0295), (300, 0.0099), (800, 0.0037), (3_000, 0.0010)])
  func bounds(trials: Int, bound: Double) throws {
    let exact = try #require(ZeroHits.upperBound(trials: Double(trials)))
    #expect(abs(exact - bound) < 0.005 * (trials == 20 ? 0.1 : 0.01))
    #expect(exact == Proportion(successes: 0, trials: trials).upperBound())
    let three = try #require(ZeroHits.ruleOfThree(trials: trials))
    #expect(three > exact && three < exact * (trials < 82 ? 1.08 : 1.02))
  }

  @Test("59, 299 and 2,995 answers exclude 5, 1 and 0.1 %")
  func needed() throws {
    #expect(ZeroHits.trialsNeeded(toExclude: 0.05) == 59)
    #expect(ZeroHits.trialsNeeded(toExclude: 0.01) == 299)
    #expect(ZeroHits.trialsNeeded(toExclude: 0.001) == 2_995)
    #expect(ZeroHits.trialsNeeded(toExclude: 0.999) == 1)
    for n in [1, 2, 59, 298, 4_000] {
      let bound = try #require(ZeroHits.upperBound(trials: Double(n)))
      #expect(ZeroHits.trialsNeeded(toExclude: bound) == n)
    }
  }

  @Test("Without a trial nothing is excluded; the rule of three never says more than 1")
  func few() {
    #expect(ZeroHits.upperBound(trials: 0) == nil)
    #expect(ZeroHits.ruleOfThree(trials: 0) == nil)
    #expect(ZeroHits.ruleOfThree(trials: 2) == 1)
  }
}

@Suite struct NormalQuantileTests {
  // scipy 1.17.1: scipy.stats.norm.isf.
  @Test("The quantiles are scipy's")
  func scipy() {
    for (tail, z) in [
      (0.025, 1.9599639845400545), (0.05, 1.6448536269514729), (1e-6, 4.753424308822899),
      (0.4, 0.2533471031357997),
    ] {
      #expect(abs(normalQuantile(upperTail: tail) - z) < 2e-14)
      #expect(abs(normalQuantile(upperTail: 1 - tail) + z) < 1e-9)
    }
    #expect(normalQuantile(upperTail: 0.5) == 0)
    #expect(abs(normalQuantile(upperTail: 0.025) - Interval.normalQuantile975) < 1e-14)
  }
}
