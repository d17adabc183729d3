import Core
import Statistics
import Testing

@Suite("Scores of stated probabilities") struct ForecastSkillTests {
  private let stream = RandomStream(seed: 1, "forecasts")

  /// Eight forecasts, of which half came about, in four clusters.
  private let eight: [Forecast] = zip(
    [0.9, 0.8, 0.3, 0.05, 0.6, 0, 0.99, 0.2],
    [true, true, false, false, false, false, true, true]
  ).enumerated().map {
    Forecast(probability: $1.0, outcome: $1.1, cluster: "\($0 / 2)")
  }

  @Test("A forecast's scores are the squared distance and the clipped logarithm")
  func rules() {
    #expect(abs(ForecastRule.brier.score(0.9, outcome: true) - 0.01) < 1e-15)
    #expect(abs(ForecastRule.brier.score(0.9, outcome: false) - 0.81) < 1e-15)
    #expect(ForecastRule.brier.score(0, outcome: false) == 0)
    #expect(abs(ForecastRule.logarithmic.score(0.5, outcome: true) - 0.6931471805599453) < 1e-15)
    // −ln 0.01 and −ln 0.99, however sure one was.
    for (sure, less) in [(0.0, 0.01), (0.0001, 0.01)] {
      #expect(ForecastRule.logarithmic.score(sure, outcome: true) == 4.605170185988091)
      #expect(
        ForecastRule.logarithmic.score(sure, outcome: false)
          == ForecastRule.logarithmic.score(less, outcome: false))
    }
  }

  // numpy 2.4.6: ((p − y)²).mean(), −log(clip(…, .01, .99)).mean(), and 1 − them over those of ½.
  @Test("Means and skills are numpy's")
  func numpy() throws {
    let skill = ForecastSkill(eight)
    #expect(skill.baseRate == 0.5)
    #expect(try abs(#require(skill.score(.brier)) - 0.142825) < 1e-12)
    #expect(try abs(#require(skill.baseScore(.brier)) - 0.25) < 1e-12)
    #expect(try abs(#require(skill.skill(.brier)) - 0.4287) < 1e-12)
    #expect(try abs(#require(skill.score(.logarithmic)) - 0.4102877026641971) < 1e-12)
    #expect(try abs(#require(skill.skill(.logarithmic)) - 0.4080799660286373) < 1e-12)
    // Against a base rate from elsewhere: mean of (¼ − y)² is (0.0625 + 0.5625) / 2.
    let elsewhere = ForecastSkill(eight, baseRate: 0.25)
    #expect(try abs(#require(elsewhere.skill(.brier)) - (1 - 0.142825 / 0.3125)) < 1e-12)
  }

  @Test("The base rate has no skill, its opposite a negative one, certainty that comes true all")
  func ends() {
    func skill(_ p: (Bool) -> Double) -> Double? {
      ForecastSkill(
        eight.map { Forecast(probability: p($0.outcome), outcome: $0.outcome, cluster: "") }
      ).skill(.brier)
    }
    #expect(skill { _ in 0.5 } == 0)
    #expect(skill { $0 ? 1 : 0 } == 1)
    #expect(skill { $0 ? 0 : 1 } == -3)
  }

  @Test("Without a forecast there is no score, and where all is alike nothing to foresee")
  func unknown() {
    let none = ForecastSkill([])
    #expect(none.score(.brier) == nil && none.skill(.brier) == nil && none.baseRate == nil)
    #expect(none.skillInterval(.brier, stream: stream) == nil)
    let alike = ForecastSkill(
      [0.1, 0.2].map { Forecast(probability: $0, outcome: false, cluster: "\($0)") })
    #expect(alike.skill(.brier) == nil && alike.skillInterval(.brier, stream: stream) == nil)
    #expect(alike.score(.brier) != nil && alike.scoreInterval(.brier, stream: stream) != nil)
    let single = ForecastSkill(
      eight.map { Forecast(probability: $0.probability, outcome: $0.outcome, cluster: "one") })
    #expect(single.skillInterval(.brier, stream: stream) == nil)
  }

  // Two clusters, one foreseen perfectly and one at ½ each with a base score of ¼: a draw's skill
  // is 1, ½ or 0 with ¼, ½, ¼, so that the percentiles are at the ends.
  @Test("The bootstrap draws whole clusters, against one and the same base rate")
  func bootstrap() {
    let forecasts = [(1.0, true), (0, false), (0.5, true), (0.5, false)].enumerated().map {
      Forecast(probability: $1.0, outcome: $1.1, cluster: $0 < 2 ? "seen" : "unseen")
    }
    let skill = ForecastSkill(forecasts)
    #expect(skill.skill(.brier) == 0.5)
    #expect(skill.skillInterval(.brier, stream: stream) == Interval(low: 0, high: 1))
    #expect(skill.scoreInterval(.brier, stream: stream) == Interval(low: 0, high: 0.25))
    let again = skill.skillInterval(.logarithmic, stream: stream)
    #expect(again == skill.skillInterval(.logarithmic, stream: stream))
  }

  // Calibrated forecasts, uniform: S is 1/6, S₀ ¼, so that the skill is 1/3.
  @Test("The interval covers the skill of calibrated forecasts")
  func coverage() throws {
    var draws = RandomStream(seed: 2, "forecast coverage")
    let covered = try (0..<300).count { _ in
      let forecasts = (0..<60).map { index in
        let p = draws.uniform()
        return Forecast(probability: p, outcome: draws.uniform() < p, cluster: "\(index)")
      }
      let skill = ForecastSkill(forecasts, baseRate: 0.5)
      let bootstrap = ClusterBootstrap(resamples: 300)
      return try #require(skill.skillInterval(.brier, bootstrap: bootstrap, stream: stream))
        .contains(1.0 / 3)
    }
    // A percentile bootstrap of 60: near 94 %; three standard errors are 4 %.
    #expect(covered >= 267)
  }
}
