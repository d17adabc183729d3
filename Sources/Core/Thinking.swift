/// What becomes of what a reasoning model thinks before it answers.
package enum Thinking: String, Sendable, Hashable, Codable, CaseIterable {
  /// It is part of the answer, which judges read whole.
  case keep
  /// It is kept beside the answer, and no part of it.
  case strip
}

/// A reply in its parts.
package struct ThoughtAndAnswer: Sendable, Hashable {
  /// `nil` where nothing was thought.
  package var thought: String?
  package var answer: String
  /// Whether the thinking did not end: there is no answer then.
  package var isUnfinished = false

  /// How families mark their thinking.
  private static let marks = [
    ("<think>", "</think>"), ("<thinking>", "</thinking>"), ("<thought>", "</thought>"),
    ("<reasoning>", "</reasoning>"), ("[THINK]", "[/THINK]"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"), ("◁think▷", "◁/think▷"),
  ]

  private static let firstBytes = Set(marks.compactMap(\.1.utf8.first))

  package init(thought: String?, answer: String) {
    (self.thought, self.answer) = (thought, answer)
  }

  /// Takes apart a reply that begins with its thinking. Where a template opens the thinking, a reply has
  /// the closing mark alone.
  package init(of text: String) {
    self.init(thought: nil, answer: text)
    // Most have none, and there are many.
    guard text.utf8.contains(where: { Self.firstBytes.contains($0) }) else { return }
    let start = text.withoutSpace(atEnd: false)
    for (opening, closing) in Self.marks {
      let isOpened = start.hasPrefix(opening)
      let end = text.firstRange(of: closing)
      guard isOpened || end != nil && text.firstRange(of: opening) == nil else { continue }
      let first = isOpened ? String(start.dropFirst(opening.count)) : text
      guard let close = first.firstRange(of: closing) else {
        (thought, answer, isUnfinished) = (first.withoutSpace(), "", true)
        return
      }
      thought = String(first[..<close.lowerBound]).withoutSpace()
      answer = String(first[close.upperBound...]).withoutSpace(atEnd: false)
      return
    }
  }
}

extension String {
  fileprivate func firstRange(of part: String) -> Range<Index>? { ranges(of: part).first }

  fileprivate func withoutSpace(atEnd: Bool = true) -> String {
    var scalars = unicodeScalars[...]
    while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
    while atEnd, let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return String(scalars)
  }
}
