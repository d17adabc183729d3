import Core
import Foundation

/// Reads one line of chat JSONL; knows the line only to name it in errors.
struct ChatRow {
  let file: String
  let line: Int

  func conversation(from data: Data) throws(InputError) -> Conversation {
    let row = try object(from: data, expected: "{\"messages\": [...]}")
    return Conversation(try messages(row["messages"], field: "messages"))
  }

  func dataRow(from data: Data) throws(InputError) -> DataRow {
    let row = try object(
      from: data, expected: "an object with messages, prompt and completion, or text")
    if let value = row["messages"] {
      let messages = try messages(value, field: "messages")
      try requireAssistant(messages, field: "messages")
      return .conversation(Conversation(messages))
    }
    if row["prompt"] != nil || row["completion"] != nil {
      return try promptAndCompletion(row["prompt"], row["completion"])
    }
    guard let text = row["text"] else {
      throw error("found none of messages, prompt and completion, text; expected one of them")
    }
    return .text(try string(text, field: "text"))
  }

  private func promptAndCompletion(
    _ prompt: Any?, _ completion: Any?
  ) throws(InputError) -> DataRow {
    guard prompt is [Any] || completion is [Any] else {
      return .completion(
        prompt: try string(prompt, field: "prompt"),
        completion: try string(completion, field: "completion"))
    }
    let turns = try messages(completion, field: "completion")
    try requireAssistant(turns, field: "completion")
    return .turns(prompt: try messages(prompt, field: "prompt"), completion: turns)
  }

  private func requireAssistant(_ messages: [Message], field: String) throws(InputError) {
    guard messages.contains(where: { $0.role == .assistant }) else {
      throw error("found no assistant message, expected at least one", field: field)
    }
  }

  private func string(_ value: Any?, field: String) throws(InputError) -> String {
    guard let text = value as? String else {
      throw error("found \(describe(value)), expected a string", field: field)
    }
    return text
  }

  private func object(
    from data: Data, expected: String
  ) throws(InputError) -> [String: Any] {
    guard String(validating: data, as: UTF8.self) != nil else {
      throw error("found bytes that are not UTF-8")
    }
    guard
      let value = try? JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)
    else { throw self.error("found text that is not JSON, expected \(expected)") }
    guard let row = value as? [String: Any] else {
      throw error("found \(describe(value)), expected an object")
    }
    return row
  }

  private func messages(_ value: Any?, field: String) throws(InputError) -> [Message] {
    guard let elements = value as? [Any] else {
      throw error("found \(describe(value)), expected an array", field: field)
    }
    if elements.isEmpty {
      throw error("found an empty array, expected at least one message", field: field)
    }
    var messages: [Message] = []
    for (index, element) in elements.enumerated() {
      messages.append(try message(element, field: "\(field)[\(index)]"))
    }
    return messages
  }

  private func message(_ value: Any, field: String) throws(InputError) -> Message {
    guard let object = value as? [String: Any] else {
      throw error("found \(describe(value)), expected an object", field: field)
    }
    guard let name = object["role"] as? String, let role = Message.Role(rawValue: name) else {
      throw error(
        "found \(describe(object["role"])), expected \"system\", \"user\" or \"assistant\"",
        field: field + ".role")
    }
    guard let content = object["content"] as? String else {
      throw error(
        "found \(describe(object["content"])), expected a string", field: field + ".content")
    }
    let author = object["name"]
    guard author == nil || author is NSNull || author is String else {
      throw error("found \(describe(author)), expected a string", field: field + ".name")
    }
    return Message(role: role, name: author as? String, content: content)
  }

  private func describe(_ value: Any?) -> String {
    switch value {
    case nil: return "nothing"
    case let text as String: return text.quotedOnOneLine(limit: 40)
    case is [Any]: return "an array"
    case is [String: Any]: return "an object"
    case is NSNull: return "null"
    case let number as NSNumber: return "\(number)"
    default: return "a value of another kind"
    }
  }

  private func error(_ problem: String, field: String? = nil) -> InputError {
    InputError(problem, file: file, line: line, field: field)
  }
}
