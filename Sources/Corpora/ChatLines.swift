import Core
import Documents
import Foundation

/// Chat JSONL: one conversation a line, `{"messages":[{"role":"user","content":"…"},…]}`, the
/// layout that OpenAI, TRL and mlx-lm share. A message may also carry a `name`.
///
/// Blank lines and a leading byte-order mark are skipped. What messages have besides, such as `weight` and
/// `tool_calls`, is refused by name, since it would be lost; other fields of a row are metadata. Anything
/// else that is not of this shape is an `InputError` with file, line and field.
package enum ChatLines {
  /// The conversations of a file, in order.
  package static func read(_ path: String) throws -> [Conversation] {
    try numbered(in: path).map(\.conversation)
  }

  /// The conversations in `data`; `file` is the name that errors give.
  package static func parse(_ data: Data, file: String) throws -> [Conversation] {
    try numbered(in: data, file: file).map(\.conversation)
  }

  /// Writes the conversations, replacing the file at once or not at all.
  package static func write(_ rows: [Conversation], to path: String) throws {
    do {
      try Data(text(of: rows).utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw InputError("cannot be written: \(error.systemReason)", file: path)
    }
  }

  /// The conversations as chat JSONL, each line with its line feed.
  package static func text(of rows: [Conversation]) -> String {
    var text = ""
    for row in rows {
      text += #"{"messages":["#
      for (index, message) in row.messages.enumerated() {
        if index > 0 { text += "," }
        text += #"{"role":"\#(message.role.rawValue)","#
        if let name = message.name {
          text += #""name":"#
          text.appendJSON(name)
          text += ","
        }
        text += #""content":"#
        text.appendJSON(message.content)
        text += "}"
      }
      text += "]}\n"
    }
    return text
  }

  /// Each conversation with the number of its line, counted from 1.
  static func numbered(in path: String) throws -> [(line: Int, conversation: Conversation)] {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw InputError("cannot be read: \(error.systemReason)", file: path)
    }
    return try numbered(in: data, file: path)
  }

  private static func numbered(
    in data: Data, file: String
  ) throws -> [(line: Int, conversation: Conversation)] {
    var rows: [(line: Int, conversation: Conversation)] = []
    for (number, line) in data.numberedLines {
      rows.append((number, try ChatRow(file: file, line: number).conversation(from: line)))
    }
    return rows
  }
}
