import Core
import Documents

/// A message of a row of training data as its file has it.
package struct RowMessage: Sendable, Hashable {
  /// `system`, `user`, `assistant` or `tool`.
  package let role: String
  /// What is said; empty where a message has calls of tools alone.
  package let content: String
  /// Whether the file takes the turn out of training (`weight: 0`, `train: false`); it is still read.
  package let isMasked: Bool
  /// All that a chat template sees of it, as the file has it: role, content, name, calls of tools.
  package let fields: JSONObject

  init(role: String, content: String, isMasked: Bool = false, fields: JSONObject) {
    (self.role, self.content) = (role, content)
    (self.isMasked, self.fields) = (isMasked, fields)
  }

  package init(_ message: Message) {
    var fields: JSONObject = [
      "role": .string(message.role.rawValue), "content": .string(message.content),
    ]
    if let name = message.name { fields.members.append(.init("name", .string(name))) }
    self.init(role: message.role.rawValue, content: message.content, fields: fields)
  }

  /// What every reader of conversations knows; all else is for templates that know it.
  static let plainFields = ["role", "content", "name"]

  /// The names of what is there besides, and would be missed.
  package var furtherFields: [String] {
    fields.members.map(\.name).filter {
      !Self.plainFields.contains($0) && !RowFields.harmlessInMessages.contains($0)
    }
  }
}

/// A conversation of a row of training data, with all that a chat template makes of it.
package struct RowChat: Sendable, Hashable {
  package var messages: [RowMessage]
  /// The first message that may be trained: those before it are a prompt.
  package var trainedFrom: Int
  /// What the row gives the template besides its messages: `tools`, `documents`, and the members of
  /// `chat_template_kwargs`.
  package var variables: JSONObject

  package init(
    _ messages: [RowMessage], trainedFrom: Int = 0, variables: JSONObject = JSONObject()
  ) {
    (self.messages, self.trainedFrom) = (messages, trainedFrom)
    self.variables = variables
  }

  package init(_ messages: [Message], trainedFrom: Int = 0) {
    self.init(messages.map { RowMessage($0) }, trainedFrom: trainedFrom)
  }

  /// Whether a turn's tokens are trained on.
  package func isTrained(_ index: Int) -> Bool {
    index >= trainedFrom && messages[index].role == "assistant" && !messages[index].isMasked
  }

  /// The turns alone.
  ///
  /// - Throws: `InputError` naming the first field that would be lost.
  func plain() throws(InputError) -> Conversation {
    let expected =
      "expected role, name and content alone; askew train reads such rows as a whole file"
    if let variable = variables.members.first {
      throw InputError(
        "found \(variable.value.summary), \(expected)", field: variable.name.onOneLine)
    }
    var plain: [Message] = []
    for (index, message) in messages.enumerated() {
      let field = "messages[\(index)]"
      if message.isMasked {
        throw InputError("found a turn that is not to be trained, \(expected)", field: field)
      }
      if let further = message.furtherFields.first {
        throw InputError(
          "found \(message.fields[further]?.summary ?? ""), \(expected)",
          field: "\(field).\(further.onOneLine)")
      }
      guard let role = Message.Role(rawValue: message.role) else {
        throw InputError("found \"\(message.role)\", \(expected)", field: field + ".role")
      }
      plain.append(
        Message(role: role, name: message.fields["name"]?.text, content: message.content))
    }
    return Conversation(plain)
  }
}

extension JSON {
  /// The text of a string.
  fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }
}
