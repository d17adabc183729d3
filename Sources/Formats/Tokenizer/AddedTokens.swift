/// A token that is matched as a whole before anything else, such as `<|end|>`.
package struct AddedToken: Sendable, Hashable {
  package let id: Int
  package let content: String
  /// Left out by `Tokenizer.decode(_:skippingSpecials:)`.
  package let isSpecial: Bool
  /// Matched after all tokens that are not, and in normalised text.
  package let isNormalized: Bool
  /// Takes the white space before it along.
  package let stripsLeft: Bool
  /// Takes the white space after it along.
  package let stripsRight: Bool
  /// Matched only where no letter, mark, digit or connecting punctuation stands beside it.
  package let isSingleWord: Bool

  package init(
    id: Int, content: String, isSpecial: Bool = true, isNormalized: Bool = false,
    stripsLeft: Bool = false, stripsRight: Bool = false, isSingleWord: Bool = false
  ) {
    self.id = id
    self.content = content
    self.isSpecial = isSpecial
    self.isNormalized = isNormalized
    self.stripsLeft = stripsLeft
    self.stripsRight = stripsRight
    self.isSingleWord = isSingleWord
  }
}

/// Finds added tokens in text: the leftmost, and of those that begin there the longest.
struct AddedTokenMatcher: Sendable {
  struct Part: Hashable {
    let range: Range<Int>
    /// The index of an added token; `nil` for text.
    let token: Int?
  }

  /// A trie; a node's children are found by the node and a byte.
  private var children: [UInt64: Int] = [:]
  private var roots = [Bool](repeating: false, count: 256)
  private var tokens: [Int?] = [nil]
  private let added: [AddedToken]

  /// - Parameter pattern: the bytes that stand for a token, none if it is not to be matched.
  init(_ added: [AddedToken], pattern: (AddedToken) -> [UInt8]?) {
    self.added = added
    // Of two with the same pattern the first counts, specials before others, as in `tokenizers`.
    let order =
      added.indices.filter { added[$0].isSpecial }
      + added.indices.filter { !added[$0].isSpecial }
    for index in order {
      guard let bytes = pattern(added[index]), let first = bytes.first else { continue }
      roots[Int(first)] = true
      var node = 0
      for byte in bytes {
        let key = Self.key(node, byte)
        if let child = children[key] {
          node = child
        } else {
          node = tokens.count
          children[key] = node
          tokens.append(nil)
        }
      }
      tokens[node] = tokens[node] ?? index
    }
  }

  private static func key(_ node: Int, _ byte: UInt8) -> UInt64 {
    UInt64(node) << 8 | UInt64(byte)
  }

  /// Text and tokens in order; `nil` if there is no token.
  ///
  /// Where a token that strips to its right is followed by one that begins with white space, parts
  /// overlap, as in `tokenizers`.
  /// - Complexity: linear in the length of the text, times that of the longest token at worst.
  func parts(of bytes: UnsafeBufferPointer<UInt8>) -> [Part]? {
    guard !children.isEmpty else { return nil }
    var parts: [Part] = []
    var textStart = 0
    var position = 0
    while position < bytes.count {
      guard roots[Int(bytes[position])], let match = longestMatch(bytes, at: position) else {
        position += 1
        continue
      }
      position = match.range.upperBound
      guard let range = adjusted(match, in: bytes, textStart: textStart) else { continue }
      if textStart < range.lowerBound {
        parts.append(Part(range: textStart..<range.lowerBound, token: nil))
      }
      parts.append(Part(range: range, token: match.token))
      textStart = range.upperBound
    }
    if parts.isEmpty { return nil }
    if textStart < bytes.count {
      parts.append(Part(range: textStart..<bytes.count, token: nil))
    }
    return parts
  }

  private func longestMatch(
    _ bytes: UnsafeBufferPointer<UInt8>, at start: Int
  ) -> (token: Int, range: Range<Int>)? {
    var node = 0
    var position = start
    var match: (token: Int, range: Range<Int>)?
    while position < bytes.count, let child = children[Self.key(node, bytes[position])] {
      node = child
      position += 1
      if let token = tokens[node] { match = (token, start..<position) }
    }
    return match
  }

  /// The match with the space that it strips; `nil` if it is not the single word it has to be.
  private func adjusted(
    _ match: (token: Int, range: Range<Int>), in bytes: UnsafeBufferPointer<UInt8>, textStart: Int
  ) -> Range<Int>? {
    let token = added[match.token]
    var (start, end) = (match.range.lowerBound, match.range.upperBound)
    if token.isSingleWord {
      if let before = Self.scalar(bytes, before: start)?.scalar, Self.isWord(before) { return nil }
      if let after = Self.scalar(bytes, at: end)?.scalar, Self.isWord(after) { return nil }
    }
    if token.stripsLeft {
      while start > textStart, let before = Self.scalar(bytes, before: start),
        before.scalar.properties.isWhitespace
      { start = before.start }
      start = max(start, textStart)
    }
    if token.stripsRight {
      while let after = Self.scalar(bytes, at: end), after.scalar.properties.isWhitespace {
        end = after.end
      }
    }
    return start..<max(start, end)
  }

  /// `\w` of Unicode's regular expressions.
  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    if properties.isAlphabetic || properties.isJoinControl { return true }
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation:
      return true
    default: return false
    }
  }

  private static func scalar(
    _ bytes: UnsafeBufferPointer<UInt8>, at index: Int
  ) -> (scalar: Unicode.Scalar, end: Int)? {
    guard index < bytes.count, let base = bytes.baseAddress else { return nil }
    let (code, end) = decodeScalar(base, at: index)
    return Unicode.Scalar(code).map { ($0, end) }
  }

  private static func scalar(
    _ bytes: UnsafeBufferPointer<UInt8>, before index: Int
  ) -> (scalar: Unicode.Scalar, start: Int)? {
    guard index > 0 else { return nil }
    var start = index - 1
    while start > 0, bytes[start] & 0xc0 == 0x80 { start -= 1 }
    return scalar(bytes, at: start).map { ($0.scalar, start) }
  }
}
