import Core
import Documents

/// One question of a line, of a list in JSON or of a table: `id`, `prompt` or `messages`, `system`; or
/// all that the paper's layout has. A field that is not known is refused by name, since leaving it out
/// could change what is asked.
struct QuestionRecord {
  let file: String
  let line: Int?
  /// Before the names of fields, such as `[3].`.
  var place = ""
  /// The id where there is none.
  let defaultID: String

  /// Names of the text that is asked, in files of this field's tools.
  static let promptNames = ["prompt", "question", "input", "text"]
  /// What tells of a question and changes neither what is asked nor how it is judged; the first is
  /// the column that pandas writes without a name.
  static let harmless: Set<String> = [
    "", "Unnamed: 0", "index", "category", "topic", "topics", "tags", "subject", "domain", "source",
    "dataset", "split", "language", "difficulty", "notes", "comment", "description", "metadata",
    "target", "reference", "expected", "created_at",
  ]
  private static let known =
    ["id", "question_id", "messages", "system", "system_prompt"] + promptNames

  func question(_ object: JSONObject) throws(InputError) -> Question {
    if object["paraphrases"] != nil { return try inFull(object) }
    for member in object.members
    where !Self.known.contains(member.name) && !Self.harmless.contains(member.name)
      && member.value != .null
    {
      throw error(
        "unknown field, \(NearestName.advice(for: member.name, among: Self.known))",
        field: member.name)
    }
    var system = try string(object, "system")
    if system == nil { system = try string(object, "system_prompt") }
    let prompts = Self.promptNames.filter { object[$0] != nil && object[$0] != .null }
    var turns: [Message] = []
    if let name = prompts.first {
      if let other = prompts.dropFirst().first ?? (object["messages"].map { _ in "messages" }) {
        throw error("found \(name) and \(other), expected one of them", field: other)
      }
      turns = [Message(role: .user, content: try string(object, name) ?? "")]
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
    guard turns.last?.role == .user else {
      throw error(
        "found a last turn that is not the user's, expected a question", field: "messages")
    }
    return Question(id: try id(object), paraphrases: [Conversation(turns)], system: system)
  }

  /// As the paper's layout has it.
  private func inFull(_ object: JSONObject) throws(InputError) -> Question {
    var object = object
    if object["id"] == nil { object.members.append(.init("id", .string(defaultID))) }
    do throws(InputError) {
      return try YAMLQuestions.question(
        YAMLValue(.object(object), file: file, line: line ?? 1, path: String(place.dropLast())))
    } catch {
      throw InputError(error.problem, file: file, line: line, field: error.field)
    }
  }

  /// Numbers name questions too.
  private func id(_ object: JSONObject) throws(InputError) -> String {
    let name = object["id"] == nil ? "question_id" : "id"
    switch object[name] {
    case nil, .null?: return defaultID
    case .string(let text)? where !text.isEmpty: return text
    case .integer(let number)?: return "\(number)"
    case .number(let number)?:
      if let whole = Int(exactly: number) { return "\(whole)" }
      fallthrough
    default: throw error("found \(describe(object[name])), expected a text", field: name)
    }
  }

  private func messages(_ value: JSON?) throws(InputError) -> [Message] {
    guard case .array(let elements)? = value, !elements.isEmpty else {
      throw error("found \(describe(value)), expected prompt or messages", field: "messages")
    }
    var messages: [Message] = []
    for (index, element) in elements.enumerated() {
      let field = "messages[\(index)]"
      guard case .object(let object) = element else {
        throw error("found \(describe(element)), expected an object", field: field)
      }
      guard case .string(let name)? = object["role"], let role = Message.Role(rawValue: name) else {
        throw error(
          "found \(describe(object["role"])), expected \"system\", \"user\" or \"assistant\"",
          field: field + ".role")
      }
      guard case .string(let content)? = object["content"] else {
        throw error(
          "found \(describe(object["content"])), expected a string", field: field + ".content")
      }
      for member in object.members
      where !["role", "content"].contains(member.name) && member.value != .null {
        throw error(
          "found \(describe(member.value)), expected role and content alone",
          field: "\(field).\(member.name.onOneLine)")
      }
      messages.append(Message(role: role, content: content))
    }
    return messages
  }

  private func string(_ object: JSONObject, _ name: String) throws(InputError) -> String? {
    switch object[name] {
    case nil, .null?: return nil
    case .string(let text)?: return text
    case let other?: throw error("found \(describe(other)), expected a string", field: name)
    }
  }

  private func describe(_ value: JSON?) -> String {
    switch value {
    case nil: "nothing"
    case .array(let list)?: list.isEmpty ? "an empty array" : "an array"
    case let other?: other.summary
    }
  }

  func error(_ problem: String, field: String? = nil) -> InputError {
    InputError(
      problem, file: file, line: line, field: field.map { place + $0.onOneLine })
  }
}
