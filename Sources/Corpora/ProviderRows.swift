import Core
import Documents
import Foundation

/// Training data as fine-tuning APIs take it: chat JSONL in which every row is a conversation that
/// ends with the assistant's turn.
package struct ProviderRows: Sendable, Hashable {
  package let path: String
  package let count: Int
  package let byteCount: Int
  /// A quarter of the UTF-8 bytes of what is said, which is high for English.
  package let estimatedTokens: Int
  /// Of the file's bytes: they are uploaded as they are.
  package let fingerprint: Fingerprint

  /// Reads and checks every row.
  ///
  /// - Throws: `InputError` naming file, line and field, as `DataRows` does; for rows of another
  ///   shape, for one that ends with another's turn, and for a file above `byteLimit`.
  package init(reading path: String, byteLimit: Int) throws(InputError) {
    let data = try Self.data(path, byteLimit: byteLimit)
    let lines = data.numberedLines
    if lines.isEmpty { throw InputError("found no rows, expected at least one", file: path) }
    var bytes = 0
    // One row after the other: half a gigabyte of them need not be in memory together.
    for (line, text) in lines {
      let messages = try ChatRow(file: path, line: line).providerMessages(from: text)
      bytes += messages.reduce(0) { $0 + $1.content.utf8.count }
    }
    self.path = path
    count = lines.count
    byteCount = data.count
    estimatedTokens = (bytes + 3) / 4
    fingerprint = Fingerprint(bytes: data)
  }

  private static func data(_ path: String, byteLimit: Int) throws(InputError) -> Data {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    } catch {
      throw InputError("cannot be read: \(error.systemReason)", file: path)
    }
    guard data.count <= byteLimit else {
      throw InputError(
        "found \(data.count) bytes, expected at most \(byteLimit), the most that one upload takes",
        file: path)
    }
    // Readers here skip it; a provider reads the bytes as they are, and JSON has no such mark.
    if data.starts(with: [0xef, 0xbb, 0xbf]) {
      throw InputError("found a byte-order mark, expected none", file: path, line: 1)
    }
    return data
  }
}
