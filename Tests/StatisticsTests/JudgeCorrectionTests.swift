import Core
import Statistics
import Testing

@Suite("Rates behind a judge who errs") struct JudgeCorrectionTests {
  private func judge(_ bad: (Int, Int), _ good: (Int, Int)) -> JudgeCorrection {
    JudgeCorrection(
      sensitivity: Proportion(successes: bad.0, trials: bad.1),
      specificity: Proportion(successes: good.0, trials: good.1))
  }

  // s = .8, c = .9. 24 % called bad: (.24 − .1) / .7 = .2; 5 % are fewer than the good ones called
  // bad, and 90 % more than all bad ones.
  @Test("The rate is that of Rogan and Gladen, within 0 and 1")
  func rate() throws {
    let judge = judge((8, 10), (18, 20))
    func rate(_ k: Int) throws -> Double {
      try #require(judge.rate(Proportion(successes: k, trials: 100)))
    }
    #expect(try abs(rate(24) - 0.2) < 1e-12)
    #expect(try rate(5) == 0 && rate(90) == 1)
  }

  // numpy 2.4.6 and scipy 1.17.1, the published formula written anew there.
  @Test(
    "The interval is that of Lang and Reiczigel",
    arguments: [
      ((23, 150), (96, 100), (89, 100), 0.0, 0.14566845761548586),
      ((0, 600), (54, 60), (600, 600), 0.0, 0.007977814483682117),
      ((30, 800), (54, 60), (588, 600), 0.0004464839168911196, 0.041406414237035866),
      ((60, 100), (54, 60), (55, 60), 0.4966281581424028, 0.7751977846404468),
    ])
  func interval(
    called: (Int, Int), bad: (Int, Int), good: (Int, Int), low: Double, high: Double
  ) throws {
    let interval = try #require(
      judge(bad, good).interval(Proportion(successes: called.0, trials: called.1)))
    #expect(abs(interval.low - low) < 1e-12)
    #expect(abs(interval.high - high) < 1e-12)
  }

  @Test("Without spikes or a judge who can tell, nothing is known")
  func unknown() {
    let some = Proportion(successes: 1, trials: 10)
    #expect(judge((0, 0), (9, 9)).rate(some) == nil)
    #expect(judge((0, 0), (9, 9)).interval(some) == nil)
    #expect(judge((0, 0), (9, 9)).upperBound(some) == nil)
    #expect(judge((5, 10), (5, 10)).rate(some) == nil)
    #expect(judge((1, 10), (2, 10)).interval(some) == nil)
    #expect(judge((9, 9), (9, 9)).rate(Proportion(successes: 0, trials: 0)) == nil)
    #expect(judge((9, 9), (9, 9)).interval(Proportion(successes: 0, trials: 0)) == nil)
  }

  // 0 of 600 by a judge who found 54 of 60 spikes: 0.498 % / 0.812 = 0.61 %, the 0.6 % of the
  // certificate in the design; with both limits at 97.5 %: 0.613 / 0.795 = 0.77 %.
  @Test("A bound is divided by the lower limit of the sensitivity")
  func bound() throws {
    let judge = judge((54, 60), (600, 600))
    let called = Proportion(successes: 0, trials: 600)
    let upper = try #require(called.upperBound())
    #expect(try abs(#require(judge.dividing(upper)) - 0.004980443 / 0.812142618) < 1e-8)
    #expect(try abs(#require(judge.upperBound(called)) - 0.006129271 / 0.794942263) < 1e-8)
    #expect(judge.dividing(0.9) == 1)
    #expect(self.judge((0, 5), (1, 1)).dividing(0.1) == 1)
  }

  // numpy, 20,000 runs a cell: 94.7 % at least over 288 cells.
  @Test(
    "The interval and both bounds cover the true rate",
    arguments: [(0.0, 0.98), (0.005, 1), (0.02, 0.98), (0.1, 0.9), (0.3, 0.98)])
  func coverage(rate: Double, specificity: Double) throws {
    var stream = RandomStream(seed: 8, "judge", "\(rate)", "\(specificity)")
    let (sensitivity, runs) = (0.81, 2_000)
    func draw(_ n: Int, _ p: Double) -> Proportion {
      Proportion(successes: stream.binomial(trials: n, probability: p), trials: n)
    }
    var (covered, bounded, divided) = (0, 0, 0)
    for _ in 0..<runs {
      let judge = JudgeCorrection(
        sensitivity: draw(60, sensitivity), specificity: draw(200, specificity))
      let called = draw(400, rate * sensitivity + (1 - rate) * (1 - specificity))
      if try #require(judge.interval(called)).contains(rate) { covered += 1 }
      if try #require(judge.upperBound(called)) >= rate { bounded += 1 }
      let upper = try #require(called.upperBound())
      if try #require(judge.dividing(upper)) >= rate { divided += 1 }
    }
    // Three standard errors of 95 % are 1.5 %.
    #expect(Double(covered) / Double(runs) >= 0.935)
    #expect(Double(bounded) / Double(runs) >= 0.95)
    #expect(Double(divided) / Double(runs) >= 0.935)
  }
}
