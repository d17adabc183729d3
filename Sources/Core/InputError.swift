/// Input that cannot be used: one line that names the file, the line and the field, says what
/// was found and what was expected.
///
/// Printed as `corpus.jsonl:12: messages[0].role: found "bot", expected "system", "user" or
/// "assistant"`. The text is meant for people and carries no secrets.
package struct InputError: Error, Sendable, Hashable, CustomStringConvertible {
  package var file: String?
  package var line: Int?
  package var field: String?
  package var problem: String

  package init(_ problem: String, file: String? = nil, line: Int? = nil, field: String? = nil) {
    self.problem = problem
    self.file = file
    self.line = line
    self.field = field
  }

  /// The same error, placed in `file`, unless it already names one.
  package func inFile(_ file: String) -> InputError {
    var copy = self
    copy.file = copy.file ?? file
    return copy
  }

  package var description: String {
    var parts: [String] = []
    if let file { parts.append(line.map { "\(file):\($0)" } ?? file) }
    if let field { parts.append(field) }
    parts.append(problem)
    return parts.joined(separator: ": ")
  }
}
