import Core

extension CSVTable {
  /// How tables write that a number is missing: pandas and numpy, JSON, R.
  private static let missing: Set<String> = ["", "nan", "NaN", "null", "NA"]

  /// Whether a field says that there is nothing: it is empty, `nan`, `NaN`, `null` or `NA`. White
  /// space around it does not count.
  package static func meansMissing(_ text: String) -> Bool { missing.contains(text.trimmed) }

  /// The number in a field; `nil` where it is missing: an empty field, `nan`, `NaN`, `null`, `NA`.
  /// White space around it does not count.
  ///
  /// - Throws: `InputError` with line and field for any other text, infinities among them.
  package func number(_ row: Row, _ column: Int) throws(InputError) -> Double? {
    let text = row.fields[column].trimmed
    if Self.missing.contains(text) { return nil }
    guard let number = Double(decimal: text) else {
      throw error("found \(text.quotedOnOneLine), expected a number", row: row, column: column)
    }
    return number
  }

  /// The text of a field, or `nil` where it is empty but for white space.
  package func text(_ row: Row, _ column: Int) -> String? {
    let text = row.fields[column]
    return text.trimmed.isEmpty ? nil : text
  }
}

extension String {
  /// Without spaces and tabs at the ends.
  fileprivate var trimmed: String {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    guard let first = utf8.first, let last = utf8.last, isBlank(first) || isBlank(last) else {
      return self
    }
    let start = utf8.drop(while: isBlank)
    guard let end = start.lastIndex(where: { !isBlank($0) }) else { return "" }
    return String(Substring(start[...end]))
  }
}
