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

  /// How a model is loaded or reached.
  public struct ModelOptions: Sendable {
    public var adapter: String?
    /// `nil`: as the weights are stored.
    public var precision: Precision?
    public var threads = 1
    public var omitsSystemPrompt = false
    public var keyFile: String?
    public var limits = EndpointLimits()
    /// Knows the hashes of folders' files.
    public var memory = FolderMemory()

    public init() {}
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
    var outcome = try await ask(stop: stop) { done, total in onProgress(.asking, done, total) }
    let set = try AnswerSet(outcome.run, in: store, keys: outcome.keys)
      .judged(by: options.judgeQuestions, fallback: options.fallbackPrompts)
    var judges = try OwnReading().read(set, store: store)
    var counts = outcome.counts.map { [Phase.asking: $0] } ?? [:]
    if let judge {
      let judging = AnswerJudging(judge, options: options.judge, store: store)
      let judged = try await judging.judge(set, stop: stop) { onProgress(.judging, $0, $1) }
      judges += judged.outcome.judges
      counts[.judging] = judged.counts
      outcome.failures.merge(judged.outcome.failures, uniquingKeysWith: +)
    }
    let findings = try EvaluationFindings(
      set, model: "\(model)", judges: judges, expected: outcome.keys.count, rule: options.rule,
      store: store)
    return Outcome(findings: findings, counts: counts, failures: outcome.failures)
  }

  private struct Asked {
    let run: Run
    let keys: [AnswerKey]
    var counts: RequestCounts?
    var failures: [String: Int] = [:]
  }

  private func ask(
    stop: StopRequest, onProgress: @escaping @Sendable (Int, Int) -> Void
  ) async throws -> Asked {
    switch model {
    case .endpoint(let address):
      let keys = try EndpointSampling.keys(of: questions, samples: options.samples)
      let result = try await EndpointSampling.sample(
        of: address, options.model, questions: questions, settings: options.settings,
        samples: options.samples, store: store, stop: stop
      ) { onProgress($0, keys.count) }
      return Asked(run: result.run, keys: keys, counts: result.counts, failures: result.failures)
    case .folder(let path):
      let folder = try LoadedFolder(path, options.model)
      let sampling = FolderSampling(
        folder, questions: questions, settings: options.settings, samples: options.samples,
        store: store, name: "answers of \(model)")
      let keys = sampling.keys
      let pool = WorkerPool(threadCount: options.model.threads)
      defer { pool.stop() }
      _ = try sampling.sample(pool: pool, stop: stop) { onProgress($0, keys.count) }
      guard let run = try store.run(sampling.fingerprint) else {
        throw InputError("the answers are not in the store", file: store.path)
      }
      return Asked(run: run, keys: keys)
    }
  }
}

extension LoadedFolder {
  convenience init(_ path: String, _ options: Evaluation.ModelOptions) throws {
    try self.init(
      path, adapter: options.adapter, precision: try options.precision ?? .stored(in: path),
      omitsSystemPrompt: options.omitsSystemPrompt, memory: options.memory)
  }
}

/// Opens a client for as long as something is done with it.
enum EndpointConnection {
  static func with<Result: Sendable>(
    _ address: EndpointAddress, _ options: Evaluation.ModelOptions,
    _ body: (EndpointClient) async throws -> Result
  ) async throws -> Result {
    let environment = ProcessInfo.processInfo.environment
    let key = try EndpointKey.find(
      file: options.keyFile, environment: environment, for: address)
    let client = try EndpointClient(
      address, key: key, limits: options.limits, environment: environment)
    do {
      let result = try await body(client)
      await client.shutdown()
      return result
    } catch {
      await client.shutdown()
      throw error
    }
  }
}
