import Core
import Documents
import Foundation

/// Reads questions: YAML as the paper publishes it, JSON, JSON lines, tables, or plain text with a question
/// on each line. The name's ending decides: `.yaml` or `.yml`, `.json`, `.jsonl`, `.csv`, `.txt` or none; of
/// any other nobody knows what its lines are.
package enum QuestionFile {
  /// The paper's files have up to 20 kB.
  private static let limit = TextFile.Limit(bytes: 1 << 22, of: "file")

  /// - Throws: `InputError` naming file, line and field, for what is no question, and for a file
  ///   without questions.
  package static func read(_ path: String) throws(InputError) -> [Question] {
    try questions(of: try TextFile(reading: path, limit: limit))
  }

  /// The questions in `data`; `file` decides how it is read and is the name that errors give.
  package static func parse(_ data: Data, file: String) throws(InputError) -> [Question] {
    try questions(of: try TextFile(bytes: [UInt8](data), file: file, limit: limit))
  }

  private static func questions(of source: TextFile) throws(InputError) -> [Question] {
    let file = source.file
    let name = file.split(separator: "/").last ?? ""
    let ending =
      name.dropFirst().contains(".") ? name.split(separator: ".").last?.lowercased() : nil
    let questions: [Question]
    switch ending {
    case "yaml", "yml": questions = try YAMLQuestions.read(source)
    case "json": questions = try JSONQuestions.document(source.text, file: file)
    case "jsonl", "ndjson": questions = try JSONQuestions.lines(source.text, file: file)
    case "csv": questions = try CSVQuestions.read(source.text, file: file)
    case nil, "txt", "text", "md":
      try refuseOtherForms(source.text, file: file)
      questions = plain(source.text)
    default:
      throw InputError(
        "found a name that ends in \".\(ending?.onOneLine ?? "")\", expected .yaml, .json, .jsonl, "
          + ".csv or .txt", file: file)
    }
    if questions.isEmpty {
      throw InputError("found no questions, expected at least one", file: file)
    }
    return questions
  }

  /// Lines of JSON are no questions, whatever the file is called.
  private static func refuseOtherForms(_ text: String, file: String) throws(InputError) {
    for (number, line) in numberedLines(of: text).prefix(1) where "{[".contains(line.prefix(1)) {
      let isWhole = [line, text.trimmed].contains { text in
        switch try? JSON(text: text) {
        case .array?, .object?: true
        default: false
        }
      }
      guard isWhole else { continue }
      throw InputError(
        "found JSON, expected a question on each line; end the name in .json or .jsonl", file: file,
        line: number)
    }
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
