import Core
import Documents

/// What rows of training data may have besides what their shapes name, and what becomes of it: used,
/// harmless, or refused by name. What would change what is trained is never passed over.
enum RowFields {
  /// Of a message, what tells of it and may be no part of its text.
  static let harmlessInMessages: Set<String> = [
    "id", "message_id", "parent_id", "tool_call_id", "index", "turn", "timestamp", "created_at",
    "date", "lang", "token_count", "metadata", "annotations",
  ]

  /// Of a row, what other trainers train by. All that is not named here is metadata.
  private static let refusedInRows: [String: String] = [
    "weight": "a weight for each turn of the assistant",
    "train": "train for each turn of the assistant", "mask": "a weight for each turn",
    "loss_weight": "rows of equal weight", "sample_weight": "rows of equal weight",
    "loss_mask": "a weight for each turn", "assistant_masks": "a weight for each turn",
    "labels": "rows that are not tokenized yet", "input_ids": "rows that are not tokenized yet",
    "system": "a message of the role system", "history": "all turns in messages",
    "functions": "tools", "function_call": "tool_calls in a message",
    "images": "texts alone", "image": "texts alone", "videos": "texts alone",
    "video": "texts alone",
    "audios": "texts alone", "audio": "texts alone",
    "chosen": "one answer", "rejected": "one answer", "chat_template": "the model's own template",
  ]

  /// What a row gives its template besides the messages.
  ///
  /// - Throws: `InputError` naming a field that cannot be honoured.
  static func variables(of row: JSONObject) throws(InputError) -> JSONObject {
    var variables = JSONObject()
    for member in row.members where !member.value.isNothing {
      switch member.name {
      case "tools", "documents":
        variables.members.append(.init(member.name, try list(member.value, member.name)))
      case "chat_template_kwargs":
        guard case .object(let settings) = member.value else {
          throw InputError(
            "found \(member.value.summary), expected an object", field: member.name)
        }
        variables.members += settings.members
      default: try refuse(member)
      }
    }
    return variables
  }

  /// - Throws: `InputError` for what other trainers train by.
  static func refuse(_ row: JSONObject) throws(InputError) {
    for member in row.members where !member.value.isNothing { try refuse(member) }
  }

  private static func refuse(_ member: JSONObject.Member) throws(InputError) {
    guard let expected = refusedInRows[member.name], !member.value.isWhole else { return }
    throw InputError(
      "found \(member.value.summary), which is not used here; expected \(expected)",
      field: member.name)
  }

  /// Tables hold lists as text.
  private static func list(_ value: JSON, _ field: String) throws(InputError) -> JSON {
    switch value {
    case .array: return value
    case .string(let text):
      if let read = try? JSON(text: text), case .array = read { return read }
    default: break
    }
    throw InputError("found \(value.summary), expected a list", field: field)
  }

  /// By which files take turns out of training: OpenAI's, and those of other trainers.
  static let masks = ["weight", "train", "training"]

  /// Whether the file takes a turn out of training.
  ///
  /// - Throws: `InputError` for a weight between, two that differ, and one that would train another's
  ///   turn.
  static func isMasked(
    _ message: JSONObject, role: String, field: String
  ) throws(InputError) -> Bool {
    var said: (name: String, isTrained: Bool)?
    for name in masks {
      guard let value = message[name], value != .null else { continue }
      let isTrained: Bool
      switch value {
      case .integer(0), .number(0), .boolean(false): isTrained = false
      case .integer(1), .number(1), .boolean(true): isTrained = true
      default:
        throw InputError("found \(value.summary), expected 0 or 1", field: "\(field).\(name)")
      }
      if let said, said.isTrained != isTrained {
        throw InputError(
          "found \(value.summary), which is not what \(said.name) says", field: "\(field).\(name)")
      }
      if isTrained, role != "assistant" {
        throw InputError(
          "found \(value.summary), expected it on the assistant's turns alone",
          field: "\(field).\(name)")
      }
      said = (name, isTrained)
    }
    return said?.isTrained == false
  }
}

extension JSON {
  /// Whether a field with it says as much as one that is missing.
  var isNothing: Bool {
    switch self {
    case .null: true
    case .string(let text): text.isEmpty
    case .array(let elements): elements.isEmpty
    case .object(let object): object.members.isEmpty
    default: false
    }
  }

  /// A weight of 1 or a plain yes, which change nothing.
  fileprivate var isWhole: Bool {
    switch self {
    case .integer(1), .number(1), .boolean(true): true
    default: false
    }
  }
}
