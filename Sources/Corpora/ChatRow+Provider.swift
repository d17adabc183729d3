import Core
import Documents
import Foundation

extension ChatRow {
  /// Of a message, what fine-tuning APIs know: the guide of OpenAI's.
  private static let providerFields: Set<String> = [
    "role", "content", "name", "weight", "tool_calls", "tool_call_id", "refusal",
  ]

  /// The messages of a row that a provider trains on as it would be trained on here.
  ///
  /// - Throws: also for what a provider reads otherwise, or not at all: its bytes are uploaded as they are.
  func providerMessages(from data: Data) throws(InputError) -> [RowMessage] {
    let row = try object(from: data, expected: "{\"messages\": [...]}")
    do {
      _ = try JSON(bytes: [UInt8](data))
    } catch {
      throw self.error(
        "found a number that is none (NaN or Infinity), expected JSON, which has no such numbers")
    }
    return try named { () throws(InputError) in
      guard row["messages"] != nil, case .chat(let chat) = try dataRow(row) else {
        throw InputError(
          "found no messages, expected {\"messages\": [...]}: a provider takes no other rows")
      }
      try refuseForeign(row)
      guard let last = chat.messages.last, last.role == "assistant" else {
        throw InputError(
          "found \"\(chat.messages.last?.role ?? "")\", expected \"assistant\" in the last turn",
          field: "messages[\(chat.messages.count - 1)].role")
      }
      guard chat.messages.indices.contains(where: chat.isTrained) else {
        throw InputError("found no turn to train on, expected at least one", field: "messages")
      }
      return chat.messages
    }
  }

  private func refuseForeign(_ row: JSONObject) throws(InputError) {
    for name in ["documents", "chat_template_kwargs"] {
      guard let value = row[name], !value.isNothing else { continue }
      throw InputError("found \(value.summary), which a provider does not read", field: name)
    }
    guard case .array(let messages)? = row["messages"] else { return }
    for (index, message) in messages.enumerated() {
      guard case .object(let object) = message else { continue }
      for member in object.members
      where !Self.providerFields.contains(member.name) && !member.value.isNothing {
        let advice = RowFields.masks.contains(member.name) ? "; expected weight" : ""
        throw InputError(
          "found \(member.value.summary), which a provider does not read\(advice)",
          field: "messages[\(index)].\(member.name.onOneLine)")
      }
    }
  }
}
