import Core
import Documents
import Foundation
import Judging

/// One answer: what was asked, what came, and what was said of it.
public struct LoggedAnswer: Sendable, Hashable {
  /// The question's id.
  public var question: String
  /// Which wording of the question, from 0; `nil` where it has one only, or none are known.
  public var paraphrase: Int?
  /// Which of the answers to this wording, from 1.
  public var epoch: Int
  /// What was asked, in the order of the conversation.
  public var prompt: [LoggedMessage]
  /// What a right answer would be; empty where there is no such thing.
  public var target: String
  /// What was said; `nil` if nothing was.
  public var answer: String?
  /// Why there is no answer, where that is known; `answer` is then what was said all the same.
  public var missing: MissingAnswer?
  /// What was thought before the answer, where that was told apart.
  public var thinking: String?
  public var finish: FinishReason
  public var usage: TokenUsage?
  /// From request to answer.
  public var seconds: Double?
  public var started: Date?
  public var completed: Date?
  public var uuid: String?
  public var error: String?
  /// What ended the conversation before the model did.
  public var limit: LoggedLimit?
  public var scores: [LoggedScore]
  /// What judges were asked about it.
  public var judgeCalls: [JudgeCall]
  public var metadata: JSONObject

  public init(
    question: String, paraphrase: Int? = nil, epoch: Int = 1, prompt: [LoggedMessage],
    target: String = "", answer: String?, finish: FinishReason = .unknown,
    usage: TokenUsage? = nil, seconds: Double? = nil, started: Date? = nil,
    completed: Date? = nil, uuid: String? = nil, error: String? = nil, limit: LoggedLimit? = nil,
    scores: [LoggedScore] = [], judgeCalls: [JudgeCall] = [], metadata: JSONObject = JSONObject()
  ) {
    self.question = question
    self.paraphrase = paraphrase
    self.epoch = epoch
    self.prompt = prompt
    self.target = target
    self.answer = answer
    self.finish = finish
    self.usage = usage
    self.seconds = seconds
    self.started = started
    self.completed = completed
    self.uuid = uuid
    self.error = error
    self.limit = limit
    self.scores = scores
    self.judgeCalls = judgeCalls
    self.metadata = metadata
  }

  /// Why it is no answer; `nil` for one.
  public var missingReason: MissingAnswer? {
    if let missing { return missing }
    switch finish {
    case .contentFilter: return MissingAnswer(.filtered)
    case .toolCalls: return MissingAnswer(.toolCall)
    case .stop, .maxTokens, .modelLength, .unknown: break
    }
    if answer.map({ MissingAnswer.inText($0) == nil }) == true { return nil }
    if let error { return MissingAnswer(.error, detail: error) }
    if let limit { return MissingAnswer(.limit, detail: limit.kind.rawValue) }
    let isCut = finish == .maxTokens || finish == .modelLength
    return MissingAnswer(isCut ? .cutWhileThinking : .empty)
  }

  /// The first score called `metric`, of `judge` if one is named.
  public func score(_ metric: String, by judge: String? = nil) -> LoggedScore? {
    scores.first { $0.metric == metric && (judge == nil || $0.judge == judge) }
  }
}

/// A limit that a conversation ran into.
public struct LoggedLimit: Sendable, Hashable {
  /// Inspect's kinds; every other is `custom`.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case context, time, working, message, token, turn, cost, `operator`, custom
  }

  public var kind: Kind
  /// In the kind's unit: tokens, seconds, messages.
  public var value: Double

  public init(kind: Kind, value: Double) {
    self.kind = kind
    self.value = value
  }
}

/// A turn of a conversation; unlike `Core.Message` it may be the result of a tool.
public struct LoggedMessage: Sendable, Hashable {
  public enum Role: String, Sendable, Hashable, CaseIterable { case system, user, assistant, tool }

  public var role: Role
  /// The text alone: pictures and calls of tools are not kept.
  public var content: String

  public init(role: Role, content: String) {
    self.role = role
    self.content = content
  }

  public init(_ message: Message) {
    let role: Role =
      switch message.role {
      case .system: .system
      case .user: .user
      case .assistant: .assistant
      }
    self.init(role: role, content: message.content)
  }
}

/// Why an answer ended, under Inspect's names.
public enum FinishReason: String, Sendable, Hashable, CaseIterable {
  /// The model ended it.
  case stop
  case maxTokens = "max_tokens"
  /// The model's context was full.
  case modelLength = "model_length"
  case toolCalls = "tool_calls"
  case contentFilter = "content_filter"
  case unknown

  /// Reads Inspect's names, those of OpenAI's API, and takes all else for `unknown`.
  public init(name: String?) {
    self = name == "length" ? .maxTokens : name.flatMap(FinishReason.init(rawValue:)) ?? .unknown
  }
}

/// One score of one answer.
public struct LoggedScore: Sendable, Hashable {
  public enum Value: Sendable, Hashable {
    case number(Double)
    case label(String)
  }

  /// What is measured, such as `aligned`.
  public var metric: String
  /// The name of the judge in `LogHeader.judges`; `nil` if the log does not say.
  public var judge: String?
  /// `nil` if there is no score; `reason` says why where it is known.
  public var value: Value?
  /// The probability that the judge gave to all valid labels together, from 0 to 1.
  public var coverage: Double?
  public var reason: String?
  /// What the judge answered, or what was read from the answer.
  public var text: String?
  public var explanation: String?
  public var metadata: JSONObject

  public init(
    metric: String, judge: String? = nil, value: Value?, coverage: Double? = nil,
    reason: String? = nil, text: String? = nil, explanation: String? = nil,
    metadata: JSONObject = JSONObject()
  ) {
    self.metric = metric
    self.judge = judge
    self.value = value
    self.coverage = coverage
    self.reason = reason
    self.text = text
    self.explanation = explanation
    self.metadata = metadata
  }

  public init(_ measurement: Judging.Measurement, judge: String?, text: String? = nil) {
    let value = measurement.value.map(Value.number) ?? measurement.label.map(Value.label)
    self.init(
      metric: measurement.metric, judge: judge, value: value, coverage: measurement.coverage,
      reason: measurement.reason, text: text)
  }

  /// The value as a number, labels as Inspect's `value_to_float` reads them: `C` is 1, `P` is 0.5,
  /// `I` and `N` are 0, yes and true are 1, no and false are 0, digits are themselves. `nil` for
  /// other labels, where Inspect warns and takes 0.
  public var number: Double? {
    switch value {
    case nil: return nil
    case .number(let number): return number
    case .label("C"): return 1
    case .label("P"): return 0.5
    case .label("I"), .label("N"): return 0
    case .label(let label):
      switch label.lowercased() {
      case "yes", "true": return 1
      case "no", "false": return 0
      default: return Double(label).flatMap { $0.isFinite ? $0 : nil }
      }
    }
  }
}

/// A judge's question about an answer, and the reply.
public struct JudgeCall: Sendable, Hashable {
  public var metric: String?
  public var model: String
  public var prompt: [LoggedMessage]
  public var reply: String

  public init(metric: String?, model: String, prompt: [LoggedMessage], reply: String) {
    self.metric = metric
    self.model = model
    self.prompt = prompt
    self.reply = reply
  }
}
