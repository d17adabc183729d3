import Core
import Documents
import Foundation

/// Reads one line of chat JSONL; knows the line only to name it in errors.
struct ChatRow {
  let file: String
  let line: Int

  func conversation(from data: Data) throws(InputError) -> Conversation {
    let row = try object(from: data, expected: "{\"messages\": [...]}")
    return try named { () throws(InputError) in
      let chat = RowChat(
        try messages(row["messages"], field: "messages"),
        variables: try RowFields.variables(of: row))
      return try chat.plain()
    }
  }

  func dataRow(from data: Data) throws(InputError) -> DataRow {
    let row = try object(
      from: data, expected: "an object with messages, prompt and completion, or text")
    return try named { () throws(InputError) in try dataRow(row) }
  }

  func dataRow(_ row: JSONObject) throws(InputError) -> DataRow {
    if let value = row["messages"] {
      let messages = try messages(value, field: "messages")
      try requireAssistant(messages, field: "messages")
      return .chat(RowChat(messages, variables: try RowFields.variables(of: row)))
    }
    let (prompt, completion) = (row["prompt"], row["completion"])
    if prompt != nil || completion != nil {
      if case .array? = prompt { return try turns(prompt, completion, row) }
      if case .array? = completion { return try turns(prompt, completion, row) }
      try RowFields.refuse(row)
      return .completion(
        prompt: try string(prompt, field: "prompt"),
        completion: try string(completion, field: "completion"))
    }
    guard let text = row["text"] else {
      throw InputError("found none of messages, prompt and completion, text; expected one of them")
    }
    try RowFields.refuse(row)
    return .text(try string(text, field: "text"))
  }

  private func turns(
    _ prompt: JSON?, _ completion: JSON?, _ row: JSONObject
  ) throws(InputError) -> DataRow {
    let turns = try messages(completion, field: "completion")
    try requireAssistant(turns, field: "completion")
    let before = try messages(prompt, field: "prompt")
    return .chat(
      RowChat(
        before + turns, trainedFrom: before.count, variables: try RowFields.variables(of: row)))
  }

  private func requireAssistant(_ messages: [RowMessage], field: String) throws(InputError) {
    guard messages.contains(where: { $0.role == "assistant" }) else {
      throw InputError("found no assistant message, expected at least one", field: field)
    }
  }

  private func string(_ value: JSON?, field: String) throws(InputError) -> String {
    guard case .string(let text)? = value else {
      throw InputError("found \(describe(value)), expected a string", field: field)
    }
    return text
  }

  /// Python writes numbers that JSON does not have, and its readers take them.
  func object(from data: Data, expected: String) throws(InputError) -> JSONObject {
    guard String(validating: data, as: UTF8.self) != nil else {
      throw error("found bytes that are not UTF-8")
    }
    let value: JSON
    do {
      value = try JSON(bytes: [UInt8](data), nonFinite: .literals)
    } catch {
      throw self.error("found text that is not JSON (\(error.problem)), expected \(expected)")
    }
    guard case .object(let row) = value else {
      throw error("found \(describe(value)), expected an object")
    }
    return row
  }

  private func messages(_ value: JSON?, field: String) throws(InputError) -> [RowMessage] {
    guard case .array(let elements)? = value else {
      throw InputError("found \(describe(value)), expected an array", field: field)
    }
    if elements.isEmpty {
      throw InputError("found an empty array, expected at least one message", field: field)
    }
    var messages: [RowMessage] = []
    for (index, element) in elements.enumerated() {
      messages.append(try message(element, field: "\(field)[\(index)]"))
    }
    return messages
  }

  private static let roles = ["system", "user", "assistant", "tool"]

  private func message(_ value: JSON, field: String) throws(InputError) -> RowMessage {
    guard case .object(let object) = value else {
      throw InputError("found \(describe(value)), expected an object", field: field)
    }
    guard case .string(let role)? = object["role"], Self.roles.contains(role) else {
      throw InputError(
        "found \(describe(object["role"])), expected \(NearestName.alternatives(Self.roles))",
        field: field + ".role")
    }
    let further = further(object)
    let hasMore = further.contains { !RowFields.harmlessInMessages.contains($0.name) }
    var fields: JSONObject = ["role": .string(role)]
    var said = ""
    switch object["content"] {
    case .string(let text)?:
      said = text
      fields.members.append(.init("content", .string(text)))
    // Calls of tools stand alone; templates tell what is not there from what is null.
    case .null? where hasMore: fields.members.append(.init("content", .null))
    case nil where hasMore: break
    default:
      throw InputError(
        "found \(describe(object["content"])), expected a string", field: field + ".content")
    }
    switch object["name"] {
    case nil, .null?: break
    case .string(let name)?: fields.members.append(.init("name", .string(name)))
    case let other?:
      throw InputError("found \(describe(other)), expected a string", field: field + ".name")
    }
    fields.members += further
    return RowMessage(
      role: role, content: said,
      isMasked: try RowFields.isMasked(object, role: role, field: field), fields: fields)
  }

  /// What is left for the template: fields without a value are as good as missing.
  private func further(_ message: JSONObject) -> [JSONObject.Member] {
    let read = RowMessage.plainFields + RowFields.masks
    return message.members.filter { !read.contains($0.name) && !$0.value.isNothing }
  }

  private func describe(_ value: JSON?) -> String {
    switch value {
    case nil: "nothing"
    case .string(let text)?: text.quotedOnOneLine(limit: 40)
    case .array?: "an array"
    case let other?: other.summary
    }
  }

  /// With the place of what is thrown.
  func named<Value>(
    _ body: () throws(InputError) -> Value
  ) throws(InputError) -> Value {
    do throws(InputError) {
      return try body()
    } catch {
      throw self.error(error.problem, field: error.field)
    }
  }

  func error(_ problem: String, field: String? = nil) -> InputError {
    InputError(problem, file: file, line: line, field: field)
  }
}
