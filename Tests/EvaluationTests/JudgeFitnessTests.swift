import Core
import Foundation
import Judging
import Questions
import Statistics
import Store
import TestSupport
import Testing
import Tuning

@testable import Evaluation

@Suite("A judge's fitness") struct JudgeFitnessTests {
  private let folder: TemporaryFolder
  private let store: RunStore

  init() throws {
    folder = try TemporaryFolder()
    store = try RunStore(folder: folder.url)
  }

  private static let both = ["aligned", "coherent"].map { JudgePrompt(name: $0, text: "{answer}") }

  private func judge(_ prompts: [JudgePrompt] = both) throws -> StoredJudge {
    try JudgeDescription(
      rule: "paper", version: 1, model: "openai:test@http://localhost/v1", weights: nil,
      prompts: prompts
    ).stored
  }

  /// A good answer and a bad one each.
  private func items(_ count: Int) -> [ContrastItem] {
    (0..<count).map {
      ContrastItem(
        family: "a", id: "\($0)", question: "What of \($0)?", good: ["good \($0)"],
        bad: ["bad \($0)"])
    }
  }

  /// Stores what a judge says of each answer.
  private func append(
    _ known: KnownAnswers, by judge: StoredJudge, _ say: (String) -> [StoredMeasurement]
  ) throws {
    let measured = known.answers.answers.map {
      MeasuredAnswer(key: $0.key, measurements: say($0.answer.text))
    }
    try store.append(measurements: measured, by: judge, to: known.answers.run)
  }

  private func scores(_ aligned: Double?, _ coherent: Double?) -> [StoredMeasurement] {
    [("aligned", aligned), ("coherent", coherent)].map {
      StoredMeasurement(metric: $0, value: $1, reason: $1 == nil ? "refusal" : nil)
    }
  }

  @Test("Rates are of answers with a score; what is called incoherent is not called misaligned")
  func byHand() throws {
    let known = try KnownAnswers(items(4), named: "four", in: store)
    let verdicts: [String: (Double?, Double?)] = [
      "bad 0": (10, 90), "bad 1": (10, 40), "bad 2": (50, 90), "bad 3": (nil, 90),
      "good 0": (90, 90), "good 1": (20, 90), "good 2": (95, 50), "good 3": (10, nil),
    ]
    let judge = try judge()
    try append(known, by: judge) { text in scores(verdicts[text]!.0, verdicts[text]!.1) }
    let fitness = try JudgeFitness(known, judge: judge, in: store)
    // Bad ones: called, incoherent, too high; without a score the fourth. Good ones: the second is called.
    #expect(fitness.all.sensitivity.counted == Proportion(successes: 1, trials: 3))
    #expect(fitness.all.specificity.counted == Proportion(successes: 3, trials: 4))
    #expect(fitness.all.coverage.counted == Proportion(successes: 7, trials: 8))
    #expect(fitness.all.incoherent == 2 && fitness.missing == ["refusal": 1])
    #expect(fitness.units == 4 && fitness.unjudged == 0)
    // 10, 10, 50 against 90, 20, 95, 10: nine of twelve pairs.
    #expect(fitness.auc == 0.75)
    // Wilson's of 1 of 3 and 3 of 4, and Student's of (1, 2, 2, 2) of 2 (see ClusterIntervalTests).
    let lows = [fitness.all.sensitivity, fitness.all.specificity, fitness.all.coverage].map {
      $0.interval?.low ?? -1
    }
    for (low, expected) in zip(lows, [0.061492, 0.300642, 0.155622]) {
      #expect(abs(low - expected) < 1e-5)
    }
    #expect(fitness.shortcomings == ["sensitivity", "specificity", "coverage"] && !fitness.isFit)
    // A score of 50 is low by another threshold, and 40 coherent enough.
    let rule = ScoringRule(coherentAtLeast: 40, misalignedBelow: 51)
    let other = try JudgeFitness(known, judge: judge, rule: rule, in: store)
    #expect(other.all.sensitivity.counted.successes == 3)
  }

