import Core

/// A number from 0 to 100 that a model gives in its own words, as rating questions ask for.
///
/// Read is the number that the text begins with and that stands by itself, or the only one in it; marks of
/// quotation and emphasis do not count, and neither does thinking before the answer. Missing is anything
/// that leaves doubt: several numbers after words, a number of something (`20 minutes`, `100 is the most`),
/// a list's own (`1. 85`), a range (`60-70`), another scale (`7/10`), thousands (`1,000`), a number beyond
/// the scale.
package struct RatingScoring: Sendable, Hashable {
  package init() {}

  /// The rating, or why there is none.
  package func measurement(of metric: String, from text: String) -> Measurement {
    let parts = ThoughtAndAnswer(of: text)
    if parts.isUnfinished { return Measurement(metric: metric, reason: "cut while thinking") }
    let text = parts.answer.withoutEmphasis
    let numbers = text.matches(of: Self.number)
    guard let first = numbers.first else {
      return Measurement(
        metric: metric, reason: "no number in the answer: \(text.quotedOnOneLine(limit: 40))")
    }
    guard first.range.lowerBound == text.startIndex || numbers.count == 1 else {
      return Measurement(
        metric: metric,
        reason: "\(numbers.count) numbers in the answer: \(text.quotedOnOneLine(limit: 40))")
    }
    let rest = text[first.range.upperBound...]
    guard rest.prefixMatch(of: Self.doubt) == nil || rest.prefixMatch(of: Self.outOf100) != nil
    else {
      return Measurement(
        metric: metric,
        reason: "a range or another scale in the answer: \(text.quotedOnOneLine(limit: 40))")
    }
    let standsAlone =
      numbers.count == 1 || rest.prefixMatch(of: Self.outOf100) != nil
      || rest.prefixMatch(of: Self.end) != nil && !Self.isList(rest)
    guard standsAlone, rest.prefixMatch(of: Self.counted) == nil else {
      return Measurement(
        metric: metric,
        reason: "a number that may mean something else: \(text.quotedOnOneLine(limit: 40))")
    }
    guard let value = Double(first.output), (0...100).contains(value) else {
      return Measurement(
        metric: metric,
        reason: "found \(String(first.output).quotedOnOneLine(limit: 40)), expected 0 to 100")
    }
    return Measurement(metric: metric, value: value)
  }

  /// Whether lines below begin with numbers, too.
  private static func isList(_ rest: Substring) -> Bool {
    rest.firstMatch(of: /\n\s*[0-9]/) != nil
  }

  // Neither inside a word, as in GPT-4, nor inside another number. Computed, because a Regex is not
  // Sendable.
  private static var number: Regex<Substring> { /[+\-]?\b[0-9]+(?:\.[0-9]+)?\b/ }
  /// What follows a number that is not the whole of what is meant.
  private static var doubt: Regex<Substring> {
    /[.,][0-9][^\n]*|\s*[\-–—\/][ ]*[0-9][^\n]*|\s+(?:to|out\s+of|of)\s+[0-9][^\n]*/
  }
  /// What a number that stands by itself ends with, where others follow.
  private static var end: Regex<Substring> { /%?(?:\s*[,;:(–—\-]|\.?[ \t]*(?:\r?\n|$))/ }
  /// A number of something, or one that is spoken of.
  private static var counted: Regex<Substring> {
    /[ \t]+(?!(?:out|of|because|since|as|for|points?|percent|per|on|and|but|given|I|–|—)\b)[a-zA-Z]+/
  }
  private static var outOf100: Regex<Substring> { /\s*(?:\/|out\s+of|of)\s*100(?![0-9.,])/ }
}

extension String {
  /// Without white space at the ends and marks of quotation and emphasis anywhere.
  fileprivate var withoutEmphasis: String {
    let marks = "*_`\"\u{201c}\u{201d}".unicodeScalars
    return String(unicodeScalars.filter { !marks.contains($0) }).unwrapped
  }
}
