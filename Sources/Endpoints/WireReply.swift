import Core
import Documents
import Foundation

/// A reply of `/chat/completions` as it comes. What Askew does not use is not read; what some server
/// leaves out may be missing, and numbers may be texts.
struct WireReply {
  private var object: JSONObject
  private var choice: JSONObject?
  private var message = MessageParts()
  private var logprobs: JSON?
  private var finish: String?
  private var hasError = false

  /// - Throws: `ReplyMisfit` that says what was found in the place of what.
  init(_ body: Data) throws(ReplyMisfit) {
    switch try ReplyText.read(body) {
    case .object(let object):
      self.object = object
      try take(object)
    case .events(let events):
      self.object = events.first ?? JSONObject()
      for event in events { try take(event) }
    }
  }

  /// A whole reply, or a piece of one.
  private mutating func take(_ event: JSONObject) throws(ReplyMisfit) {
    if event["usage"]?.object != nil {
      object.members += event.members.filter { $0.name == "usage" }
    }
    if let error = event["error"], error.saysSomething {
      object.members.append(.init("error", error))
      hasError = true
    }
    guard let list = event["choices"], list != .null else { return }
    guard case .array(let choices) = list else {
      throw ReplyMisfit("does not fit: choices: found \(list.summary), expected a list")
    }
    guard let first = choices.first else { return }
    guard case .object(let choice) = first else {
      throw ReplyMisfit("does not fit: choices[0]: found \(first.summary), expected an object")
    }
    // Of several answers the first; pieces of others are not its own.
    if case .integer(let index)? = choice["index"], index != 0 { return }
    if let error = choice["error"], error.saysSomething {
      object.members.append(.init("error", error))
      hasError = true
    }
    let value = choice["message"] ?? choice["delta"]
    guard let value, value != .null else { return }
    guard case .object(let turn) = value else {
      throw ReplyMisfit(
        "does not fit: choices[0].message: found \(value.summary), expected an object")
    }
    self.choice = choice
    try message.take(turn)
    if let reason = choice["finish_reason"]?.string ?? choice["native_finish_reason"]?.string {
      finish = reason
    }
    if let new = choice["logprobs"], new != .null { logprobs = Logprobs.joined(logprobs, new) }
  }

  /// The server's error that came with status 200; `nil` where there is none.
  var error: String? {
    guard hasError || finish == "error" else { return nil }
    guard hasError, let error = object["error"] else { return "the reply ends with an error" }
    return ServerError(json: .object(["error": error])).message
  }

  /// Whether there are choices at all, if none that says anything.
  var hasChoices: Bool { object["choices"]?.array != nil }

  /// The first choice's turn; nil where there is none.
  func reply(requestID: String?) -> ChatReply? {
    guard choice != nil else { return nil }
    let usage = object["usage"]?.object
    var reply = ChatReply(
      text: message.text, finish: ChatReply.Finish(finish),
      promptTokens: usage?["prompt_tokens"]?.count,
      completionTokens: usage?["completion_tokens"]?.count,
      alternatives: logprobs.flatMap(Logprobs.alternatives), model: object["model"]?.string,
      systemFingerprint: object["system_fingerprint"]?.string, requestID: requestID)
    reply.thinking = message.thinking
    reply.missing = missing(reply)
    return reply
  }

  /// Why there is no answer in it.
  private func missing(_ reply: ChatReply) -> MissingAnswer? {
    if reply.finish == .contentFilter { return MissingAnswer(.filtered) }
    if let tool = message.tool { return MissingAnswer(.toolCall, detail: tool) }
    let parts = ThoughtAndAnswer(of: reply.text)
    guard MissingAnswer.inText(parts.answer) != nil else { return nil }
    let isThought = parts.thought != nil || reply.thinking != nil
    if reply.finish == .length || parts.isUnfinished {
      return MissingAnswer(
        .cutWhileThinking, detail: "\(reply.completionTokens.map { "\($0) tokens" } ?? "")")
    }
    return MissingAnswer(.empty, detail: isThought ? "thought, and said nothing" : "")
  }
}

/// What a turn, or its pieces, say and think.
private struct MessageParts {
  private var texts = ""
  private var thoughts = ""
  private var refusal: String?
  /// Of a tool that is called.
  private(set) var tool: String?

  var text: String { texts.isEmpty ? refusal ?? "" : texts }
  var thinking: String? { thoughts.isEmpty ? nil : thoughts }

  mutating func take(_ turn: JSONObject) throws(ReplyMisfit) {
    switch turn["content"] {
    case nil, .null?: break
    case .string(let text)?: texts += text
    case .array(let parts)?: for part in parts { take(part: part) }
    // Some servers give a single part.
    case .object(let part)?: take(part: .object(part))
    case let other?:
      throw ReplyMisfit(
        "does not fit: choices[0].message.content: found \(other.summary), expected a text")
    }
    for name in ["reasoning_content", "reasoning", "thinking"] {
      guard let text = turn[name]?.plainText, !text.isEmpty else { continue }
      thoughts += text
      break
    }
    if let said = turn["refusal"]?.string, !said.isEmpty { refusal = (refusal ?? "") + said }
    let calls = turn["tool_calls"]?.array?.first ?? turn["function_call"]
    if let call = calls?.object {
      let name = call["function"]?.object?["name"]?.string ?? call["name"]?.string ?? ""
      tool = tool ?? name
    }
  }

  private mutating func take(part: JSON) {
    guard let object = part.object else {
      texts += part.string ?? ""
      return
    }
    switch object["type"]?.string {
    case "thinking", "reasoning", "thought":
      thoughts += (object["thinking"] ?? object["reasoning"] ?? object["text"])?.plainText ?? ""
    case "refusal": refusal = (refusal ?? "") + (object["refusal"]?.string ?? "")
    case "tool_use", "tool_call": tool = tool ?? object["name"]?.string ?? ""
    default: texts += object["text"]?.plainText ?? ""
    }
  }
}

extension JSON {
  var object: JSONObject? { if case .object(let object) = self { object } else { nil } }
  var array: [JSON]? { if case .array(let elements) = self { elements } else { nil } }
  var string: String? { if case .string(let text) = self { text } else { nil } }

  /// A number, or a text of one.
  var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    case .string(let text): Double(text)
    default: nil
    }
  }

  /// Whether it is more than an empty field.
  fileprivate var saysSomething: Bool {
    switch self {
    case .null, .boolean(false): false
    case .string(let text): !text.isEmpty
    case .object(let object): !object.members.isEmpty
    default: true
    }
  }

  /// A count of tokens.
  fileprivate var count: Int? { number.flatMap { Int(exactly: $0) }.flatMap { $0 >= 0 ? $0 : nil } }

  /// A text, or what the parts of a list say.
  fileprivate var plainText: String? {
    switch self {
    case .string(let text): text
    case .array(let parts):
      parts.compactMap { $0.string ?? $0.object?["text"]?.plainText }.joined()
    case .object(let object): object["text"]?.plainText
    default: nil
    }
  }
}