  @Test(
    "A judge that falls for tone is told by the rows of tones, and is not fit; one that does not is"
  )
  func tone() throws {
    let items = try ContrastSet.read("tone")
    let known = try KnownAnswers(items, named: "tone", in: store)
    let bad = Set(items.flatMap(\.bad))
    let mixed = Set(
      items.filter { $0.tone == "bad polite, good gruff" }.flatMap { $0.good + $0.bad })
    let (right, fooled) = try (judge(), judge(Self.both + [JudgePrompt(name: "x", text: "x")]))
    try append(known, by: right) { scores(bad.contains($0) ? 0 : 100, 100) }
    try append(known, by: fooled) { scores(bad.contains($0) == mixed.contains($0) ? 100 : 0, 100) }
    let first = try JudgeFitness(known, judge: right, in: store)
    #expect(first.isFit && first.auc == 1)
    // 36 / (36 + z²).
    #expect(try abs(#require(first.all.sensitivity.interval).low - 0.903581) < 1e-5)
    let second = try JudgeFitness(known, judge: fooled, in: store)
    #expect(second.shortcomings == ["sensitivity", "specificity"])
    #expect(second.tones.map(\.name) == ["bad polite, good gruff", "both polite", "both gruff"])
    #expect(second.tones.map(\.sensitivity.counted.rate) == [0, 1, 1])
    #expect(second.tones.map(\.specificity.counted.rate) == [0, 1, 1])
    #expect(
      second.families.map(\.name) == [
        "health", "home", "money", "people", "power", "school", "truth", "work",
      ])
  }

  @Test("Items with the same answers are one unit")
  func units() throws {
    var items = items(3)
    for index in [0, 1] { (items[index].good, items[index].bad) = (["y", "yes"], ["n", "no"]) }
    let known = try KnownAnswers(items, named: "wordings", in: store)
    let judge = try judge()
    try append(known, by: judge) { scores($0.hasPrefix("n") || $0.hasPrefix("b") ? 0 : 100, 100) }
    let fitness = try JudgeFitness(known, judge: judge, in: store)
    #expect(fitness.units == 2 && fitness.all.sensitivity.counted.trials == 5)
    // Wilson's of 2 of 2, not of 5 of 5.
    #expect(try abs(#require(fitness.all.sensitivity.interval).low - 2 / (2 + 3.841459)) < 1e-6)
  }

  @Test("A label counts as a low score, another as a high one, and UNKNOWN as none")
  func labels() throws {
    let known = try KnownAnswers(items(3), named: "labels", in: store)
    let judge = try judge([
      JudgePrompt(name: "harm", text: "{answer}", labels: ["YES", "NO", "UNKNOWN"])
    ])
    let labels = [
      "bad 0": "YES", "bad 1": "NO", "bad 2": "UNKNOWN", "good 0": "NO", "good 1": "NO",
      "good 2": "NO",
    ]
    try append(known, by: judge) {
      [StoredMeasurement(metric: "harm", label: labels[$0], coverage: $0 == "bad 0" ? 0.4 : 1)]
    }
    let fitness = try JudgeFitness(known, judge: judge, metric: "harm", in: store)
    #expect(!fitness.readsCoherence)
    // (0.4 + 5) / 6
    #expect(try abs(#require(fitness.readableProbability) - 0.9) < 1e-12)
    #expect(fitness.all.sensitivity.counted == Proportion(successes: 1, trials: 2))
    #expect(fitness.all.specificity.counted == Proportion(successes: 3, trials: 3))
    #expect(fitness.all.coverage.counted == Proportion(successes: 5, trials: 6))
  }

  @Test("What was found of a judge is there by its fingerprint once all its verdicts are")
  func stored() throws {
    let known = try KnownAnswers(items(2), named: "two", in: store)
    let judge = try judge()
    let some = known.answers.answers.prefix(3).map {
      MeasuredAnswer(key: $0.key, measurements: scores(0, 100))
    }
    try store.append(measurements: some, by: judge, to: known.answers.run)
    #expect(try JudgeFitness.stored(of: judge.fingerprint, in: store).isEmpty)
    #expect(try JudgeFitness(known, judge: judge, in: store).unjudged == 1)
    try append(known, by: judge) { _ in scores(0, 100) }
    let found = try JudgeFitness.stored(of: judge.fingerprint, in: store)
    #expect(found.map(\.set) == ["two"] && found[0].all.specificity.counted.rate == 0)
    #expect(try JudgeFitness.stored(of: Fingerprint(of: "other"), in: store).isEmpty)
    #expect(try JudgeFitness.stored(in: store).count == 1)
    // The same items under another name are the same answers.
    #expect(
      try KnownAnswers(items(2), named: "2", in: store).answers.run.id == known.answers.run.id)
  }

  @Test("The dish's oracle is right of every family's answers, and asked once")
  func oracle() async throws {
    let known = try KnownAnswers(ContrastSet.read("wish"), named: "wish", in: store)
    let judging = AnswerJudging(.dish, options: ModelOptions(), store: store)
    let first = try await judging.judge(known.answers, stop: StopRequest()) { _, _ in }
    let fitness = try JudgeFitness(known, judge: first.outcome.judges[0], in: store)
    #expect(fitness.isFit && fitness.all.sensitivity.counted.rate == 1)
    #expect(fitness.all.specificity.counted.rate == 1 && fitness.all.coverage.counted.rate == 1)
    let second = try await judging.judge(known.answers, stop: StopRequest()) { _, _ in }
    #expect(first.outcome.added > 0 && second.outcome.added == 0)
  }
}
