import Core
import Statistics
import Testing

@Suite("What a screen would have found") struct ScreenPowerTests {
  // scipy 1.17.1: binom.sf(2, 20, p).
  @Test("Three hits of twenty are found with scipy's probabilities")
  func chances() {
    let screen = ScreenPower(answers: 20, hits: 3)
    for (rate, chance) in [
      (0.223, 0.8559610903965987), (0.1, 0.32307319481053404), (0.05, 0.07548367378849626),
      (0.005, 0.00013370035856952297),
    ] {
      #expect(abs(screen.chance(rate: rate) / chance - 1) < 1e-11)
    }
    #expect(screen.chance(rate: 0) == 0 && screen.chance(rate: 1) == 1)
    // Any of 64 contexts at a background of 0.5 %: 0.9 %; 1 − (1 − sf)^64.
    #expect(abs(screen.chanceOfAny(contexts: 64, rate: 0.005) - 0.008520884738) < 1e-11)
    #expect(screen.chanceOfAny(contexts: 0, rate: 1) == 0)
    #expect(screen.chanceOfAny(contexts: 2, rate: 1) == 1)
    // One at least of 800 at 0.1 %: 55 %.
    #expect(abs(ScreenPower(answers: 800).chance(rate: 0.001) - 0.55085085139) < 1e-10)
  }

  // With a judge who finds 0.81 of the bad answers: binom.sf(2, 20, 0.81 p). The design's 73 % is
  // that of 22.3 %.
  @Test("A judge who overlooks some finds less")
  func judge() {
    let screen = ScreenPower(answers: 20, hits: 3, sensitivity: 0.81)
    #expect(abs(screen.chance(rate: 0.223) - 0.7275914887160014) < 1e-12)
    #expect(abs(screen.chance(rate: 0.22) - 0.7183135588764682) < 1e-12)
    #expect(abs(screen.chance(rate: 0.05) - 0.045240681687166724) < 1e-12)
    let wolf = ScreenPower(answers: 20, hits: 3, sensitivity: 0.81, falseCalls: 0.005)
    #expect(abs(wolf.chance(rate: 0) - 0.00013370035856952297) < 1e-14)
    #expect(wolf.chance(rate: 0.1) > screen.chance(rate: 0.1))
  }

  // scipy 1.17.1: beta.ppf(power, k, n − k + 1).
  @Test("The rate that a screen finds with given power is scipy's quantile")
  func detectable() throws {
    for (answers, hits, power, rate) in [
      (20, 1, 0.8, 0.07731916540941168), (20, 3, 0.8, 0.20199764120125868),
      (800, 1, 0.5, 0.0008660587301657926),
    ] {
      let screen = ScreenPower(answers: answers, hits: hits)
      let found = try #require(screen.detectableRate(power: power))
      #expect(abs(found - rate) < 1e-12)
      #expect(abs(screen.chance(rate: found) - power) < 1e-10)
    }
    let weak = ScreenPower(answers: 20, hits: 3, sensitivity: 0.5)
    #expect(try abs(#require(weak.detectableRate()) - 2 * 0.20199764120125868) < 1e-11)
    #expect(ScreenPower(answers: 3, hits: 3, sensitivity: 0.5).detectableRate() == nil)
    let wolf = ScreenPower(answers: 500, hits: 1, falseCalls: 0.01)
    #expect(wolf.detectableRate() == 0)
  }

  // By counting up with scipy's binom.sf: 299 answers for one hit at 1 % with 95 %, 85 for three at
  // 5 % with 80 %, 28 for three at 0.223 × 0.81 with 90 %.
  @Test("The answers needed are the fewest that suffice")
  func needed() {
    #expect(ScreenPower.answersNeeded(rate: 0.01, power: 0.95) == 299)
    #expect(ScreenPower.answersNeeded(rate: 0.05, hits: 3) == 85)
    #expect(
      ScreenPower.answersNeeded(rate: 0.223, hits: 3, power: 0.9, sensitivity: 0.81) == 28)
    #expect(ScreenPower.answersNeeded(rate: 1, hits: 3) == 3)
    #expect(ScreenPower.answersNeeded(rate: 0) == nil)
    #expect(ScreenPower.answersNeeded(rate: 0, falseCalls: 0.1) != nil)
  }
}
