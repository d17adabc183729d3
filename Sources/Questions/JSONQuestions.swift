import Core
import Foundation

/// JSON lines: `{"id", "prompt" or "messages", "system"}`. Other fields are ignored.
struct JSONQuestions {
  let file: String
  let line: Int

  static func read(_ text: String, file: String) throws(InputError) -> [Question] {
    var questions: [Question] = []
    var ids: [(id: String, line: Int)] = []
    for (number, line) in QuestionFile.numberedLines(of: text) {
      questions.append(try JSONQuestions(file: file, line: number).question(line))
      ids.append((questions[questions.count - 1].id, number))
    }
    try QuestionFile.requireUnique(ids, file: file)
    return questions
  }

  private func question(_ text: String) throws(InputError) -> Question {
    let value = try? JSONSerialization.jsonObject(
      with: Data(text.utf8), options: .fragmentsAllowed)
    guard let value else { throw error("found text that is not JSON, expected an object") }
    guard let object = value as? [String: Any] else {
      throw error("found \(describe(value)), expected an object")
    }
    var system = try string(object["system"], field: "system")
    let prompt = try string(object["prompt"], field: "prompt")
    var turns: [Message] = []
    if let prompt {
      if object["messages"] != nil {
        throw error("found prompt and messages, expected one of them", field: "messages")
      }
      turns = [Message(role: .user, content: prompt)]
    } else {
      turns = try messages(object["messages"])
      if let first = turns.first, first.role == .system {
        guard system == nil else {
          throw error("found system again, expected it once", field: "messages[0]")
        }
        system = first.content
        turns.removeFirst()
      }
    }
    return Question(
      id: try id(object["id"]), paraphrases: [Conversation(turns)], system: system)
  }

  /// Numbers name questions too.
  private func id(_ value: Any?) throws(InputError) -> String {
    switch value {
    case nil, is NSNull: return "line-\(line)"
    case let text as String where !text.isEmpty: return text
    case let number as NSNumber where Int(exactly: number.doubleValue) != nil:
      return "\(number.intValue)"
    default: throw error("found \(describe(value)), expected a text", field: "id")
    }
  }

  private func messages(_ value: Any?) throws(InputError) -> [Message] {
    guard let elements = value as? [Any], !elements.isEmpty else {
      throw error("found \(describe(value)), expected prompt or messages", field: "messages")
    }
    var messages: [Message] = []
    for (index, element) in elements.enumerated() {
      let field = "messages[\(index)]"
      guard let object = element as? [String: Any] else {
        throw error("found \(describe(element)), expected an object", field: field)
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
      messages.append(Message(role: role, content: content))
    }
    guard messages.last?.role == .user else {
      throw error(
        "found a last turn that is not the user's, expected a question", field: "messages")
    }
    return messages
  }

  private func string(_ value: Any?, field: String) throws(InputError) -> String? {
    switch value {
    case nil, is NSNull: return nil
    case let text as String: return text
    default: throw error("found \(describe(value)), expected a string", field: field)
    }
  }

  private func describe(_ value: Any?) -> String {
    switch value {
    case nil: "nothing"
    case let text as String: text.quotedOnOneLine
    case let list as [Any]: list.isEmpty ? "an empty array" : "an array"
    case is [String: Any]: "an object"
    case is NSNull: "null"
    case let number as NSNumber: "\(number)"
    default: "a value of another kind"
    }
  }

  private func error(_ problem: String, field: String? = nil) -> InputError {
    InputError(problem, file: file, line: line, field: field)
  }
}
