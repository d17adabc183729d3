import Core
import Documents

/// A chat request that the guard can read whole, in the fields that are handed on.
///
/// What is not known is refused: a field that the guard does not read could carry what it would stop.
struct ProxiedRequest: Sendable {
  /// Refused, with what the client is told.
  struct Refusal: Error, Sendable {
    let status: Int
    let code: String
    let message: String

    init(_ message: String, status: Int = 400, code: String = "invalid_request_error") {
      (self.status, self.code, self.message) = (status, code, message)
    }
  }

  /// As the guard reads them: of content in parts the texts.
  let messages: [Message]
  let isStreamed: Bool
  /// Whether the client asked for usage at the end of a stream.
  let wantsUsage: Bool
  /// Whether there is content beside one answer's text: several answers, tools, log-probabilities.
  let isPlain: Bool
  private let fields: JSONObject

  private static let plain = [
    "temperature", "top_p", "max_tokens", "max_completion_tokens", "stop", "presence_penalty",
    "frequency_penalty", "logit_bias", "user", "seed", "reasoning_effort", "min_p", "top_k",
    "repetition_penalty",
  ]
  private static let further = [
    "n", "logprobs", "top_logprobs", "tools", "tool_choice", "parallel_tool_calls",
    "response_format",
  ]
  private static let own = ["model", "messages", "stream", "stream_options"]

  /// - Throws: `Refusal`.
  init(_ body: [UInt8], model: String) throws(Refusal) {
    let value: JSON
    do {
      value = try JSON(bytes: body)
    } catch {
      throw Refusal("the body is no JSON")
    }
    guard case .object(let fields) = value else { throw Refusal("the body is no JSON object") }
    let names = fields.members.map(\.name)
    guard Set(names).count == names.count else { throw Refusal("a field comes twice") }
    for name in names where !(Self.plain + Self.further + Self.own).contains(name) {
      throw Refusal("the field \(name.quotedOnOneLine) is not known here and is not handed on")
    }
    guard case .string(let asked)? = fields["model"], asked == model else {
      throw Refusal(
        "this guard stands in front of another model", status: 404, code: "model_not_found")
    }
    isStreamed = fields["stream"] == .boolean(true)
    if case .object(let options)? = fields["stream_options"] {
      wantsUsage = options["include_usage"] == .boolean(true)
    } else {
      wantsUsage = false
    }
    isPlain = !Self.further.contains { name in
      switch fields[name] {
      case nil, .null?, .boolean(false)?, .integer(1)?: false
      default: name != "response_format"
      }
    }
    guard case .array(let messages)? = fields["messages"], !messages.isEmpty else {
      throw Refusal("messages is missing or empty")
    }
    var read: [Message] = []
    for message in messages { read.append(try Self.message(message)) }
    guard read.contains(where: { $0.role == .user }) else {
      throw Refusal("messages has no user's turn")
    }
    self.messages = read
    self.fields = fields
  }

  /// The body that is handed on.
  func body(streaming: Bool) -> [UInt8] {
    var members = fields.members.filter { !["stream", "stream_options"].contains($0.name) }
    members.append(.init("stream", .boolean(streaming)))
    return Array(JSON.object(JSONObject(members)).text(pretty: false).utf8)
  }

  // MARK: - Messages

  private static let messageFields = [
    "role", "content", "name", "tool_calls", "tool_call_id", "refusal", "reasoning_content",
  ]

  private static func message(_ value: JSON) throws(Refusal) -> Message {
    guard case .object(let fields) = value, case .string(let role)? = fields["role"] else {
      throw Refusal("a message is no object with a role")
    }
    for member in fields.members where !messageFields.contains(member.name) {
      throw Refusal("the message's field \(member.name.quotedOnOneLine) is not known here")
    }
    var texts = try texts(fields["content"])
    for name in ["refusal", "reasoning_content"] { texts += try self.texts(fields[name]) }
    if let calls = fields["tool_calls"], calls != .null { texts.append(calls.text(pretty: false)) }
    let known: Message.Role =
      switch role {
      case "system", "developer": .system
      case "assistant": .assistant
      case "user", "tool": .user
      default: throw Refusal("the role \(role.quotedOnOneLine) is not known here")
      }
    return Message(role: known, content: texts.joined(separator: "\n"))
  }

  /// Of a text, or of parts that are texts; pictures and sounds the guard cannot read.
  private static func texts(_ value: JSON?) throws(Refusal) -> [String] {
    switch value {
    case nil, .null?: return []
    case .string(let text)?: return [text]
    case .array(let parts)?:
      return try parts.map { part throws(Refusal) in
        guard case .object(let fields) = part, fields["type"] == "text",
          case .string(let text)? = fields["text"], fields.members.count == 2
        else { throw Refusal("a part of the content is no text, which alone the guard can read") }
        return text
      }
    default: throw Refusal("a message's content is neither text nor parts")
    }
  }

  /// With what makes a chat that templates take: turns of user and assistant in turn, one system text at the start.
  var conversation: [Message] {
    var turns: [Message] = []
    let system = messages.filter { $0.role == .system }.map(\.content)
    if !system.isEmpty {
      turns.append(Message(role: .system, content: system.joined(separator: "\n")))
    }
    for message in messages where message.role != .system {
      if let last = turns.last, last.role == message.role {
        turns[turns.count - 1].content = last.content + "\n" + message.content
      } else {
        turns.append(message)
      }
    }
    // A chat that ends with an answer's beginning: the guard reads it as part of the answer.
    return turns
  }
}
