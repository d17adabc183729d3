extension String {
  /// A stranger's text as it may stand in a message: on one line, without what steers a terminal,
  /// turns the direction of text around or hides itself, and cut after eighty scalars.
  package var onOneLine: String { onOneLine(limit: 80) }

  /// The same, cut after `limit` scalars, which `…` tells; `nil` cuts nothing.
  ///
  /// Control and format characters, line and paragraph separators and what is not assigned are
  /// written as in Swift's literals, such as `\u{1B}`.
  package func onOneLine(limit: Int?) -> String {
    var line = ""
    var left = limit ?? .max
    for scalar in unicodeScalars {
      guard left > 0 else { return line + "…" }
      left -= 1
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned:
        line += scalar.escaped(asASCII: true)
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line
  }

  /// On one line, cut after eighty scalars, in quotes.
  package var quotedOnOneLine: String { quotedOnOneLine(limit: 80) }

  /// On one line, cut after `limit` scalars, in quotes.
  package func quotedOnOneLine(limit: Int?) -> String { "\"\(onOneLine(limit: limit))\"" }
}
