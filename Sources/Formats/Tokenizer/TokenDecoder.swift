/// From tokens back to text: the decoders of byte-pair tokenizers, which change a list of token
/// texts step by step until they are joined.
struct TokenDecoder: Sendable {
  enum Step: Sendable, Hashable {
    /// In each token, replaces every occurrence.
    case replace([UInt8], with: [UInt8])
    /// Tokens such as `<0x0A>` become the characters whose bytes they are; those in a row that are
    /// no UTF-8 become U+FFFD each.
    case byteFallback
    /// Joins the tokens.
    case fuse
    /// Takes a character away at each token's start and end, at most so many times.
    case strip([UInt8], start: Int, end: Int)
    /// Marks become spaces; those of the first token go if `dropsFirst`.
    case metaspace([UInt8], dropsFirst: Bool)
  }

  /// `nil` for byte-level vocabularies, whose tokens are bytes to be joined.
  var steps: [Step]?

  static let replacementCharacter: [UInt8] = [0xef, 0xbf, 0xbd]

  func decode(_ tokens: [[UInt8]], _ steps: [Step]) -> [UInt8] {
    Array(steps.reduce(tokens) { Self.apply($1, to: $0) }.joined())
  }

  private static func apply(_ step: Step, to tokens: [[UInt8]]) -> [[UInt8]] {
    switch step {
    case .replace(let old, let new): tokens.map { replacing(old, by: new, in: $0) }
    case .byteFallback: joiningBytes(tokens)
    case .fuse: [Array(tokens.joined())]
    case .strip(let character, let start, let end):
      tokens.map { stripping(character, start: start, end: end, $0) }
    case .metaspace(let mark, let dropsFirst):
      tokens.enumerated().map { index, token in
        replacing(mark, by: index == 0 && dropsFirst ? [] : [0x20], in: token)
      }
    }
  }

  private static func replacing(_ old: [UInt8], by new: [UInt8], in token: [UInt8]) -> [UInt8] {
    token.withUnsafeBufferPointer {
      Normalizer.replacing(old, by: new, in: TextSegment($0), isAligned: false)?.bytes ?? token
    }
  }

  private static func joiningBytes(_ tokens: [[UInt8]]) -> [[UInt8]] {
    var result: [[UInt8]] = []
    var bytes: [UInt8] = []
    func flush() {
      if bytes.isEmpty { return }
      if String(validating: bytes, as: UTF8.self) != nil {
        result.append(bytes)
      } else {
        result.append(contentsOf: repeatElement(replacementCharacter, count: bytes.count))
      }
      bytes = []
    }
    for token in tokens {
      if let byte = byte(token) {
        bytes.append(byte)
      } else {
        flush()
        result.append(token)
      }
    }
    flush()
    return result
  }

  /// The byte that a token such as `<0x0A>` stands for.
  static func byte(_ token: [UInt8]) -> UInt8? {
    guard token.count == 6, token.starts(with: "<0x".utf8), token[5] == UInt8(ascii: ">") else {
      return nil
    }
    return UInt8(String(decoding: token[3..<5], as: UTF8.self), radix: 16)
  }

  private static func stripping(
    _ character: [UInt8], start: Int, end: Int, _ token: [UInt8]
  ) -> [UInt8] {
    var rest = token[...]
    for _ in 0..<start where rest.starts(with: character) { rest = rest.dropFirst(character.count) }
    for _ in 0..<end where rest.suffix(character.count).elementsEqual(character) {
      rest = rest.dropLast(character.count)
    }
    return Array(rest)
  }
}
