import Core
import Statistics
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite("Evidence that a rate is higher, at any time") struct MixtureEProcessTests {
  // Half the capital on ½, half on ¾, against ¼. A hit multiplies them by 2 and 3, a miss by 2/3
  // and 1/3. Hit, miss, hit: 5/2; 4/6 + 1/2 = 7/6; 8/6 + 3/2 = 17/6.
  @Test("Two bets have the hand-worked value after every answer")
  func byHand() {
    let bets = [
      MixtureEProcess.Bet(rate: 0.5, weight: 0.5), MixtureEProcess.Bet(rate: 0.75, weight: 0.5),
    ]
    var process = MixtureEProcess(nullRate: 0.25, bets: bets)
    #expect(process.value == 1 && process.logPeak == 0 && process.anytimePValue == 1)
    for (isHit, expected) in [(true, 2.5), (false, 7.0 / 6), (true, 17.0 / 6)] {
      process.observe(isHit: isHit)
      #expect(abs(process.value - expected) < 1e-12)
    }
    #expect(process.counts == Proportion(successes: 2, trials: 3))
    #expect(abs(process.anytimePValue - 6.0 / 17) < 1e-12)
    #expect(!process.rejects() && process.rejects(alpha: 0.36))
    // A question with 1 of 2: half of what a hit makes and half of what a miss does.
    process.observe(questionRate: 0.5)
    let (half, most) = (4.0 / 3 / 2 * (2 + 2.0 / 3) / 2 * 2, 1.5 * (3 + 1.0 / 3) / 2)
    #expect(abs(process.value - (half + most)) < 1e-12)
  }

  // confseq at 70b1ef30 (2024-10-27), numpy 2.4.6: diversified_betting_mart(x, p0, …, theta=1,
  // trunc_scale=1) with constant λ = (q − p0)/(p0 (1 − p0)) for the standard bets.
  @Test("The standard bets have the capital that confseq gives them")
  func confseq() {
    let runs: [(Double, Set<Int>, Int, Double, Double, Double)] = [
      (0.005, [3, 40, 90], 100, 0.829390433035, 5.04249853623, 7.33041891128),
      (0.1, [1, 2, 3, 10, 11], 60, 4.0774653813, 0.152305354641, 197.157086512),
    ]
    for (nullRate, hits, answers, first, last, peak) in runs {
      var process = MixtureEProcess(nullRate: nullRate)
      for answer in 1...answers {
        process.observe(isHit: hits.contains(answer))
        if answer == 1 { #expect(abs(process.value / first - 1) < 1e-10) }
      }
      #expect(abs(process.value / last - 1) < 1e-10)
      #expect(abs(exp(process.logPeak) / peak - 1) < 1e-10)
    }
    // The same as rates of questions: [.1, .2, 0, 0, 0, .5, .05] eight times; ln E.
    var process = MixtureEProcess(nullRate: 0.005)
    for _ in 0..<8 {
      for rate in [0.1, 0.2, 0, 0, 0, 0.5, 0.05] { process.observe(questionRate: rate) }
    }
    #expect(abs(process.logValue - 69.0798773698) < 1e-8)
  }

  @Test("Answers one by one, in counts or as questions of one answer are the same evidence")
  func ways() {
    var (single, asQuestions) = (MixtureEProcess(nullRate: 0.02), MixtureEProcess(nullRate: 0.02))
    for answer in 0..<200 {
      single.observe(isHit: answer % 17 == 0)
      asQuestions.observe(questionRate: answer % 17 == 0 ? 1 : 0)
    }
    var counted = MixtureEProcess(nullRate: 0.02)
    counted.observe(Proportion(successes: 12, trials: 200))
    #expect(single.logValue == counted.logValue)
    #expect(single.logValue == counted.logValue(of: counted.counts))
    #expect(abs(single.logValue - asQuestions.logValue) < 1e-10)
    #expect(abs(single.logPeak - asQuestions.logPeak) < 1e-10)
    #expect(single.logPeak >= counted.logPeak)
  }

  @Test("Neither thousands of hits nor of misses leave the range of numbers")
  func extremes() {
    var process = MixtureEProcess(nullRate: 0.005)
    process.observe(Proportion(successes: 0, trials: 5_000_000))
    #expect(process.logValue.isFinite && process.logValue < -1_000)
    process = MixtureEProcess(nullRate: 0.005)
    process.observe(Proportion(successes: 5_000, trials: 5_000))
    #expect(process.logValue.isFinite && process.logValue > 25_000)
    #expect(process.value == .infinity && process.rejects() && process.anytimePValue == 0)
  }

  @Test("Bets begin just above the null, wherever it lies, and weigh 1")
  func bets() {
    for nullRate in [1e-6, 0.005, 0.14, 0.5, 0.9, 0.995] {
      let bets = MixtureEProcess.standardBets(against: nullRate)
      #expect(abs(bets.reduce(0) { $0 + $1.weight } - 1) < 1e-12)
      #expect(bets.allSatisfy { nullRate < $0.rate && $0.rate < 1 })
      let odds = bets[0].rate / (1 - bets[0].rate) / (nullRate / (1 - nullRate))
      #expect(abs(odds - exp(0.25)) < 1e-9)
    }
    #expect(MixtureEProcess.standardBets(against: 0.005).count == 11)
  }

  // Wald's test of 0.1 against 1 % accepts 0.1 % where the ratio falls to 0.05/0.95: after
  // ln(0.05/0.95) / ln(0.99/0.999) = 325.4 answers without a hit, that is 326.
  @Test("One bet alone is a likelihood ratio: clean after 326 answers")
  func likelihoodRatio() {
    let ratio = MixtureEProcess(
      nullRate: 0.001, bets: [MixtureEProcess.Bet(rate: 0.01, weight: 1)])
    let limit = log(0.05 / 0.95)
    #expect(ratio.logValue(of: Proportion(successes: 0, trials: 325)) > limit)
    #expect(ratio.logValue(of: Proportion(successes: 0, trials: 326)) <= limit)
  }
}

@Suite("When evidence suffices") struct MixtureEProcessPowerTests {
  // numpy 2.4.6, the same recursion over counts written anew: 0.0142991, 0.0196551, 0.0244052 after
  // 500, 2,000 and 6,000 answers at the null, and the median answers to a call.
  @Test("False alarms and medians against 0.5 % are those of an independent recursion")
  func recursion() throws {
    let process = MixtureEProcess(nullRate: 0.005)
    let alarms = process.rejectionChances(rate: 0.005, answers: 6_000)
    for (answers, chance) in [
      (500, 0.014299077889), (2_000, 0.019655073932), (6_000, 0.024405175532),
    ] {
      #expect(abs(alarms[answers - 1] - chance) < 1e-9)
    }
    for (rate, median) in [(0.2, 8), (0.05, 51), (0.02, 296), (0.01, 1_811)] {
      let chances = process.rejectionChances(rate: rate, answers: 2_000)
      #expect(try #require(chances.firstIndex { $0 >= 0.5 }) + 1 == median)
    }
  }

  @Test(
    "False alarms never exceed the level, whatever the null", arguments: [0.001, 0.05, 0.14, 0.5])
  func level(nullRate: Double) {
    for alpha in [0.01, 0.05, 0.2] {
      let process = MixtureEProcess(nullRate: nullRate)
      let alarms = process.rejectionChances(rate: nullRate, answers: 2_000, alpha: alpha)
      #expect(alarms.last! <= alpha && alarms.last! > alpha / 20)
      let below = process.rejectionChances(rate: nullRate / 2, answers: 2_000, alpha: alpha)
      #expect(below.last! < alarms.last!)
    }
  }

  @Test("The recursion is what processes do")
  func simulation() {
    var stream = RandomStream(seed: 5, "e-process power")
    let chances = MixtureEProcess(nullRate: 0.05).rejectionChances(rate: 0.2, answers: 40)
    var called = 0
    for _ in 0..<4_000 {
      var process = MixtureEProcess(nullRate: 0.05)
      for _ in 0..<40 { process.observe(isHit: stream.uniform() < 0.2) }
      if process.rejects() { called += 1 }
    }
    // Standard error at most 0.008.
    #expect(abs(Double(called) / 4_000 - chances[39]) < 0.025)
    #expect(MixtureEProcess(nullRate: 0.05).rejectionChances(rate: 0.2, answers: 0).isEmpty)
  }
}
