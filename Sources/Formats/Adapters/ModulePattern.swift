import Core

/// A regular expression over module paths, as PEFT's `target_modules` and `rank_pattern` hold them.
///
/// Characters, `.`, classes, groups, `|`, `* + ? {m,n}`, `^ $ \b \d \w \s`: what such
/// expressions consist of. Lookaround, back references and inline flags are refused by name.
/// Matching takes time proportional to states · characters whatever the expression (Thompson,
/// *Regular expression search algorithm*, 1968), so that a hostile one cannot stall a reader.
package struct ModulePattern: Sendable, Hashable {
  package let source: String
  private let states: [State]

  /// - Throws: `InputError` that says what in `source` is not supported; without file and field.
  package init(_ source: String) throws(InputError) {
    var parser = try Parser(source)
    self.source = source
    states = try parser.parse()
  }

  package static func == (left: ModulePattern, right: ModulePattern) -> Bool {
    left.source.utf8.elementsEqual(right.source.utf8)
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(source) }

  /// Whether the expression matches the whole of `text`.
  package func matches(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    var current = Set<Int>()
    follow([0], at: 0, bytes, into: &current)
    for (position, byte) in bytes.enumerated() {
      var next: [Int] = []
      for case .byte(let accepted, let target) in current.map({ states[$0] })
      where accepted.contains(byte) { next.append(target) }
      if next.isEmpty { return false }
      current = []
      follow(next, at: position + 1, bytes, into: &current)
    }
    return current.contains { if case .accept = states[$0] { true } else { false } }
  }

  /// Adds what can be reached from `start` without reading a character.
  private func follow(
    _ start: [Int], at position: Int, _ bytes: [UInt8], into reached: inout Set<Int>
  ) {
    var open = start
    while let state = open.popLast() {
      guard reached.insert(state).inserted else { continue }
      switch states[state] {
      case .split(let targets): open += targets
      case .assertion(let assertion, let target):
        if assertion.holds(at: position, in: bytes) { open.append(target) }
      case .byte, .accept: break
      }
    }
  }

  enum State: Sendable {
    case byte(ByteSet, Int)
    case split([Int])
    case assertion(Assertion, Int)
    case accept
  }

  enum Assertion: Sendable {
    case start, end, wordBoundary, noWordBoundary

    func holds(at position: Int, in bytes: [UInt8]) -> Bool {
      func isWord(_ index: Int) -> Bool {
        bytes.indices.contains(index) && ByteSet.word.contains(bytes[index])
      }
      let isBoundary = isWord(position - 1) != isWord(position)
      return switch self {
      case .start: position == 0
      case .end: position == bytes.count
      case .wordBoundary: isBoundary
      case .noWordBoundary: !isBoundary
      }
    }
  }
}
