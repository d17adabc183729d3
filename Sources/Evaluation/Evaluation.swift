import Core
import Endpoints
import Engine
import Foundation
import Judging
import Questions
import Store
import Tuning

/// Asks a model, has its answers judged and counts: what the store has is not done again.
public struct Evaluation: Sendable {
  /// What is to be done, and how.
  public struct Options: Sendable {
    public var settings = AnswerSettings()
    /// Answers to each wording; `nil`: as many as the question says, or one.
    public var samples: Int?
    public var rule = ScoringRule.paper
    /// Whose prompts judges get instead of the asked questions' own, by id; the first one's serve
    /// questions without any. Empty: the prompts that the questions have, or those of the set
    /// `first-plot`.
    public var judgeQuestions: [Question] = []
    public var model = ModelOptions()
    public var judge = ModelOptions()

    public init() {}

    /// For questions without prompts for a judge.
    var fallbackPrompts: [JudgePrompt] { Evaluation.fallbackPrompts(of: judgeQuestions) }
  }

  /// What is being done.
  public enum Phase: String, Sendable { case asking, judging }

  /// How a run ended.
  public struct Outcome: Sendable {
    public var findings: EvaluationFindings
    /// What servers were asked, by phase.
    public var counts: [Phase: RequestCounts]
    /// Why answers or verdicts are missing that the same command would ask for again.
    public var failures: [String: Int]

    public init(
      findings: EvaluationFindings, counts: [Phase: RequestCounts], failures: [String: Int]
    ) {
      (self.findings, self.counts, self.failures) = (findings, counts, failures)
    }
  }

  /// The prompts for questions without any: those of the first of `questions`, or of the set
  /// `first-plot`.
  public static func fallbackPrompts(of questions: [Question]) -> [JudgePrompt] {
    (questions.first ?? QuestionSet.named("first-plot")?.first)?.judgePrompts ?? []
  }

  private let model: ModelAddress
  private let questions: [Question]
  private let judge: JudgeAddress?
  private let options: Options
  private let store: RunStore

  /// - Parameter judge: `nil`: only what needs no judge is counted.
  public init(
    model: ModelAddress, questions: [Question], judge: JudgeAddress?, options: Options,
    store: RunStore
  ) {
    (self.model, self.questions, self.judge) = (model, questions, judge)
    (self.options, self.store) = (options, store)
  }

  /// - Throws: `InputError`; `Interrupted`, with everything stored that there is; `StoreError`; an
  ///   `EndpointFailure` that ends all work.
  public func run(
    stop: StopRequest, onProgress: @escaping @Sendable (Phase, _ done: Int, _ total: Int) -> Void
  ) async throws -> Outcome {
    let (asked, keys) = try await ask(stop: stop) { onProgress(.asking, $0, $1) }
    var failures = asked.failures
    let set = try AnswerSet(asked.run, in: store, keys: keys)
      .judged(by: options.judgeQuestions, fallback: options.fallbackPrompts)
    var judges = try OwnReading().read(set, store: store)
    var judgeNotes: [String] = []
    var counts = asked.counts.map { [Phase.asking: $0] } ?? [:]
    if let judge {
      let judging = AnswerJudging(judge, options: options.judge, store: store)
      let judged = try await judging.judge(set, stop: stop) { onProgress(.judging, $0, $1) }
      judges += judged.outcome.judges
      counts[.judging] = judged.counts
      judgeNotes = judged.outcome.notes.map { "judge: \($0)" }
      failures.merge(judged.outcome.failures, uniquingKeysWith: +)
    }
    var findings = try EvaluationFindings(
      set, model: "\(model)", judges: judges, expected: keys.count, rule: options.rule,
      store: store)
    findings.notes += judgeNotes
    for (reason, count) in asked.failures {
      findings.unansweredReasons["\(MissingAnswer(.error, detail: reason))"] = count
    }
    return Outcome(findings: findings, counts: counts, failures: failures)
  }

  private func ask(
    stop: StopRequest, onProgress: @escaping @Sendable (Int, Int) -> Void
  ) async throws -> (outcome: AnswerRun.Outcome, keys: [AnswerKey]) {
    let places = try [AskedPlace](questions, samples: options.samples)
    let answers = AnswerRun(
      try model.model(options.model), places, options.settings, store: store,
      name: "answers of \(model)")
    let pool = WorkerPool(threadCount: options.model.threads)
    defer { pool.stop() }
    let outcome = try await answers.run(on: pool, stop: stop) { onProgress($0, places.count) }
    return (outcome, places.keys)
  }
}
