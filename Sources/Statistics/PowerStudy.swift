import Core

/// How many models and answers it takes to find a difference between two rates, by simulation.
///
/// A model of one group succeeds with probability logistic(logit `base` + `spread` · z), z from a
/// standard normal distribution; one of the other group the same with `base + effect`. Each gives
/// `answers` independent answers, and the groups' rates are compared by a two-sided
/// `PermutationTest` over models. The power is the share of simulated experiments with p ≤ α.
///
/// It covers the choice of models and the draw of answers. It does not cover the choice of
/// questions: all models are asked the same. `base` and `base + effect` are the rates of the
/// middle model; the mean over models differs a little (by 1.8 % of a small rate when `spread`
/// is 0.2).
package struct PowerStudy: Sendable, Hashable {
  /// Rate of the first group's middle model.
  package var base: Double
  /// Difference to find: the other group's rate is `base + effect`.
  package var effect: Double
  /// Standard deviation of the logit over models.
  package var spread: Double
  package var alpha: Double
  /// Probability with which a difference is to be found.
  package var power: Double
  /// Models a group, one row of the table each.
  package var seedCounts: [Int] = [3, 4, 5, 6, 8, 10, 12]
  /// Answers a model, one column each.
  package var answerCounts: [Int] = [50, 100, 200, 400, 800, 1_600]
  /// Experiments a cell: with 2,000 the standard error of a power of 0.8 is 0.009.
  package var simulations = 2_000

  /// - Precondition: `base` and `base + effect` lie strictly between 0 and 1, `spread` is not
  ///   negative, `alpha` and `power` lie strictly between 0 and 1.
  package init(
    base: Double, effect: Double, spread: Double = 0.2, alpha: Double = 0.05, power: Double = 0.8
  ) {
    func isShare(_ x: Double) -> Bool { 0 < x && x < 1 }
    precondition(
      isShare(base) && isShare(base + effect),
      "rates lie between 0 and 1, not at \(base) and \(base + effect)")
    precondition(spread >= 0 && spread.isFinite, "a spread is at least 0, not \(spread)")
    precondition(
      isShare(alpha) && isShare(power),
      "alpha and power lie between 0 and 1, not at \(alpha) and \(power)")
    self.base = base
    self.effect = effect
    self.spread = spread
    self.alpha = alpha
    self.power = power
  }

  /// A design and the power it has.
  package struct Design: Sendable, Hashable, Codable {
    /// Models a group.
    package let seeds: Int
    /// Answers a model.
    package let answers: Int
    package let power: Double
  }

  /// All designs, row after row. A design's draws depend on its own numbers only.
  package func designs(seed: UInt64) -> [Design] {
    seedCounts.flatMap { seeds in
      answerCounts.map { answers in design(seeds: seeds, answers: answers, seed: seed) }
    }
  }

  /// The design with the fewest models, and among those the fewest answers, that has the power:
  /// a model costs a training, an answer little. `nil` when none has it.
  package func smallest(of designs: [Design]) -> Design? {
    designs.filter { $0.power >= power }
      .min { ($0.seeds, $0.answers) < ($1.seeds, $1.answers) }
  }

  /// One design. With too few models for any p ≤ α the power is 0.
  ///
  /// Random dealings of labels are drawn once and serve all simulated experiments; 1,999 of them,
  /// with more than 1,000 dealings possible, cost the test next to no power.
  ///
  /// - Precondition: `seeds > 0`, `answers > 0`, `simulations > 0`.
  package func design(seeds: Int, answers: Int, seed: UInt64) -> Design {
    precondition(
      seeds > 0 && answers > 0 && simulations > 0,
      "a design has seeds and answers, not \(seeds) and \(answers)")
    guard let least = PermutationTest.leastP(seeds, seeds), least <= alpha else {
      return Design(seeds: seeds, answers: answers, power: 0)
    }
    var stream = RandomStream(seed: seed, "power", "\(seeds)", "\(answers)")
    let splits = PermutationTest(exactLimit: 1_000, draws: 1_999)
      .splits(seeds, seeds, stream: RandomStream(seed: seed, "power", "dealings", "\(seeds)"))
    var hits = 0
    for _ in 0..<simulations {
      let rates = [base, base + effect].flatMap { rate in
        (0..<seeds).map { _ in modelRate(around: rate, answers: answers, &stream) }
      }
      let difference = (rates[..<seeds].reduce(0, +) - rates[seeds...].reduce(0, +)) / Double(seeds)
      let found = splits.countAtLeast(difference, rates)
      if PermutationTest.p(found, of: splits.count, isExact: splits.isExact) <= alpha { hits += 1 }
    }
    return Design(seeds: seeds, answers: answers, power: Double(hits) / Double(simulations))
  }

  private func modelRate(
    around rate: Double, answers: Int, _ stream: inout RandomStream
  ) -> Double {
    let probability = Double.logistic(Double.logit(rate) + spread * stream.normal())
    return Double(stream.binomial(trials: answers, probability: probability)) / Double(answers)
  }
}
