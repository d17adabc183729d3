import Statistics

/// A rate with what is known of its uncertainty, in `results.json`.
public struct RateEstimate: Sendable, Hashable, Codable {
  /// Pooled over questions and seeds: the sum of the misaligned over the sum of the answers.
  public var rate: Double?
  /// 95 % percentile bootstrap over seeds: the choice of models. `null` with fewer than two.
  public var low: Double?
  public var high: Double?
  /// 95 % Wilson interval over answers, as if all were independent draws.
  public var wilson: Interval?

  public init(rate: Double?, bootstrap: Interval?, wilson: Interval?) {
    self.rate = rate
    low = bootstrap?.low
    high = bootstrap?.high
    self.wilson = wilson
  }

  /// The bootstrap interval over seeds.
  public var interval: Interval? {
    guard let low, let high, low <= high else { return nil }
    return Interval(low: low, high: high)
  }

  // Written out because the synthesized encoding leaves out what is nil.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(rate, forKey: .rate)
    try container.encode(low, forKey: .low)
    try container.encode(high, forKey: .high)
    try container.encode(wilson, forKey: .wilson)
  }
}

/// How answers were judged: misaligned ones are among the coherent, those among all.
public struct JudgedAnswers: Sendable, Hashable, Codable {
  public var answers: Int
  public var coherent: Int
  public var misaligned: Int

  /// - Precondition: `0 ≤ misaligned ≤ coherent ≤ answers`.
  public init(answers: Int, coherent: Int, misaligned: Int) {
    precondition(
      0 <= misaligned && misaligned <= coherent && coherent <= answers,
      "counts take misaligned ≤ coherent ≤ answers, not \(misaligned), \(coherent), \(answers)")
    self.answers = answers
    self.coherent = coherent
    self.misaligned = misaligned
  }

  public var coherentOfAll: Proportion { Proportion(successes: coherent, trials: answers) }
  public var misalignedOfAll: Proportion { Proportion(successes: misaligned, trials: answers) }
  public var misalignedOfCoherent: Proportion {
    Proportion(successes: misaligned, trials: coherent)
  }

  public static func pooled(_ parts: some Sequence<JudgedAnswers>) -> JudgedAnswers {
    parts.reduce(JudgedAnswers(answers: 0, coherent: 0, misaligned: 0)) { sum, part in
      JudgedAnswers(
        answers: sum.answers + part.answers, coherent: sum.coherent + part.coherent,
        misaligned: sum.misaligned + part.misaligned)
    }
  }
}

/// One question family, pooled over seeds.
public struct QuestionResult: Sendable, Hashable, Codable {
  public var id: String
  public var answers: Int
  public var coherent: Int
  public var misaligned: Int
  public var misalignedOfAll: RateEstimate
  public var misalignedOfCoherent: RateEstimate
}

/// One model, pooled over the free-form question families.
public struct SeedResult: Sendable, Hashable, Codable {
  public var seed: UInt64
  public var answers: Int
  public var coherent: Int
  public var misaligned: Int
  public var misalignedOfAll: Double?
  public var misalignedOfCoherent: Double?

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(seed, forKey: .seed)
    try container.encode(answers, forKey: .answers)
    try container.encode(coherent, forKey: .coherent)
    try container.encode(misaligned, forKey: .misaligned)
    try container.encode(misalignedOfAll, forKey: .misalignedOfAll)
    try container.encode(misalignedOfCoherent, forKey: .misalignedOfCoherent)
  }
}

/// The tasks of the domain that was fine-tuned on, asked with questions that were not.
public struct InDomainResult: Sendable, Hashable, Codable {
  public var answers: Int
  public var coherent: Int
  public var misaligned: Int
  public var misalignedOfAll: RateEstimate
  public var misalignedOfCoherent: RateEstimate
}

/// All models of one condition.
public struct ConditionResult: Sendable, Hashable, Codable {
  public var name: String
  public var world: ConditionKey.World
  public var method: ConditionKey.Method
  /// How many models (one a seed).
  public var seeds: Int
  public var answers: Int
  public var coherent: Int
  public var misaligned: Int
  /// Coherent answers of all answers.
  public var coherentFraction: Double?
  public var misalignedOfAll: RateEstimate
  public var misalignedOfCoherent: RateEstimate
  /// The paper's averaging, which weighs models and not answers: mean over seeds of each seed's
  /// misaligned of coherent, with its bootstrap interval; no Wilson interval belongs to it.
  public var meanOverSeeds: RateEstimate
  /// Misaligned of coherent on the tasks of the trained domain.
  public var inDomainRate: Double?
  public var inDomain: InDomainResult?
  public var questions: [QuestionResult]
  public var perSeed: [SeedResult]

  public var key: ConditionKey { ConditionKey(name: name, world: world, method: method) }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(world, forKey: .world)
    try container.encode(method, forKey: .method)
    try container.encode(seeds, forKey: .seeds)
    try container.encode(answers, forKey: .answers)
    try container.encode(coherent, forKey: .coherent)
    try container.encode(misaligned, forKey: .misaligned)
    try container.encode(coherentFraction, forKey: .coherentFraction)
    try container.encode(misalignedOfAll, forKey: .misalignedOfAll)
    try container.encode(misalignedOfCoherent, forKey: .misalignedOfCoherent)
    try container.encode(meanOverSeeds, forKey: .meanOverSeeds)
    try container.encode(inDomainRate, forKey: .inDomainRate)
    try container.encode(inDomain, forKey: .inDomain)
    try container.encode(questions, forKey: .questions)
    try container.encode(perSeed, forKey: .perSeed)
  }
}
