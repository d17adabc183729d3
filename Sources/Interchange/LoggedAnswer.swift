import Core
import Documents
import Foundation
import Judging

/// One answer: what was asked, what came, and what was said of it.
package struct LoggedAnswer: Sendable, Hashable {
  /// The question's id.
  package var question: String
  /// Which wording of the question, from 0; `nil` where it has one only, or none are known.
  package var paraphrase: Int?
  /// Which of the answers to this wording, from 1.
  package var epoch: Int
  /// What was asked, in the order of the conversation.
  package var prompt: [LoggedMessage]
  /// What a right answer would be; empty where there is no such thing.
  package var target: String
  /// What was said; `nil` if nothing was.
  package var answer: String?
  /// Why there is no answer, where that is known; `answer` is then what was said all the same.
  package var missing: MissingAnswer?
  /// What was thought before the answer, where that was told apart.
  package var thinking: String?
  package var finish: FinishReason
  package var usage: TokenUsage?
  /// From request to answer.
  package var seconds: Double?
  package var started: Date?
  package var completed: Date?
  package var uuid: String?
  package var error: String?
  /// What ended the conversation before the model did.
  package var limit: LoggedLimit?
  package var scores: [LoggedScore]
  /// What judges were asked about it.
  package var judgeCalls: [JudgeCall]
  package var metadata: JSONObject

  package init(
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
  package var missingReason: MissingAnswer? {
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
  package func score(_ metric: String, by judge: String? = nil) -> LoggedScore? {
    scores.first { $0.metric == metric && (judge == nil || $0.judge == judge) }
  }
}

/// A limit that a conversation ran into.
package struct LoggedLimit: Sendable, Hashable {
  /// Inspect's kinds; every other is `custom`.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case context, time, working, message, token, turn, cost, `operator`, custom
  }

  package var kind: Kind
  /// In the kind's unit: tokens, seconds, messages.
  package var value: Double

  package init(kind: Kind, value: Double) {
    self.kind = kind
    self.value = value
  }
}

/// A turn of a conversation; unlike `Core.Message` it may be the result of a tool.
package struct LoggedMessage: Sendable, Hashable {
  package enum Role: String, Sendable, Hashable, CaseIterable { case system, user, assistant, tool }

  package var role: Role
  /// The text alone: pictures and calls of tools are not kept.
  package var content: String

  package init(role: Role, content: String) {
    self.role = role
    self.content = content
  }

  package init(_ message: Message) {
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
package enum FinishReason: String, Sendable, Hashable, CaseIterable {
  /// The model ended it.
  case stop
  case maxTokens = "max_tokens"
  /// The model's context was full.
  case modelLength = "model_length"
  case toolCalls = "tool_calls"
  case contentFilter = "content_filter"
  case unknown

  /// Reads Inspect's names, those of OpenAI's API, and takes all else for `unknown`.
  package init(name: String?) {
    self = name == "length" ? .maxTokens : name.flatMap(FinishReason.init(rawValue:)) ?? .unknown
  }
}

/// One score of one answer.
package struct LoggedScore: Sendable, Hashable {
  package enum Value: Sendable, Hashable {
    case number(Double)
    case label(String)
  }

  /// What is measured, such as `aligned`.
  package var metric: String
  /// The name of the judge in `LogHeader.judges`; `nil` if the log does not say.
  package var judge: String?
  /// `nil` if there is no score; `reason` says why where it is known.
  package var value: Value?
  /// The probability that the judge gave to all valid labels together, from 0 to 1.
  package var coverage: Double?
  package var reason: String?
  /// What the judge answered, or what was read from the answer.
  package var text: String?
  package var explanation: String?
  package var metadata: JSONObject

  package init(
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

  package init(_ measurement: Judging.Measurement, judge: String?, text: String? = nil) {
    let value = measurement.value.map(Value.number) ?? measurement.label.map(Value.label)
    self.init(
      metric: measurement.metric, judge: judge, value: value, coverage: measurement.coverage,
      reason: measurement.reason, text: text)
  }

  /// The value as a number, labels as Inspect's `value_to_float` reads them: `C` is 1, `P` is 0.5,
  /// `I` and `N` are 0, yes and true are 1, no and false are 0, digits are themselves. `nil` for
  /// other labels, where Inspect warns and takes 0.
  package var number: Double? {
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
package struct JudgeCall: Sendable, Hashable {
  package var metric: String?
  package var model: String
  package var prompt: [LoggedMessage]
  package var reply: String

  package init(metric: String?, model: String, prompt: [LoggedMessage], reply: String) {
    self.metric = metric
    self.model = model
    self.prompt = prompt
    self.reply = reply
  }
}
