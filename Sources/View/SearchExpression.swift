/// What somebody typed, as an expression of SQLite's FTS5: all of the words, `"words in a row"`, and beginnings of
/// words with a star (`pow*`). Nothing else has a meaning, so that nothing that is typed is a mistake.
package enum SearchExpression {
  /// - Returns: `nil` where there is no word in it.
  package static func expression(for typed: String) -> String? {
    var terms: [String] = []
    for (number, part) in typed.split(separator: "\"", omittingEmptySubsequences: false)
      .enumerated()
    {
      if number % 2 == 1 {
        terms += term(part, isBeginning: false)
      } else {
        for word in part.split(whereSeparator: \.isWhitespace) {
          terms += term(word, isBeginning: word.hasSuffix("*"))
        }
      }
    }
    return terms.isEmpty ? nil : terms.joined(separator: " AND ")
  }

  private static func term(_ text: Substring, isBeginning: Bool) -> [String] {
    guard text.contains(where: { $0.isLetter || $0.isNumber }) else { return [] }
    return ["\"\(text)\"" + (isBeginning ? "*" : "")]
  }
}
