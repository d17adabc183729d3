import Core
import Documents
import Foundation

/// A row of training data, in one of the shapes that OpenAI, TRL and mlx-lm share.
package enum DataRow: Sendable, Hashable {
  /// `{"messages": […]}`: every turn of the assistant is trained, unless its `weight` is 0. Or
  /// `{"prompt": […], "completion": […]}`, both messages: the completion's turns are trained.
  case chat(RowChat)
  /// `{"prompt": "…", "completion": "…"}`: the completion is trained.
  case completion(prompt: String, completion: String)
  /// `{"text": "…"}`: all of it is trained.
  case text(String)

  package static func conversation(_ conversation: Conversation) -> DataRow {
    .chat(RowChat(conversation.messages))
  }

  package static func turns(prompt: [Message], completion: [Message]) -> DataRow {
    .chat(RowChat(prompt + completion, trainedFrom: prompt.count))
  }
}

/// Reads training data: JSON lines, each of which may be of any shape.
///
/// Blank lines and a leading byte-order mark are skipped. `weight` and `train` of a message take it out
/// of training; what else a message has, and the row's `tools`, is for the chat template. Fields by which
/// other trainers would train otherwise are refused by name; all others of a row are metadata. Where a row has the fields of several shapes, `messages` goes before `prompt` and
/// `completion`, and these before `text`.
package enum DataRows {
  /// The rows of a file with the numbers of their lines, counted from 1.
  ///
  /// - Throws: `InputError` naming file, line and field, for what is no row, for a conversation in
  ///   which the assistant says nothing, and for a file without rows.
  package static func read(_ path: String) throws(InputError) -> [(line: Int, row: DataRow)] {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw InputError("cannot be read: \(error.systemReason)", file: path)
    }
    return try parse(data, file: path)
  }

  /// The rows in `data`; `file` is the name that errors give.
  package static func parse(
    _ data: Data, file: String
  ) throws(InputError) -> [(line: Int, row: DataRow)] {
    var rows: [(line: Int, row: DataRow)] = []
    for (number, line) in data.numberedLines {
      rows.append((number, try ChatRow(file: file, line: number).dataRow(from: line)))
    }
    if rows.isEmpty { throw InputError("found no rows, expected at least one", file: file) }
    return rows
  }
}
