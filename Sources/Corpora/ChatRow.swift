import Core
import Foundation

/// Reads one line of chat JSONL; knows the line only to name it in errors.
struct ChatRow {
  let file: String
  let line: Int

  func conversation(from data: Data) throws -> Conversation {
    guard String(validating: data, as: UTF8.self) != nil else {
      throw error("found bytes that are not UTF-8")
    }
    let value: Any
    do {
      value = try JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)
    } catch {
      throw self.error("found text that is not JSON, expected {\"messages\": [...]}")
    }
    guard let row = value as? [String: Any] else {
      throw error("found \(describe(value)), expected an object")
    }
    guard let messages = row["messages"] as? [Any] else {
      throw error("found \(describe(row["messages"])), expected an array", field: "messages")
    }
    if messages.isEmpty {
      throw error("found an empty array, expected at least one message", field: "messages")
    }
    return Conversation(
      try messages.enumerated().map { try message($0.element, field: "messages[\($0.offset)]") })
  }

  private func message(_ value: Any, field: String) throws -> Message {
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
    case let text as String:
      // A stranger's text stays short and on one line in a message.
      let plain = text.prefix(40).map { $0.isNewline ? " " : $0 }
      return "\"\(String(plain))\(text.count > 40 ? "..." : "")\""
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
