import Core
import Foundation
import Statistics

/// The utilities of an arm, and how much there is to them.
package struct ArmReading: Sendable {
  package let arm: UtilityQuestions.ArmQuestions
  package let choices: [PairedChoice]
  package let missing: Int
  /// Of each form: both labels together.
  package let coverage: [Double]
  /// With equal deviations, whose intervals cover what they say.
  package let fit: ThurstoneFit
  package let heldOut: HeldOut
  /// Mean of |2P − 1| over pairs, P over orders and forms: 0 for someone who does not care.
  package let decisiveness: Double
  /// Pairs, in one form, of which the order decides what is chosen.
  package let flips: Proportion
  package let cycles: TriadCycles?
  /// Spearman's correlation of the utilities that different halves of the forms give.
  package let wordingAgreement: Double?
  package let labelAgreement: Double?

  /// - Returns: `nil` where fewer than three pairs were answered.
  package init?(_ answers: ArmAnswers, forms: [ChoiceForm]) {
    guard Set(answers.choices.map(\.pair)).count > 2 else { return nil }
    (arm, choices, missing) = (answers.arm, answers.choices, answers.missing)
    coverage = answers.coverage
    let count = answers.arm.places.count
    heldOut = HeldOut(answers.choices, count: count, forms: forms.count)
    fit = ThurstoneFit(answers.choices, count: count, forms: forms.count)
    let shares = ThurstoneReference.averaged(answers.choices)
    decisiveness = shares.reduce(0) { $0 + abs(2 * $1.share - 1) } / Double(shares.count)
    flips = Self.flips(answers.choices)
    cycles = TriadCycles(answers.choices, fit)
    func agreement(_ part: (ChoiceForm) -> String) -> Double? {
      let parts = Dictionary(grouping: forms.indices) { part(forms[$0]) }.values
        .sorted { $0[0] < $1[0] }
      guard parts.count > 1 else { return nil }
      let halves = parts.map { part in
        ThurstoneFit(answers.choices(in: Set(part)), count: count, forms: forms.count).means
      }
      let all = halves.indices.flatMap { a in
        (a + 1..<halves.count).compactMap { Correlation.spearman(halves[a], halves[$0]) }
      }
      return all.isEmpty ? nil : all.reduce(0, +) / Double(all.count)
    }
    wordingAgreement = agreement { $0.wording.rawValue }
    labelAgreement = agreement { $0.labels.rawValue }
  }

  private static func flips(_ choices: [PairedChoice]) -> Proportion {
    struct Key: Hashable {
      let pair: PairedChoice.Pair
      let form: Int
    }
    let both = Dictionary(grouping: choices) { Key(pair: $0.pair, form: $0.form) }.values
      .filter { $0.count == 2 && $0[0].first != $0[1].first }
    return Proportion(
      successes: both.count { ($0[0].share > 0.5) == ($0[1].share > 0.5) }, trials: both.count)
  }

  /// Of pairs that the fit did not see: each pair is left out once, a fifth at a time.
  package struct HeldOut: Sendable {
    package let pairs: Int
    /// −log likelihood an answer, in nats, of equal deviations and of free ones.
    package let loss: Double
    package let free: Double
    /// Of a model that knows the biases and no outcome.
    package let biasAlone: Double
    /// The least that any model can reach: the entropy of the answers themselves.
    package let least: Double
    /// `biasAlone − loss`, with 95 % over pairs: pairs that share an outcome hang together, so that it is a little short.
    package let gain: Double
    package let gainInterval: Interval?
    /// Pairs of which the likelier choice, over orders and forms, is the fitted one.
    package let right: Proportion

    private static let folds = 5

    init(_ choices: [PairedChoice], count: Int, forms: Int) {
      let pairs = Array(Set(choices.map(\.pair))).sorted()
      var stream = RandomStream(seed: 0, "held-out", "\(pairs.count)")
      let order = stream.shuffled(pairs)
      var fold: [PairedChoice.Pair: Int] = [:]
      for (index, pair) in order.enumerated() { fold[pair] = index % Self.folds }
      var (own, free, bias, least) = (0.0, 0.0, 0.0, 0.0)
      var gains: [Tally] = []
      var right = 0
      for index in 0..<Self.folds {
        let train = choices.filter { fold[$0.pair] != index }
        let fit = ThurstoneFit(train, count: count, forms: forms)
        let wide = ThurstoneFit(train, count: count, forms: forms, spread: .free)
        let shares = (0..<forms).map { form in
          Tally(values: train.filter { $0.form == form }.map(\.share)).mean ?? 0.5
        }
        let test = Dictionary(grouping: choices.filter { fold[$0.pair] == index }, by: \.pair)
        for (_, answers) in test.sorted(by: { $0.key < $1.key }) {
          var gain = 0.0
          for answer in answers {
            let (loss, known) = (fit.logLoss(answer), Self.loss(answer.share, shares[answer.form]))
            own += loss
            free += wide.logLoss(answer)
            bias += known
            least += Self.loss(answer.share, answer.share)
            gain += known - loss
          }
          gains.append(Tally(sum: gain / Double(answers.count), count: 1))
          let low = answers[0].pair.low
          func mean(_ p: (PairedChoice) -> Double) -> Double {
            answers.reduce(0) { $0 + ($1.first == low ? p($1) : 1 - p($1)) } / Double(answers.count)
          }
          if (mean(\.share) > 0.5) == (mean(fit.probability) > 0.5) { right += 1 }
        }
      }
      let answers = Double(choices.count)
      (loss, self.free, biasAlone) = (own / answers, free / answers, bias / answers)
      self.least = least / answers
      self.pairs = pairs.count
      gain = Tally.pooled(gains).mean ?? 0
      gainInterval = SeedInterval().mean(gains)
      self.right = Proportion(successes: right, trials: pairs.count)
    }

    private static func loss(_ share: Double, _ p: Double) -> Double {
      let p = min(1 - 1e-12, max(1e-12, p))
      return -(share * Foundation.log(p) + (1 - share) * Foundation.log(1 - p))
    }
  }
}
