import Core
import Documents
import Foundation

/// Reads questions: YAML as the paper publishes it, JSON lines, or plain text with a question on
/// each line. The name's ending decides: `.yaml` or `.yml`, `.jsonl`, any other.
public enum QuestionFile {
  /// The paper's files have up to 20 kB.
  private static let limit = TextFile.Limit(bytes: 1 << 22, of: "file")

  /// - Throws: `InputError` naming file, line and field, for what is no question, and for a file
  ///   without questions.
  public static func read(_ path: String) throws(InputError) -> [Question] {
    try questions(of: try TextFile(reading: path, limit: limit))
  }

  /// The questions in `data`; `file` decides how it is read and is the name that errors give.
  public static func parse(_ data: Data, file: String) throws(InputError) -> [Question] {
    try questions(of: try TextFile(bytes: [UInt8](data), file: file, limit: limit))
  }

  private static func questions(of source: TextFile) throws(InputError) -> [Question] {
    let file = source.file
    let ending = file.split(separator: "/").last?.split(separator: ".").last?.lowercased()
    let questions =
      switch ending {
      case "yaml", "yml": try YAMLQuestions.read(source)
      case "jsonl": try JSONQuestions.read(source.text, file: file)
      default: plain(source.text)
      }
    if questions.isEmpty {
      throw InputError("found no questions, expected at least one", file: file)
    }
    return questions
  }

  /// A question on each line that is not blank; the ids are `line-1` and so on.
  private static func plain(_ text: String) -> [Question] {
    numberedLines(of: text).map { number, line in
      Question(id: "line-\(number)", paraphrases: [Conversation(user: line)])
    }
  }

  /// The lines that are not blank, without white space at their ends.
  static func numberedLines(of text: String) -> [(number: Int, line: String)] {
    let lines = text.utf8.split(separator: 0x0a, omittingEmptySubsequences: false)
    return lines.enumerated().compactMap { index, line in
      let trimmed = String(Substring(line)).trimmed
      return trimmed.isEmpty ? nil : (index + 1, trimmed)
    }
  }

  /// Ids name answers, so that each may be there once.
  static func requireUnique(
    _ ids: [(id: String, line: Int)], file: String
  ) throws(InputError) {
    var lines: [String: Int] = [:]
    for (id, line) in ids {
      if let first = lines.updateValue(line, forKey: id) {
        throw InputError(
          "found id \(id.quotedOnOneLine) again, expected only that of line \(first)", file: file,
          line: line, field: "id")
      }
    }
  }
}

extension Conversation {
  /// One turn of the user.
  init(user text: String) { self.init([Message(role: .user, content: text)]) }
}

extension String {
  /// Without white space at its ends.
  var trimmed: String {
    var scalars = unicodeScalars[...]
    while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return String(scalars)
  }
}
