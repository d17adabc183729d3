import Core
import Foundation

/// The rows that a model is fine-tuned on, in their order.
package struct FineTuningSet: Sendable, Hashable {
  package let name: String
  package let rows: [Conversation]
  /// The SHA-256 of the rows as chat JSONL, which is also that of the file that
  /// ``ChatLines/write(_:to:)`` writes. The name does not enter: a model learns from the rows.
  package let fingerprint: Fingerprint

  package init(name: String, rows: [Conversation]) {
    self.name = name
    self.rows = rows
    fingerprint = Fingerprint(bytes: Data(ChatLines.text(of: rows).utf8))
  }

  /// Reads a set from a chat JSONL file.
  ///
  /// - Throws: `InputError` naming file, line and field for what is no chat row, for a row in
  ///   which the assistant says nothing (there is nothing to learn from it), and for no rows.
  package init(name: String, reading path: String) throws {
    let lines = try ChatLines.numbered(in: path)
    if lines.isEmpty {
      throw InputError("found no rows, expected at least one", file: path)
    }
    for (number, row) in lines where !row.messages.contains(where: { $0.role == .assistant }) {
      throw InputError(
        "found no assistant message, expected at least one",
        file: path, line: number, field: "messages")
    }
    self.init(name: name, rows: lines.map(\.conversation))
  }
}
