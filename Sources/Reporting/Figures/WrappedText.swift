extension String {
  /// The text in one line, or, beyond `limit` characters, in two that break between words; what
  /// does not fit is left out and marked with an ellipsis.
  package func wrapped(at limit: Int) -> [String] {
    guard count > limit, limit > 1 else { return [self] }
    let head = prefix(limit + 1)
    guard let space = head.lastIndex(of: " "), space > startIndex else {
      return [IntervalFigure.shortened(self, to: limit)]
    }
    let rest = String(self[index(after: space)...])
    return [String(self[..<space]), IntervalFigure.shortened(rest, to: limit)]
  }
}
