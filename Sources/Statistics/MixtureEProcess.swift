import Core

/// Evidence that a rate lies above p₀, which may be looked at after every answer.
///
/// A player with a capital of 1 bets on each answer at odds that are fair if the rate is p₀: a bet
/// on the rate q multiplies what it holds by q/p₀ at a hit and by (1 − q)/(1 − p₀) otherwise. The
/// capital is parted over several q, all above p₀, because nobody knows the rate beforehand:
///
/// `E = Σ w(q) (q/p₀)^hits ((1 − q)/(1 − p₀))^misses`
///
/// If the rate is at most p₀, E grows beyond 1/α *ever* with probability at most α (Ville's
/// inequality). So it does not matter when one looks, why one stops, whether one goes on after a
/// pause, nor by what the next question was chosen; what must hold is that every answer, given all
/// before it, is a hit with probability at most p₀. Two answers to one question break that: the
/// first tells about the second. `observe(questionRate:)` takes all answers of a question at once
/// and holds whatever the answers of one have in common.
///
/// The level is kept, not exhausted: against 0.5 % with the standard bets a rate of just 0.5 % is
/// called higher within 2,000 answers with probability 2.0 % at α = 5 %, within 6,000 with 2.4 %.
/// Half of all runs are through after 8, 51, 296 and 1,811 answers at true rates of 20, 5, 2 and 1 %.
///
/// Reference: *Game-theoretic statistics and safe anytime-valid inference* (A. Ramdas, P. Grünwald,
/// V. Vovk & G. Shafer, Statistical Science 38, 2023), arXiv 2210.01948; *Étude critique de la
/// notion de collectif* (J. Ville, 1939) for the inequality.
package struct MixtureEProcess: Sendable, Hashable {
  /// A share of the capital that is bet on one rate.
  package struct Bet: Sendable, Hashable, Codable {
    package let rate: Double
    package let weight: Double

    package init(rate: Double, weight: Double) {
      self.rate = rate
      self.weight = weight
    }
  }

  /// p₀: with a base model beside, the *upper* limit of its rate.
  package let nullRate: Double
  package let bets: [Bet]
  /// Answers observed one by one or as counts; those of whole questions are not among them.
  package private(set) var counts = Proportion(successes: 0, trials: 0)
  /// The greatest `logValue` so far, in nats; at least 0, from before the first answer.
  package private(set) var logPeak = 0.0

  /// Logarithms by bet: its weight, what a hit and a miss multiply, what whole questions have.
  private let logWeights, logHits, logMisses: [Double]
  private var logQuestions: [Double]

  /// - Parameters:
  ///   - nullRate: p₀.
  ///   - bets: fixed before the first answer; `standardBets` unless given.
  /// - Precondition: 0 < p₀ < 1; every bet's rate lies above p₀ and below 1; weights are positive
  ///   and sum to 1.
  package init(nullRate: Double, bets: [Bet]? = nil) {
    let bets = bets ?? Self.standardBets(against: nullRate)
    precondition(0 < nullRate && nullRate < 1, "a null rate lies in 0..<1, not at \(nullRate)")
    precondition(
      bets.allSatisfy { nullRate < $0.rate && $0.rate < 1 && $0.weight > 0 }
        && abs(bets.reduce(0) { $0 + $1.weight } - 1) < 1e-9,
      "bets lie above \(nullRate) and below 1, with weights that sum to 1, not \(bets)")
    self.nullRate = nullRate
    self.bets = bets
    logWeights = bets.map { Double.log($0.weight) }
    logHits = bets.map { Double.log($0.rate / nullRate) }
    logMisses = bets.map { .logOfOnePlus(-$0.rate) - .logOfOnePlus(-nullRate) }
    logQuestions = bets.map { _ in 0 }
  }

  /// Equal bets whose log-odds lie above those of p₀ by ¼, ¼√2, ½, … nats, up to a rate of 0.99.
  ///
  /// From a rise of the odds by 28 % on, every rise is within a factor 2^¼ of log-odds of a bet, so
  /// that not knowing the rate costs about ln(bets) = 2.4 nats at most, next to the 3 that α = 5 %
  /// asks for. Against 0.5 % the bets are on 0.64, 0.71, 0.82, 1.0, 1.3, 2.0, 3.6, 7.8, 22, 59, 94 %.
  package static func standardBets(against nullRate: Double) -> [Bet] {
    precondition(0 < nullRate && nullRate < 1, "a null rate lies in 0..<1, not at \(nullRate)")
    var rates: [Double] = []
    var rise = 0.25
    while true {
      let rate = Double.logistic(.logit(nullRate) + rise)
      if rate > 0.99 && !rates.isEmpty { break }
      rates.append(rate)
      rise *= 2.0.squareRoot()
    }
    return rates.map { Bet(rate: $0, weight: 1 / Double(rates.count)) }
  }

  /// Takes one answer to a question of its own.
  package mutating func observe(isHit: Bool) {
    observe(Proportion(successes: isHit ? 1 : 0, trials: 1))
  }

  /// Takes answers whose order is not known, each to a question of its own. A peak among them is
  /// missed, which errs on the safe side.
  package mutating func observe(_ more: Proportion) {
    counts = counts + more
    // A miss lowers every bet.
    if more.successes > 0 { logPeak = max(logPeak, logValue) }
  }

  /// Takes all answers of one question at once, by their rate x: every bet is multiplied by
  /// `x q/p₀ + (1 − x) (1 − q)/(1 − p₀)`, whose mean is at most 1 if that of x is at most p₀.
  ///
  /// - Precondition: `0 ≤ x ≤ 1`.
  package mutating func observe(questionRate x: Double) {
    precondition((0...1).contains(x), "a question's rate lies in 0...1, not at \(x)")
    for index in bets.indices {
      let hit = x * .exponential(logHits[index])
      logQuestions[index] += .log(hit + (1 - x) * .exponential(logMisses[index]))
    }
    if x > 0 { logPeak = max(logPeak, logValue) }
  }

  /// ln E, in nats. 0 before the first answer.
  package var logValue: Double { logSum(counts, logQuestions) }

  /// E itself; infinite where it has no `Double`.
  package var value: Double { .exponential(logValue) }

  /// What `logValue` would be after these answers and none else.
  package func logValue(of counts: Proportion) -> Double { logSum(counts, nil) }

  /// ln Σ of what the bets hold. In two passes and not by `logSumOfExponentials`: it is asked for
  /// after every hit, and an array a time is what would take longest.
  private func logSum(_ counts: Proportion, _ logQuestions: [Double]?) -> Double {
    let (hits, misses) = (Double(counts.successes), Double(counts.trials - counts.successes))
    func held(_ bet: Int) -> Double {
      logWeights[bet] + hits * logHits[bet] + misses * logMisses[bet] + (logQuestions?[bet] ?? 0)
    }
    var (greatest, sum) = (-Double.infinity, 0.0)
    for bet in bets.indices { greatest = max(greatest, held(bet)) }
    for bet in bets.indices { sum += .exponential(held(bet) - greatest) }
    return greatest + .log(sum)
  }

  /// Whether E has ever been 1/α: the rate lies above p₀, with an error of at most α.
  ///
  /// - Precondition: `0 < α < 1`.
  package func rejects(alpha: Double = 0.05) -> Bool {
    logPeak >= ErrorLevel.logGoal(alpha: alpha)
  }

  /// 1 / the greatest E: a p-value that holds whenever one stops.
  package var anytimePValue: Double { .exponential(-logPeak) }
}
