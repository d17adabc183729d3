/// Writes CSV as RFC 4180 has it, but with LF at the ends of lines.
///
/// A field is quoted where its text needs it and never otherwise. Nothing else is changed: a
/// spreadsheet may take a text that begins with `=` for a formula.
package enum CSVText {
  /// A header and rows, each with its line feed.
  package static func table(columns: [String], rows: some Sequence<[String]>) -> String {
    var text = line(columns)
    for row in rows { text += line(row) }
    return text
  }

  /// The fields of a row with the line feed.
  package static func line(_ fields: [String]) -> String {
    // A lone empty field would be an empty line, which readers skip.
    if fields == [""] { return "\"\"\n" }
    return fields.map(field).joined(separator: ",") + "\n"
  }

  private static func field(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { byte in
      byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0a || byte == 0x0d
    }
    guard needsQuotes else { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }
}
