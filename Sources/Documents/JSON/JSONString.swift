extension String {
  /// Appends `text` as a string of JSON, in quotes: the escapes that RFC 8259 demands, the short one
  /// where there is one, and what `isEscaped` names besides.
  ///
  /// DEL is escaped, though JSON allows it, since it steers terminals.
  package mutating func appendJSON(
    _ text: String, escaping isEscaped: (Unicode.Scalar) -> Bool = { $0 == "\u{7F}" }
  ) {
    append("\"")
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": append("\\\"")
      case "\\": append("\\\\")
      case "\n": append("\\n")
      case "\r": append("\\r")
      case "\t": append("\\t")
      case "\u{8}": append("\\b")
      case "\u{C}": append("\\f")
      case _ where scalar.value < 0x20 || isEscaped(scalar):
        for unit in scalar.utf16 {
          let digits = String(unit, radix: 16)
          append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
        }
      default: unicodeScalars.append(scalar)
      }
    }
    append("\"")
  }

  /// The text as a string of JSON, in quotes.
  package var quotedJSON: String {
    var quoted = ""
    quoted.appendJSON(self)
    return quoted
  }
}
