import Core
import Statistics
import Testing

@Suite("Upper bounds that hold at any time") struct AnytimeUpperBoundTests {
  private func bound(_ hits: Int, of answers: Int) -> Double {
    var bound = AnytimeUpperBound()
    bound.observe(Proportion(successes: hits, trials: answers))
    return bound.value
  }

  // confseq at 70b1ef30 (2024-10-27), scipy 1.17.1: brentq of
  // diversified_betting_mart(x, p, …, theta=0, trunc_scale=1)[-1] − 20 with constant
  // λ = (1 − r)/(1 − p) and the standard weights.
  @Test(
    "The bounds are those of confseq's capital",
    arguments: [
      (0, 20, 0.149280251189), (0, 300, 0.0107324712541), (1, 300, 0.0279484617146),
      (5, 300, 0.0534715066672), (0, 800, 0.00403845905927), (20, 600, 0.0639052014219),
    ])
  func confseq(hits: Int, answers: Int, expected: Double) {
    #expect(abs(bound(hits, of: answers) - expected) < 1e-9)
  }

  // The bet on 0 alone: (1 − p)⁻ⁿ = 20 is 1 − 0.05^(1/n), Clopper and Pearson's one-sided bound.
  @Test("Betting all on zero is the exact bound, and loses all at a hit")
  func bettingOnZero() throws {
    var zero = AnytimeUpperBound(bets: [AnytimeUpperBound.Bet(fraction: 0, weight: 1)])
    zero.observe(Proportion(successes: 0, trials: 300))
    #expect(try abs(zero.value - #require(ZeroHits.upperBound(trials: 300))) < 1e-11)
    zero.observe(isHit: true)
    #expect(zero.value == 1)
    // What held once still holds.
    #expect(try abs(zero.tightest - #require(ZeroHits.upperBound(trials: 300))) < 1e-11)
  }

  @Test("Zero hits cost at most 8 % more than betting on zero, and a hit does not lose all")
  func mixed() throws {
    for answers in [20, 100, 1_000, 100_000] {
      let exact = try #require(ZeroHits.upperBound(trials: Double(answers)))
      #expect(bound(0, of: answers) / exact < 1.081 && bound(0, of: answers) > exact)
      let one = try #require(Proportion(successes: 1, trials: answers).upperBound())
      #expect(bound(1, of: answers) / one < 1.81)
    }
    // No lower than 1.0102 = −ln 0.98 / 0.02 times the observed rate.
    #expect(abs(bound(1_000_000, of: 100_000_000) - 0.0101) < 1e-4)
  }

  @Test("Answers one by one tighten it, and hits loosen its value alone")
  func oneByOne() {
    var bound = AnytimeUpperBound()
    #expect(bound.value == 1 && bound.tightest == 1)
    var lowest = 1.0
    for answer in 1...120 {
      bound.observe(isHit: answer == 60)
      lowest = min(lowest, bound.value)
      #expect(abs(bound.tightest - lowest) < 1e-9)
      #expect(bound.excludes(bound.value + 1e-6) && !bound.excludes(bound.value - 1e-6))
    }
    #expect(bound.value == self.bound(1, of: 120))
    #expect(self.bound(5, of: 5) == 1)
  }

  // confseq as above, x = [.1, .2, 0, 0, 0, .5, .05] eight times.
  @Test("Rates of questions are bounded as numbers between 0 and 1")
  func questions() {
    var bound = AnytimeUpperBound()
    for _ in 0..<8 {
      for rate in [0.1, 0.2, 0, 0, 0, 0.5, 0.05] { bound.observe(questionRate: rate) }
    }
    #expect(abs(bound.value - 0.189883993098) < 1e-9)
    #expect(bound.counts == Proportion(successes: 0, trials: 24))
    // Eight questions without a hit are eight answers, however often each was asked.
    var few = AnytimeUpperBound()
    for _ in 0..<8 { few.observe(questionRate: 0) }
    #expect(few.value == self.bound(0, of: 8) && few.value > 0.3)
  }

  /// The chance that the bound is ever below the true rate within so many answers: exact, from the
  /// probabilities of all counts that have not yet excluded it.
  private func missChance(rate: Double, answers: Int) -> Double {
    var (open, missed, excluded) = ([1.0], 0.0, -1)
    for answer in 1...answers {
      var next = [Double](repeating: 0, count: open.count + 1)
      for (hits, probability) in open.enumerated() {
        next[hits] += probability * (1 - rate)
        next[hits + 1] += probability * rate
      }
      // Fewer hits exclude more, and more answers do.
      while excluded + 1 <= answer {
        var bound = AnytimeUpperBound()
        bound.observe(Proportion(successes: excluded + 1, trials: answer))
        guard bound.excludes(rate) else { break }
        excluded += 1
      }
      for hits in 0..<max(0, excluded + 1) {
        missed += next[hits]
        next[hits] = 0
      }
      open = next
    }
    return missed
  }

  // By Ville's inequality at most 5 % ever; 0.7 of it are spent on the first zero hits.
  @Test("It is ever below the true rate in at most 5 of 100", arguments: [0.003, 0.01, 0.05, 0.3])
  func coverage(rate: Double) {
    let chance = missChance(rate: rate, answers: 2_000)
    #expect(chance <= 0.05 && chance > 0.02, "\(chance)")
  }

  @Test("The least of all bounds holds as well, answer by answer")
  func simulation() {
    var stream = RandomStream(seed: 9, "anytime bound")
    let wrong = (0..<1_000).count { _ in
      var bound = AnytimeUpperBound()
      for _ in 0..<150 { bound.observe(isHit: stream.uniform() < 0.05) }
      return bound.tightest <= 0.05
    }
    // The exact chance; its standard error is at most 0.7 %.
    #expect(abs(Double(wrong) / 1_000 - missChance(rate: 0.05, answers: 150)) < 0.02)
  }

  // Half of all questions never, half one time in five: where a question is asked ten times its
  // answers are far from independent.
  @Test("Clusters of answers do not break it")
  func clusters() {
    var stream = RandomStream(seed: 9, "anytime clusters")
    var (whole, single) = (0, 0)
    for _ in 0..<1_000 {
      var (bound, naive) = (AnytimeUpperBound(), AnytimeUpperBound())
      for _ in 0..<12 {
        let hits = stream.uniform() < 0.5 ? 0 : stream.binomial(trials: 10, probability: 0.2)
        bound.observe(questionRate: Double(hits) / 10)
        naive.observe(Proportion(successes: hits, trials: 10))
      }
      if bound.tightest <= 0.1 { whole += 1 }
      if naive.tightest <= 0.1 { single += 1 }
    }
    #expect(whole <= 55)
    #expect(single > whole)
  }
}
