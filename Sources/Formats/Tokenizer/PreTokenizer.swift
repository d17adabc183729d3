/// Cuts text into the words inside which pairs are merged, as GPT-2's pattern does:
///
///     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
///
/// A scanner by hand: it takes each scalar once and needs no regular expressions.
package struct PreTokenizer {
  package enum ScalarClass: Sendable { case letter, number, space, other }

  /// The class of a scalar in the pattern: `\p{L}`, `\p{N}`, `\s` or none of them.
  package static func scalarClass(_ scalar: Unicode.Scalar) -> ScalarClass {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      .letter
    case .decimalNumber, .letterNumber, .otherNumber: .number
    default: scalar.properties.isWhitespace ? .space : .other
    }
  }

  private static let ascii: [ScalarClass] = (0..<128).map { scalarClass(Unicode.Scalar(UInt8($0))) }

  private let bytes: ArraySlice<UInt8>
  private var position: Int

  /// - Precondition: `bytes` is valid UTF-8 that begins and ends with whole scalars.
  package init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// The next word, as a range of indices of the bytes; `nil` at the end.
  package mutating func next() -> Range<Int>? {
    guard position < bytes.endIndex else { return nil }
    let start = position
    position = end(ofWordAt: start)
    return start..<position
  }

  private func end(ofWordAt start: Int) -> Int {
    if let end = endOfContraction(at: start) { return end }
    let first = scalar(at: start)
    if first.class == .space {
      // One space belongs to the word that follows it.
      if bytes[start] == 0x20, first.end < bytes.endIndex {
        let second = scalar(at: first.end)
        if second.class != .space { return endOfRun(second.class, from: second.end) }
      }
      return endOfSpace(from: start)
    }
    return endOfRun(first.class, from: first.end)
  }

  private func endOfContraction(at start: Int) -> Int? {
    guard bytes[start] == UInt8(ascii: "'"), start + 1 < bytes.endIndex else { return nil }
    switch bytes[start + 1] {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
      return start + 2
    case UInt8(ascii: "r"), UInt8(ascii: "v"):
      return byte(start + 2) == UInt8(ascii: "e") ? start + 3 : nil
    case UInt8(ascii: "l"): return byte(start + 2) == UInt8(ascii: "l") ? start + 3 : nil
    default: return nil
    }
  }

  private func byte(_ index: Int) -> UInt8? { index < bytes.endIndex ? bytes[index] : nil }

  private func endOfRun(_ kind: ScalarClass, from start: Int) -> Int {
    var position = start
    while position < bytes.endIndex {
      let next = scalar(at: position)
      guard next.class == kind else { break }
      position = next.end
    }
    return position
  }

  /// White space up to the end of the text, or all of it but the last scalar before a word; a
  /// single one stands alone.
  private func endOfSpace(from start: Int) -> Int {
    var position = start
    var last = start
    while position < bytes.endIndex {
      let next = scalar(at: position)
      guard next.class == .space else { return last == start ? position : last }
      last = position
      position = next.end
    }
    return position
  }

  private func scalar(at index: Int) -> (class: ScalarClass, end: Int) {
    let first = bytes[index]
    if first < 0x80 { return (Self.ascii[Int(first)], index + 1) }
    let length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
    var code = UInt32(first) & (0x7f >> UInt32(length))
    for byte in bytes[index + 1..<index + length] { code = code << 6 | UInt32(byte & 0x3f) }
    return (Unicode.Scalar(code).map(Self.scalarClass) ?? .other, index + length)
  }
}
