import Core
import Documents
import Foundation

/// A row of training data, in one of the shapes that OpenAI, TRL and mlx-lm share.
public enum DataRow: Sendable, Hashable {
  /// `{"messages": […]}`: every turn of the assistant is trained.
  case conversation(Conversation)
  /// `{"prompt": […], "completion": […]}`, both messages: the completion's turns are trained.
  case turns(prompt: [Message], completion: [Message])
  /// `{"prompt": "…", "completion": "…"}`: the completion is trained.
  case completion(prompt: String, completion: String)
  /// `{"text": "…"}`: all of it is trained.
  case text(String)
}

/// Reads training data: JSON lines, each of which may be of any shape.
///
/// Blank lines and a leading byte-order mark are skipped; fields that a shape does not have are
/// ignored. Where a row has the fields of several shapes, `messages` goes before `prompt` and
/// `completion`, and these before `text`.
public enum DataRows {
  /// The rows of a file with the numbers of their lines, counted from 1.
  ///
  /// - Throws: `InputError` naming file, line and field, for what is no row, for a conversation in
  ///   which the assistant says nothing, and for a file without rows.
  public static func read(_ path: String) throws(InputError) -> [(line: Int, row: DataRow)] {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw InputError("cannot be read: \(error.systemReason)", file: path)
    }
    return try parse(data, file: path)
  }

  /// The rows in `data`; `file` is the name that errors give.
  public static func parse(
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
