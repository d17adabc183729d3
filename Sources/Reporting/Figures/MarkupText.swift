extension String {
  /// The text as it may stand in HTML and XML, between tags and in quoted attributes alike.
  ///
  /// What a model wrote must neither run nor disguise itself: markup is escaped; control
  /// characters, which XML forbids even as references, are shown by their pictures (U+2400 on);
  /// characters that turn the direction of text around, and those that are no characters, are
  /// shown by their number. Line feeds and tabs stay.
  package var markup: String {
    var result = ""
    result.reserveCapacity(utf8.count)
    for scalar in unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      default: result.unicodeScalars.append(contentsOf: scalar.visible)
      }
    }
    return result
  }
}

extension Unicode.Scalar {
  /// The scalar itself when it is harmless, a visible stand-in otherwise.
  fileprivate var visible: String.UnicodeScalarView {
    switch value {
    case 0..<0x20: return String(Unicode.Scalar(0x2400 + value) ?? "\u{FFFD}").unicodeScalars
    case 0x7F: return "\u{2421}".unicodeScalars
    // C1 controls, Arabic letter mark, direction marks, embeddings, overrides and isolates.
    case 0x80...0x9F, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF:
      return numbered
    default: return value & 0xFFFE == 0xFFFE ? numbered : String(self).unicodeScalars
    }
  }

  private var numbered: String.UnicodeScalarView {
    let digits = String(value, radix: 16, uppercase: true)
    return "[U+\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)]".unicodeScalars
  }
}
