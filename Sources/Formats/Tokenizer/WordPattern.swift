/// The regular expressions by which byte-level vocabularies cut text into words.
///
/// Only these are known, by their text, and scanned by hand: each scalar is taken once or twice,
/// whatever the text. In the order of alternatives, of which the first that matches counts:
///
/// - `gpt2` (Radford et al., *Language Models are Unsupervised Multitask Learners*, 2019):
///   contractions in lower case; letters, numbers or other characters, each with one space before;
///   white space, the last of which is left to the word that follows.
/// - `qwen2`, `llama3`: contractions in either case; letters with any one character before that is
///   no line break, letter or number; one number, or up to three; other characters with one space
///   before and line breaks after; white space up to its last line break; other white space as
///   above.
enum WordPattern: Sendable, Hashable {
  case gpt2
  case qwen2
  case llama3
  /// Text is one word.
  case whole

  init?(regularExpression text: String) {
    guard let pattern = Self.known.first(where: { $0.text.utf8.elementsEqual(text.utf8) }) else {
      return nil
    }
    self = pattern.pattern
  }

  /// `nil` for the one that is none.
  var regularExpression: String? { Self.known.first { $0.pattern == self }?.text }

  private static let known: [(text: String, pattern: WordPattern)] = [
    (#"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#, .gpt2),
    (modern(numbers: #"\p{N}"#), .qwen2),
    (modern(numbers: #"\p{N}{1,3}"#), .llama3),
  ]

  private static func modern(numbers: String) -> String {
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"# + numbers
      + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  }
}

/// Finds the ends of words in bytes that are valid UTF-8.
struct WordScanner {
  let bytes: UnsafePointer<UInt8>
  /// Words end here at the latest; what follows is not looked at.
  let end: Int
  private let table = ScalarTable.shared

  init(bytes: UnsafePointer<UInt8>, end: Int) {
    self.bytes = bytes
    self.end = end
  }

  /// The end of the word that begins at `start`.
  @inline(__always)
  func endOfWord(at start: Int, _ pattern: WordPattern) -> Int {
    switch pattern {
    case .gpt2: endOfWordGPT2(at: start)
    case .qwen2: endOfModernWord(at: start, digits: 1)
    case .llama3: endOfModernWord(at: start, digits: 3)
    case .whole: end
    }
  }

  private func endOfWordGPT2(at start: Int) -> Int {
    if let end = endOfContraction(at: start, ignoringCase: false) { return end }
    let first = scalar(at: start)
    if first.kind == .space {
      if bytes[start] == 0x20, first.end < end {
        let second = scalar(at: first.end)
        if second.kind != .space { return endOfRun(second.kind, from: second.end) }
      }
      return endOfSpace(from: start, cutAfterLineBreaks: false)
    }
    return endOfRun(first.kind, from: first.end)
  }

  private func endOfModernWord(at start: Int, digits: Int) -> Int {
    if let end = endOfContraction(at: start, ignoringCase: true) { return end }
    let first = scalar(at: start)
    switch first.kind {
    case .letter: return endOfRun(.letter, from: first.end)
    case .number:
      var position = first.end
      for _ in 1..<digits where position < end {
        let next = scalar(at: position)
        guard next.kind == .number else { break }
        position = next.end
      }
      return position
    case .other, .space: break
    }
    let second = first.end < end ? scalar(at: first.end) : nil
    if let second, second.kind == .letter, !isLineBreak(bytes[start]) {
      return endOfRun(.letter, from: second.end)
    }
    if first.kind == .other {
      return endOfLineBreaks(from: endOfRun(.other, from: first.end))
    }
    if let second, second.kind == .other, bytes[start] == 0x20 {
      return endOfLineBreaks(from: endOfRun(.other, from: second.end))
    }
    return endOfSpace(from: start, cutAfterLineBreaks: true)
  }

  /// The end of `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll` or `'d`.
  @inline(__always)
  private func endOfContraction(at start: Int, ignoringCase: Bool) -> Int? {
    guard bytes[start] == UInt8(ascii: "'"), start + 1 < end else { return nil }
    let fold: UInt8 = ignoringCase ? 0x20 : 0
    let second: UInt8? = start + 2 < end ? bytes[start + 2] | fold : nil
    switch bytes[start + 1] | fold {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
      return start + 2
    case UInt8(ascii: "r"), UInt8(ascii: "v"):
      return second == UInt8(ascii: "e") ? start + 3 : nil
    case UInt8(ascii: "l"): return second == UInt8(ascii: "l") ? start + 3 : nil
    default:
      // Regardless of case, "s" also matches the long s, U+017F.
      guard ignoringCase, start + 2 < end, bytes[start + 1] == 0xc5, bytes[start + 2] == 0xbf
      else { return nil }
      return start + 3
    }
  }

  @inline(__always)
  private func isLineBreak(_ byte: UInt8) -> Bool { byte == 0x0a || byte == 0x0d }

  private func endOfLineBreaks(from start: Int) -> Int {
    var position = start
    while position < end, isLineBreak(bytes[position]) { position += 1 }
    return position
  }

  @inline(__always)
  private func endOfRun(_ kind: ScalarClass, from start: Int) -> Int {
    var position = start
    while position < end {
      let next = scalar(at: position)
      guard next.kind == kind else { break }
      position = next.end
    }
    return position
  }

  /// White space up to the end of the text, or all of it but the last scalar before a word; a
  /// single one stands alone. With `cutAfterLineBreaks` up to the last line break, if there is one.
  private func endOfSpace(from start: Int, cutAfterLineBreaks: Bool) -> Int {
    var position = start
    var last = start
    var lineEnd: Int?
    while position < end {
      let next = scalar(at: position)
      guard next.kind == .space else {
        return lineEnd ?? (last == start ? position : last)
      }
      if cutAfterLineBreaks, isLineBreak(bytes[position]) { lineEnd = next.end }
      last = position
      position = next.end
    }
    return lineEnd ?? position
  }

  @inline(__always)
  private func scalar(at index: Int) -> (kind: ScalarClass, end: Int) {
    let byte = bytes[index]
    if byte < 0x80 { return (kind(table[ascii: byte]), index + 1) }
    let scalar = decodeScalar(bytes, at: index)
    return (kind(table[scalar.code]), scalar.end)
  }

  @inline(__always)
  private func kind(_ entry: UInt8) -> ScalarClass {
    ScalarClass(rawValue: entry & ScalarTable.classMask) ?? .other
  }
}
