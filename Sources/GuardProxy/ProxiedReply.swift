import Core
import Documents
import Foundation

/// What a model answered, in the fields that the guard reads; nothing else is handed on.
struct ProxiedReply: Sendable {
  struct Choice: Sendable {
    var content: String?
    var reasoning: String?
    var refusal: String?
    /// Rebuilt: ids, names and arguments.
    var toolCalls: [ToolCall] = []
    var finish: String
    /// Tokens with their alternatives.
    var logprobs: [TokenChoice] = []
    var isStopped = false
  }

  struct ToolCall: Sendable {
    let name: String
    let arguments: String
  }

  struct TokenChoice: Sendable {
    let token: String
    let logprob: Double
    let others: [(token: String, logprob: Double)]
  }

  var choices: [Choice]
  var usage: [String: Int]

  private static let finishes = ["stop", "length", "tool_calls", "content_filter"]

  /// `nil`: nothing that can be read.
  init?(_ body: Data) {
    guard case .object(let fields)? = try? JSON(bytes: Array(body)),
      case .array(let values)? = fields["choices"], !values.isEmpty
    else { return nil }
    choices = []
    for value in values {
      guard let choice = Self.choice(value) else { return nil }
      choices.append(choice)
    }
    usage = [:]
    if case .object(let counts)? = fields["usage"] {
      for name in ["prompt_tokens", "completion_tokens", "total_tokens"] {
        if case .integer(let count)? = counts[name] { usage[name] = count }
      }
    }
  }

  private static func choice(_ value: JSON) -> Choice? {
    guard case .object(let fields) = value, case .object(let message)? = fields["message"] else {
      return nil
    }
    func text(_ name: String) -> String?? {
      switch message[name] {
      case nil, .null?: .some(nil)
      case .string(let text)?: text
      default: nil
      }
    }
    guard let content = text("content"), let refusal = text("refusal"),
      let long = text("reasoning_content"), let short = text("reasoning"),
      let calls = toolCalls(message["tool_calls"]), let logprobs = logprobs(fields["logprobs"])
    else { return nil }
    var finish = "stop"
    if case .string(let said)? = fields["finish_reason"], finishes.contains(said) { finish = said }
    return Choice(
      content: content, reasoning: long ?? short, refusal: refusal, toolCalls: calls,
      finish: finish, logprobs: logprobs)
  }

  private static func toolCalls(_ value: JSON?) -> [ToolCall]? {
    guard let value, value != .null else { return [] }
    guard case .array(let calls) = value else { return nil }
    var read: [ToolCall] = []
    for call in calls {
      guard case .object(let fields) = call, case .object(let function)? = fields["function"],
        case .string(let name)? = function["name"],
        case .string(let arguments)? = function["arguments"]
      else { return nil }
      read.append(ToolCall(name: name, arguments: arguments))
    }
    return read
  }

  private static func logprobs(_ value: JSON?) -> [TokenChoice]? {
    guard let value, value != .null else { return [] }
    guard case .object(let fields) = value, let content = fields["content"] else { return nil }
    guard content != .null else { return [] }
    guard case .array(let tokens) = content else { return nil }
    var read: [TokenChoice] = []
    for token in tokens {
      guard let own = pair(token), case .object(let fields) = token else { return nil }
      var others: [(String, Double)] = []
      if case .array(let values)? = fields["top_logprobs"] {
        for value in values {
          guard let other = pair(value) else { return nil }
          others.append(other)
        }
      }
      read.append(TokenChoice(token: own.0, logprob: own.1, others: others))
    }
    return read
  }

  private static func pair(_ value: JSON) -> (String, Double)? {
    guard case .object(let fields) = value, case .string(let token)? = fields["token"] else {
      return nil
    }
    switch fields["logprob"] {
    case .number(let number)?: return (token, number)
    case .integer(let number)?: return (token, Double(number))
    default: return nil
    }
  }
}

extension ProxiedReply.Choice {
  /// All that it says, each a text of its own: the answer, what it thought, tools and their arguments, and what would
  /// have been said by the alternatives of each rank.
  var texts: [String] {
    var texts = [content, reasoning, refusal].compactMap { $0 }
    texts += toolCalls.map { $0.name + "\n" + $0.arguments }
    texts.append(logprobs.map(\.token).joined())
    for rank in 0..<(logprobs.map(\.others.count).max() ?? 0) {
      texts.append(
        logprobs.map { rank < $0.others.count ? $0.others[rank].token : "" }.joined())
    }
    var seen = Set<String>()
    return texts.filter { !$0.isEmpty && seen.insert($0).inserted }
  }

  /// Without anything of what it said.
  static let stopped = ProxiedReply.Choice(
    content: "", finish: "content_filter", isStopped: true)
}
