import Core
import Documents
import Formats
import Foundation
import Interchange
import Judging
import Questions
import Store

extension AnswerSet {
  /// The answers with the scores of some judges, as other tools' formats are written from.
  ///
  /// - Parameters:
  ///   - task: the name of what was asked.
  ///   - judges: whose scores are in the log.
  /// - Throws: `StoreError`.
  package func log(task: String, judges: [StoredJudge], store: RunStore) throws -> AnswerLog {
    let scores = try judges.map { judge in
      JudgeScores(
        judge: try LoggedJudge(judge),
        scores: try store.measurements(of: run, judge: judge.fingerprint))
    }
    return AnswerLog(
      header: logHeader(task: task, judges: scores.map(\.judge)),
      samples: all.map { logged($0, scores) }, end: logEnd)
  }

  /// In the order of the store, with those that are missing.
  private var all: [AskedAnswer] {
    missing.isEmpty
      ? answers
      : (answers + missing).sorted {
        ($0.key.question, $0.key.sample) < ($1.key.question, $1.key.sample)
      }
  }

  private struct JudgeScores {
    var judge: LoggedJudge
    let scores: [AnswerKey: [StoredMeasurement]]

    init(judge: LoggedJudge, scores: [AnswerKey: [StoredMeasurement]]) {
      self.judge = judge
      self.scores = scores
      self.judge.metrics = Set(scores.values.flatMap { $0.map(\.metric) }).sorted()
    }
  }

  private func logHeader(task: String, judges: [LoggedJudge]) -> LogHeader {
    let settings = RunSettings(run)
    var header = LogHeader(
      task: task, created: run.created, started: run.created, model: settings.model ?? run.name)
    header.inspectModel = settings.inspectModel ?? "askew/answers"
    header.baseURL = settings.baseURL
    header.settings = settings.inspect
    header.dataset = LoggedDataset(name: task)
    header.judges = judges
    header.epochs = (all.map(\.key.sample).max() ?? 0) + 1
    header.tags = ["askew"]
    header.metadata = [
      "run": .string(run.fingerprint.hex), "settings": .string(run.settings),
    ]
    return header
  }

  private var logEnd: LogEnd {
    var usage = TokenUsage(inputTokens: 0, outputTokens: 0)
    for answer in all {
      usage.inputTokens += answer.answer.promptTokenCount ?? 0
      usage.outputTokens += answer.answer.tokenCount
    }
    let model = RunSettings(run).inspectModel ?? "askew/answers"
    return LogEnd(
      status: run.state == .done ? .success : .started, completed: run.finished,
      usage: [model: usage])
  }

  private func logged(_ answer: AskedAnswer, _ scores: [JudgeScores]) -> LoggedAnswer {
    var logged = LoggedAnswer(
      question: answer.wording.question.id, paraphrase: answer.wording.paraphrase,
      epoch: answer.key.sample + 1, prompt: answer.wording.messages.map { LoggedMessage($0) },
      answer: answer.missingReason?.kind == .empty ? nil : answer.answer.text,
      finish: FinishReason(answer.answer.finishReason))
    logged.missing = answer.missingReason
    logged.thinking = answer.answer.thinking
    logged.usage = TokenUsage(
      inputTokens: answer.answer.promptTokenCount ?? 0, outputTokens: answer.answer.tokenCount)
    logged.scores = scores.flatMap { judge in
      (judge.scores[answer.key] ?? []).map { LoggedScore($0, judge: judge.judge.name) }
    }
    return logged
  }
}

extension LoggedJudge {
  init(_ judge: StoredJudge) throws {
    let description = JudgeDescription(judge)
    self.init(
      name: judge.fingerprint.short, rule: description?.rule ?? "dish oracle",
      model: description?.model,
      promptHash: try description.map { try Fingerprint(of: $0.prompts).hex },
      version: description.map { "\($0.version)" }, metrics: [])
  }
}

extension LoggedScore {
  fileprivate init(_ measurement: StoredMeasurement, judge: String) {
    self.init(
      metric: measurement.metric, judge: judge,
      value: measurement.value.map(Value.number) ?? measurement.label.map(Value.label),
      coverage: measurement.coverage, reason: measurement.reason, text: measurement.reply)
  }
}

extension FinishReason {
  fileprivate init(_ reason: StoredAnswer.FinishReason) {
    switch reason {
    case .stop: self = .stop
    case .length: self = .maxTokens
    case .contentFilter: self = .contentFilter
    case .other: self = .unknown
    }
  }
}

/// What the settings of a run say about its model and its sampling.
private struct RunSettings {
  private let settings: JSONObject
  private let name: String

  init(_ run: Run) {
    name = run.name
    guard case .object(let object)? = try? JSON(text: run.settings) else {
      settings = JSONObject()
      return
    }
    settings = object
  }

  /// Of a run of `EndpointSampling` the address; of a folder what the run's name says.
  var model: String? {
    settings["model"]?.modelName
      ?? name.range(of: "dir:").map { String(name[$0.lowerBound...]) }
  }

  private var parts: (name: String, url: String)? {
    guard let model, model.hasPrefix("openai:"),
      let mark = model.range(of: "@http", options: .backwards)
    else { return nil }
    let name = model[model.index(model.startIndex, offsetBy: 7)..<mark.lowerBound]
    return (String(name), String(model[model.index(after: mark.lowerBound)...]))
  }

  var baseURL: String? { parts?.url }

  /// With it Inspect asks the same server again.
  var inspectModel: String? {
    if let parts { return LogHeader.inspectName(of: parts.name) }
    return model.map { "askew/\($0)" }
  }

  /// Sampling under Inspect's names.
  var inspect: JSONObject {
    var own = settings
    if case .object(let sampling)? = settings["sampling"] { own = sampling }
    let names = [
      ("temperature", "temperature"), ("topP", "top_p"), ("topK", "top_k"),
      ("maximumTokens", "max_tokens"), ("seed", "seed"),
    ]
    return JSONObject(
      names.compactMap { from, to in own[from].map { JSONObject.Member(to, $0) } })
  }
}

extension JSON {
  fileprivate var modelName: String? { if case .string(let name) = self { name } else { nil } }
}
