/// Why a template could not be read or rendered, and where:
/// `chat_template.jinja:12:5: "messages" is undefined`.
package struct TemplateError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The template's name, as it was given.
  package let name: String
  /// Counted from 1.
  package let line: Int
  /// In Unicode scalars, counted from 1.
  package let column: Int
  package let message: String
  /// Whether the template itself refused, by `raise_exception`.
  package let isRaised: Bool

  package init(name: String, line: Int, column: Int, message: String, isRaised: Bool = false) {
    self.name = name
    self.line = line
    self.column = column
    self.message = message
    self.isRaised = isRaised
  }

  package var description: String { "\(name):\(line):\(column): \(message)" }
}

/// A problem at a place in the template's scalars; becomes a `TemplateError` where the lines are
/// known.
struct TemplateFailure: Error {
  let message: String
  let position: Int
  var isRaised = false
}

/// Where the lines of a template begin.
struct SourceLines: Sendable {
  private let starts: [Int]

  init(_ source: [Unicode.Scalar]) {
    var starts = [0]
    for (index, scalar) in source.enumerated() where scalar == "\n" { starts.append(index + 1) }
    self.starts = starts
  }

  func error(_ failure: TemplateFailure, name: String) -> TemplateError {
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= failure.position { low = middle } else { high = middle }
    }
    return TemplateError(
      name: name, line: low + 1, column: failure.position - starts[low] + 1,
      message: failure.message, isRaised: failure.isRaised)
  }
}
