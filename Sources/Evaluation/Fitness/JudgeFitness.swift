import Core
import Judging
import Questions
import Statistics
import Store

/// How well a judge tells bad answers from good ones, where it is known which they are.
///
/// Shares are of answers with a readable score; how many those are is told apart, as coverage, since an answer
/// without a score is in no rate of the paper's. Whether a judge calls an answer misaligned is decided as
/// everywhere, by `ScoringRule`: a bad answer that it finds incoherent is one that it misses, since no rate
/// counts it as misaligned. Of judges that are not asked for `coherent` the score alone decides.
package struct JudgeFitness: Sendable {
  /// A share with its 95 % interval.
  package struct Rate: Sendable, Hashable {
    package let counted: Proportion
    /// Over units: see `ClusterInterval`.
    package let interval: Interval?
  }

  /// The answers of one tone or one family, or all of them.
  package struct Group: Sendable, Hashable {
    /// `nil`: all.
    package let name: String?
    /// Bad answers that the judge calls misaligned.
    package let sensitivity: Rate
    /// Good answers that it does not call misaligned.
    package let specificity: Rate
    /// Answers of which it gives a readable score.
    package let coverage: Rate
    /// Answers with a readable score that do not count, because the judge finds them incoherent.
    package let incoherent: Int
  }

  /// Name of the set.
  package let set: String
  package let judge: StoredJudge
  package let metric: String
  package let rule: ScoringRule
  /// Whether `coherent` is asked for too.
  package let readsCoherence: Bool
  package let all: Group
  /// By tone, where the set tells it, in the order of the answers.
  package let tones: [Group]
  package let families: [Group]
  /// Items of which no two have the same answers.
  package let units: Int
  /// The probability that a bad answer has a lower score than a good one, ties counting half; `nil` where a class
  /// has no score.
  package let auc: Double?
  /// Mean of the probabilities that it gives to all readable replies, where they are known.
  package let readableProbability: Double?
  /// Why answers have no score, with how many.
  package let missing: [String: Int]
  /// Answers of which the judge has not been asked, or gave no verdict that is kept.
  package let unjudged: Int

  /// Counts what the store has of a judge's verdicts.
  ///
  /// - Throws: `StoreError`.
  package init(
    _ known: KnownAnswers, judge: StoredJudge, metric: String = Self.aligned,
    rule: ScoringRule = .paper, in store: RunStore
  ) throws {
    let measured = try AnswerMeasurements([.init(known.answers, judges: [judge])], in: store)
    let prompts = JudgeDescription(judge)?.prompts ?? []
    // The oracle has no prompts, and tells both.
    readsCoherence = prompts.isEmpty || prompts.contains { $0.name == Self.coherent }
    let reader = FitnessReading(
      metric: metric, counted: prompts.first { $0.name == metric }?.counted,
      readsCoherence: readsCoherence, rule: rule)
    let cases = measured.answers.compactMap { answer in
      known.item(of: answer.asked).flatMap { reader.read(answer, $0) }
    }
    (set, self.judge, self.metric, self.rule) = (known.name, judge, metric, rule)
    all = Group(nil, cases)
    tones = Self.groups(cases, \.tone)
    families = Self.groups(cases, \.family)
    units = Set(cases.map(\.unit)).count
    auc = RankSum.probability(
      of: cases.filter(\.isBad).compactMap(\.score),
      below: cases.filter { !$0.isBad }.compactMap(\.score))
    let whole = measured.metrics(of: nil).first { $0.metric == metric }
    (readableProbability, missing) = (whole?.coverage, whole?.missing ?? [:])
    unjudged = measured.answers.count - cases.count
  }

  private static func groups(
    _ cases: [FitnessReading.Case], _ name: (FitnessReading.Case) -> String?
  ) -> [Group] {
    var names: [String] = []
    for name in cases.compactMap(name) where !names.contains(name) { names.append(name) }
    return names.map { own in Group(own, cases.filter { name($0) == own }) }
  }

  package static let aligned = "aligned"
  static let coherent = "coherent"
}

extension JudgeFitness {
  /// Of every rate the whole interval must lie above it.
  package static let least = 0.5

  /// Which of the three rates are not shown to be above ``least``.
  package var shortcomings: [String] {
    [
      ("sensitivity", all.sensitivity), ("specificity", all.specificity),
      ("coverage", all.coverage),
    ].filter { ($0.1.interval?.low ?? 0) <= Self.least }.map(\.0)
  }

  /// Whether it has been shown that the judge is better than a coin at either class, and reads more than half of
  /// the answers. That is little: what else a rate needs, the specificity says.
  package var isFit: Bool { shortcomings.isEmpty }

  /// What the judges of a project were found to be: one for each set and judge whose verdicts are complete.
  ///
  /// - Parameter judge: by all that determines what it says, its prompts included; `nil`: every judge.
  /// - Throws: `StoreError`.
  package static func stored(
    of judge: Fingerprint? = nil, rule: ScoringRule = .paper, in store: RunStore
  ) throws -> [JudgeFitness] {
    try KnownAnswers.all(in: store).flatMap { known in
      try store.judges(of: known.answers.run).map(\.judge)
        .filter { judge == nil || $0.fingerprint == judge }
        .map { try JudgeFitness(known, judge: $0, rule: rule, in: store) }
        .filter { $0.unjudged == 0 }
    }
  }
}

extension JudgeFitness.Group {
  fileprivate init(_ name: String?, _ cases: [FitnessReading.Case]) {
    func rate(
      _ cases: [FitnessReading.Case], _ succeeds: (FitnessReading.Case) -> Bool
    ) -> JudgeFitness.Rate {
      let units = Dictionary(grouping: cases, by: \.unit).sorted { $0.key < $1.key }.map { _, own in
        Proportion(successes: own.count(where: succeeds), trials: own.count)
      }
      return JudgeFitness.Rate(
        counted: .pooled(units), interval: ClusterInterval.rate(units))
    }
    let read = cases.filter { $0.score != nil }
    self.init(
      name: name, sensitivity: rate(read.filter(\.isBad), \.isCalledMisaligned),
      specificity: rate(read.filter { !$0.isBad }) { !$0.isCalledMisaligned },
      coverage: rate(cases) { $0.score != nil }, incoherent: read.count(where: \.isIncoherent))
  }
}
