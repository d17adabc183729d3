import Core

/// An upper bound of a rate that holds after every answer at once, so that one may stop when it is
/// low enough.
///
/// For every rate p a player bets that the true rate is lower: that it is r p, for several r < 1.
/// Whatever is bet on r is multiplied by r at a hit and by (1 − r p)/(1 − p) otherwise:
///
/// `E(p) = Σ w(r) r^hits ((1 − r p)/(1 − p))^misses`
///
/// E(p) grows with p. The bound is the p at which it is 1/(1 − confidence): if the rate were
/// higher, E would ever be so great with probability at most 1 − confidence (Ville's inequality).
///
/// The bet on r = 0 loses all at the first hit; without a hit it alone would give
/// `1 − (1 − confidence)^(1/n)`, the exact bound for a fixed n. It holds 0.7 of the capital: with
/// no hit the bound is 8 % above that one (0 of 300: 1.07 for 0.99 %), and after a hit
/// the others carry on (1 of 300: 2.8 %, where Clopper and Pearson say 1.6 % for n fixed before).
/// Exactly: within 2,000 answers it is ever too low with a probability of 3.5 to 4.3 % at rates from
/// 0.3 to 30 %. Not lower than about 1.01 times the observed rate, however many answers.
///
/// What is bounded is the rate over the questions that could have been asked, if each is drawn
/// anew; two answers to one question are not two answers: `observe(questionRates:)`.
///
/// Reference: *Estimating means of bounded random variables by betting* (I. Waudby-Smith &
/// A. Ramdas, JRSS B 86, 2024), arXiv 2010.09686. Theirs adapts its bets to the answers; these are
/// fixed shares of p, so that counts suffice and no root is missed.
package struct AnytimeUpperBound: Sendable, Hashable {
  /// A share of the capital that is bet on the rate being `fraction` of what is tested.
  package struct Bet: Sendable, Hashable, Codable {
    package let fraction: Double
    package let weight: Double

    package init(fraction: Double, weight: Double) {
      self.fraction = fraction
      self.weight = weight
    }
  }

  package let confidence: Double
  package let bets: [Bet]
  /// Answers to questions of their own.
  package private(set) var counts = Proportion(successes: 0, trials: 0)
  /// Rates of questions that were answered several times.
  package private(set) var questionRates: [Double] = []
  /// The least bound so far, which holds as well as the present one does.
  package private(set) var tightest = 1.0

  private let goal: Double
  private let logWeights, logFractions: [Double]

  /// - Parameter bets: fixed before the first answer.
  /// - Precondition: `0 < confidence < 1`; fractions lie in 0..<1; weights are positive and sum to 1.
  package init(confidence: Double = 0.95, bets: [Bet] = Self.standardBets) {
    precondition(
      bets.allSatisfy { 0 <= $0.fraction && $0.fraction < 1 && $0.weight > 0 }
        && abs(bets.reduce(0) { $0 + $1.weight } - 1) < 1e-9,
      "bets are on fractions in 0..<1, with weights that sum to 1, not \(bets)")
    self.confidence = confidence
    self.bets = bets
    goal = ErrorLevel.logGoal(alpha: ErrorLevel.alpha(confidence: confidence))
    logWeights = bets.map { Double.log($0.weight) }
    logFractions = bets.map { Double.log($0.fraction) }
  }

  /// 0.7 on 0, and the rest in equal parts on 12 fractions from 0.05 to 0.98.
  package static let standardBets: [Bet] = {
    let fractions = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98]
    return [Bet(fraction: 0, weight: 0.7)]
      + fractions.map { Bet(fraction: $0, weight: 0.3 / Double(fractions.count)) }
  }()

  /// Takes one answer to a question of its own.
  package mutating func observe(isHit: Bool) {
    observe(Proportion(successes: isHit ? 1 : 0, trials: 1))
  }

  /// Takes answers whose order is not known, each to a question of its own.
  package mutating func observe(_ more: Proportion) {
    counts = counts + more
    tighten()
  }

  /// Takes questions, each with all its answers at once, by their rate x: every bet is multiplied by
  /// `x r + (1 − x) (1 − r p)/(1 − p)`, whose mean is at most 1 if that of x is at least p.
  ///
  /// - Precondition: `0 ≤ x ≤ 1`.
  package mutating func observe(questionRates more: some Sequence<Double>) {
    for x in more {
      precondition((0...1).contains(x), "a question's rate lies in 0...1, not at \(x)")
      if x == 0 || x == 1 {
        counts = counts + Proportion(successes: x == 1 ? 1 : 0, trials: 1)
      } else {
        questionRates.append(x)
      }
    }
    tighten()
  }

  /// Takes one question with all its answers.
  package mutating func observe(questionRate: Double) {
    observe(questionRates: CollectionOfOne(questionRate))
  }

  /// The bound of all that was observed; 1 before the first answer.
  package var value: Double { lowest(below: nil) }

  /// Whether what was observed excludes that the rate is at least `rate`: whether `value ≤ rate`,
  /// at a fraction of the cost.
  ///
  /// - Precondition: `0 < rate < 1`.
  package func excludes(_ rate: Double) -> Bool {
    precondition(0 < rate && rate < 1, "a rate to exclude lies between 0 and 1, not at \(rate)")
    return surplus(at: -Double.logOfOnePlus(-rate)) >= 0
  }

  private mutating func tighten() {
    if tightest < 1 && !excludes(tightest) { return }
    tightest = lowest(below: tightest < 1 ? tightest : nil)
  }

  /// The p at which E(p) reaches its goal.
  ///
  /// Sought as y = −ln(1 − p), in which ln E is nearly linear, between two values that hold it: where
  /// the line through both crosses the goal (false position), the surplus of an end that stays
  /// counting half (the Illinois rule), so that both ends move.
  ///
  /// - Parameter high: a p whose E does reach the goal, if one is known.
  private func lowest(below high: Double?) -> Double {
    let misses = counts.trials - counts.successes + questionRates.count
    guard misses > 0 else { return 1 }
    var (low, lowSurplus) = (0.0, surplus(at: 0))
    var top = high.map { -Double.logOfOnePlus(-$0) } ?? goal / Double(misses)
    var topSurplus = surplus(at: top)
    while topSurplus < 0 {
      // Beyond e⁻⁴⁰ below 1 there is no p that is not 1.
      guard top < 40 else { return 1 }
      (low, lowSurplus) = (top, topSurplus)
      top *= 2
      topSurplus = surplus(at: top)
    }
    var lastMoved = 0
    for _ in 0..<200 where top - low > 1e-13 * top {
      var middle = top - topSurplus * (top - low) / (topSurplus - lowSurplus)
      if !(low < middle && middle < top) { middle = (low + top) / 2 }
      let found = surplus(at: middle)
      if found >= 0 {
        if lastMoved == 1 { lowSurplus /= 2 }
        (top, topSurplus, lastMoved) = (middle, found, 1)
        if found == 0 { break }
      } else {
        if lastMoved == -1 { topSurplus /= 2 }
        (low, lowSurplus, lastMoved) = (middle, found, -1)
      }
    }
    return -Double.exponentialMinusOne(-top)
  }

  /// By how many nats ln E(p) exceeds its goal, at y = −ln(1 − p).
  private func surplus(at y: Double) -> Double {
    let p = -Double.exponentialMinusOne(-y)
    let (hits, misses) = (Double(counts.successes), Double(counts.trials - counts.successes))
    var logs = logWeights
    for (index, bet) in bets.enumerated() {
      let logMiss = y + Double.logOfOnePlus(-bet.fraction * p)
      logs[index] += misses * logMiss
      // 0 × log 0 is 0 here: without a hit the bet on zero has lost nothing.
      if counts.successes > 0 { logs[index] += hits * logFractions[index] }
      guard !questionRates.isEmpty else { continue }
      let miss = Double.exponential(logMiss)
      for x in questionRates { logs[index] += .log(x * bet.fraction + (1 - x) * miss) }
    }
    return logSumOfExponentials(logs) - goal
  }
}
