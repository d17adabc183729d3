/// A token that is matched as a whole before anything else, such as `<|end|>`.
public struct AddedToken: Sendable, Hashable {
  public let id: Int
  public let content: String
  /// Left out by `Tokenizer.decode(_:skippingSpecials:)`.
  public let isSpecial: Bool
  /// Matched after all tokens that are not; `tokenizers` looks for them in normalised text.
  public let isNormalized: Bool

  public init(id: Int, content: String, isSpecial: Bool = true, isNormalized: Bool = false) {
    self.id = id
    self.content = content
    self.isSpecial = isSpecial
    self.isNormalized = isNormalized
  }
}

/// Finds added tokens in text: the leftmost, and of those that begin there the longest.
struct TokenTrie: Sendable {
  private var children: [[UInt8: Int]] = [[:]]
  private var ids: [Int?] = [nil]

  init(_ tokens: [AddedToken]) {
    for token in tokens where !token.content.isEmpty {
      var node = 0
      for byte in token.content.utf8 {
        if let child = children[node][byte] {
          node = child
        } else {
          children[node][byte] = children.count
          node = children.count
          children.append([:])
          ids.append(nil)
        }
      }
      ids[node] = token.id
    }
  }

  /// Splits `bytes` into text between tokens and tokens, in order.
  func split(
    _ bytes: ArraySlice<UInt8>, text: (ArraySlice<UInt8>) -> Void, token: (Int) -> Void
  ) {
    var start = bytes.startIndex
    var position = start
    while position < bytes.endIndex {
      guard let match = longestMatch(bytes, at: position) else {
        position += 1
        continue
      }
      if start < position { text(bytes[start..<position]) }
      token(match.id)
      position = match.end
      start = position
    }
    if start < bytes.endIndex { text(bytes[start...]) }
  }

  private func longestMatch(_ bytes: ArraySlice<UInt8>, at start: Int) -> (id: Int, end: Int)? {
    guard !children[0].isEmpty else { return nil }
    var node = 0
    var position = start
    var match: (id: Int, end: Int)?
    while position < bytes.endIndex, let child = children[node][bytes[position]] {
      node = child
      position += 1
      if let id = ids[node] { match = (id, position) }
    }
    return match
  }
}
