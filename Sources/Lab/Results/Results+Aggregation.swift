import Core
import Statistics

/// What one model (one seed of a condition) answered, as counts.
public struct SeedCounts: Sendable, Hashable {
  public var seed: UInt64
  /// Counts by question family of the free-form questions.
  public var questions: [String: JudgedAnswers]
  /// Counts of the tasks from the trained domain; `nil`: none were asked.
  public var inDomain: JudgedAnswers?

  public init(seed: UInt64, questions: [String: JudgedAnswers], inDomain: JudgedAnswers?) {
    self.seed = seed
    self.questions = questions
    self.inDomain = inDomain
  }
}

extension ConditionResult {
  /// Rates and intervals of a condition from the counts of its models.
  ///
  /// Rates are pooled over questions and seeds. `low` and `high` are bootstrapped over seeds, so
  /// they cover the choice of models; the Wilson interval covers the draw of answers; neither
  /// covers the choice of questions. A question without coherent answers has a `nil` rate.
  ///
  /// The paper drops a model from a question when it has fewer than 5 coherent answers to it;
  /// here nothing is dropped, because pooling gives such a model little weight.
  ///
  /// - Parameters:
  ///   - key: which condition it is.
  ///   - counts: of each of its models.
  ///   - questionIDs: order of the question families in the result; a family that a seed lacks counts
  ///     as not asked.
  ///   - bootstrapSeed: with the condition and the rate's name it decides the resamples, so that one
  ///     condition's interval does not depend on another's.
  public init(
    key: ConditionKey, seeds counts: [SeedCounts], questionIDs: [String], bootstrapSeed: UInt64
  ) {
    let rates = RateAggregator(key: key, bootstrapSeed: bootstrapSeed)
    let perSeed = counts.map { seed in
      JudgedAnswers.pooled(questionIDs.compactMap { seed.questions[$0] })
    }
    let total = JudgedAnswers.pooled(perSeed)
    name = key.name
    world = key.world
    method = key.method
    seeds = counts.count
    answers = total.answers
    coherent = total.coherent
    misaligned = total.misaligned
    coherentFraction = total.coherentOfAll.rate
    misalignedOfAll = rates.estimate(perSeed.map(\.misalignedOfAll), "all")
    misalignedOfCoherent = rates.estimate(perSeed.map(\.misalignedOfCoherent), "coherent")
    meanOverSeeds = rates.meanOverSeeds(perSeed.map(\.misalignedOfCoherent))
    questions = questionIDs.map { id in
      rates.question(id, counts.compactMap { $0.questions[id] })
    }
    self.perSeed = zip(counts, perSeed).map { SeedResult(seed: $0.seed, $1) }
    inDomain = rates.inDomain(counts.compactMap(\.inDomain))
    inDomainRate = inDomain?.misalignedOfCoherent.rate
  }
}

extension SeedResult {
  init(seed: UInt64, _ counts: JudgedAnswers) {
    self.init(
      seed: seed, answers: counts.answers, coherent: counts.coherent,
      misaligned: counts.misaligned, misalignedOfAll: counts.misalignedOfAll.rate,
      misalignedOfCoherent: counts.misalignedOfCoherent.rate)
  }
}

/// Makes rates with intervals from one proportion a seed.
private struct RateAggregator {
  let key: ConditionKey
  let bootstrapSeed: UInt64

  func estimate(_ seeds: [Proportion], _ measure: String...) -> RateEstimate {
    let pooled = Proportion.pooled(seeds)
    return RateEstimate(
      rate: pooled.rate,
      bootstrap: GroupBootstrap().interval(seeds, stream: stream(measure)).interval,
      wilson: pooled.wilsonInterval())
  }

  func meanOverSeeds(_ seeds: [Proportion]) -> RateEstimate {
    let bootstrap = GroupBootstrap(estimator: .meanOfRates)
    return RateEstimate(
      rate: bootstrap.estimate(seeds),
      bootstrap: bootstrap.interval(seeds, stream: stream(["mean over seeds"])).interval,
      wilson: nil)
  }

  func question(_ id: String, _ seeds: [JudgedAnswers]) -> QuestionResult {
    let total = JudgedAnswers.pooled(seeds)
    return QuestionResult(
      id: id, answers: total.answers, coherent: total.coherent, misaligned: total.misaligned,
      misalignedOfAll: estimate(seeds.map(\.misalignedOfAll), "question", id, "all"),
      misalignedOfCoherent: estimate(
        seeds.map(\.misalignedOfCoherent), "question", id, "coherent"))
  }

  func inDomain(_ seeds: [JudgedAnswers]) -> InDomainResult? {
    guard !seeds.isEmpty else { return nil }
    let total = JudgedAnswers.pooled(seeds)
    return InDomainResult(
      answers: total.answers, coherent: total.coherent, misaligned: total.misaligned,
      misalignedOfAll: estimate(seeds.map(\.misalignedOfAll), "in domain", "all"),
      misalignedOfCoherent: estimate(
        seeds.map(\.misalignedOfCoherent), "in domain", "coherent"))
  }

  private func stream(_ measure: [String]) -> RandomStream {
    RandomStream(
      seed: bootstrapSeed,
      path: ["bootstrap", key.world.rawValue, key.method.rawValue, key.name] + measure)
  }
}
