import Core

extension ModulePattern {
  /// Recursive descent to states of a nondeterministic automaton; every part is built backwards,
  /// from the state that follows it.
  struct Parser {
    /// Bounds on hostile expressions, far above any real one.
    static let maximumByteCount = 4096
    static let maximumStateCount = 4_000
    static let maximumDepth = 32

    indirect enum Node {
      case bytes(ByteSet)
      case assertion(Assertion)
      case sequence([Node])
      case choice([Node])
      case repetition(Node, least: Int, most: Int?)
    }

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    private var states: [State] = [.split([]), .accept]
    private var buildCount = 0

    init(_ source: String) throws(InputError) {
      bytes = Array(source.utf8)
      guard bytes.count <= Self.maximumByteCount else {
        throw InputError("found a pattern of \(bytes.count) bytes, expected at most 4096")
      }
    }

    mutating func parse() throws(InputError) -> [State] {
      let node = try choice()
      guard position == bytes.count else { throw unsupported("an unpaired \")\"") }
      states[0] = .split([try build(node, before: 1)])
      return states
    }

    private func unsupported(_ what: String) -> InputError {
      InputError(
        "found \(what) in \(String(decoding: bytes, as: UTF8.self).quotedOnOneLine), expected names or "
          + "a plain pattern")
    }

    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
      guard position < bytes.count, bytes[position] == UInt8(ascii: byte) else { return false }
      position += 1
      return true
    }

    private mutating func choice() throws(InputError) -> Node {
      depth += 1
      defer { depth -= 1 }
      guard depth <= Self.maximumDepth else { throw unsupported("too many nested groups") }
      var branches = [try sequence()]
      while take("|") { branches.append(try sequence()) }
      return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(InputError) -> Node {
      var parts: [Node] = []
      while position < bytes.count, bytes[position] != UInt8(ascii: "|"),
        bytes[position] != UInt8(ascii: ")")
      {
        parts.append(try repeated(try atom()))
      }
      return .sequence(parts)
    }

    private mutating func repeated(_ node: Node) throws(InputError) -> Node {
      var least = 1
      var most: Int? = 1
      if take("*") {
        (least, most) = (0, nil)
      } else if take("+") {
        (least, most) = (1, nil)
      } else if take("?") {
        (least, most) = (0, 1)
      } else if take("{") {
        (least, most) = try bounds()
      } else {
        return node
      }
      // Lazy or greedy, the same texts match.
      _ = take("?")
      if position < bytes.count, "*+?{".utf8.contains(bytes[position]) {
        throw unsupported("a repetition of a repetition")
      }
      return .repetition(node, least: least, most: most)
    }

    private mutating func bounds() throws(InputError) -> (Int, Int?) {
      let least = try number()
      var most: Int? = least
      if take(",") { most = bytes[position...].first == UInt8(ascii: "}") ? nil : try number() }
      guard take("}"), least <= most ?? least else { throw unsupported("an unclear \"{\"") }
      return (least, most)
    }

    private mutating func number() throws(InputError) -> Int {
      var digits = ""
      while position < bytes.count, ByteSet.digit.contains(bytes[position]) {
        digits.unicodeScalars.append(Unicode.Scalar(bytes[position]))
        position += 1
      }
      guard let value = Int(digits), value <= 1000 else { throw unsupported("an unclear \"{\"") }
      return value
    }

    private mutating func atom() throws(InputError) -> Node {
      let byte = bytes[position]
      position += 1
      switch Unicode.Scalar(byte) {
      case ".": return .bytes(.any)
      case "^": return .assertion(.start)
      case "$": return .assertion(.end)
      case "[": return .bytes(try byteClass())
      case "(":
        if take("?"), !take(":") { throw unsupported("\"(?\"") }
        let node = try choice()
        guard take(")") else { throw unsupported("an unpaired \"(\"") }
        return node
      case "\\": return try escape()
      case "*", "+", "?", "{": throw unsupported("a repetition of nothing")
      default: return .bytes(ByteSet(ranges: [byte...byte]))
      }
    }

    private mutating func escape() throws(InputError) -> Node {
      guard position < bytes.count else { throw unsupported("a final \"\\\"") }
      switch Unicode.Scalar(bytes[position]) {
      case "b", "B", "A", "Z":
        defer { position += 1 }
        return switch Unicode.Scalar(bytes[position]) {
        case "b": .assertion(.wordBoundary)
        case "B": .assertion(.noWordBoundary)
        case "A": .assertion(.start)
        default: .assertion(.end)
        }
      default: return .bytes(try escapedBytes())
      }
    }

    /// What follows a backslash, in a class or outside.
    private mutating func escapedBytes() throws(InputError) -> ByteSet {
      guard position < bytes.count else { throw unsupported("a final \"\\\"") }
      let byte = bytes[position]
      position += 1
      switch Unicode.Scalar(byte) {
      case "d": return .digit
      case "D": return ByteSet.digit.inverted
      case "w": return .word
      case "W": return ByteSet.word.inverted
      case "s": return .space
      case "S": return ByteSet.space.inverted
      default:
        // Other letters and digits mean something that is not supported, such as \1.
        guard !ByteSet.word.contains(byte) || byte == UInt8(ascii: "_") else {
          throw unsupported("\"\\\(Unicode.Scalar(byte))\"")
        }
        return ByteSet(ranges: [byte...byte])
      }
    }

    private mutating func byteClass() throws(InputError) -> ByteSet {
      var set = ByteSet()
      let isInverted = take("^")
      var isFirst = true
      while isFirst || bytes[position...].first != UInt8(ascii: "]") {
        guard position < bytes.count else { throw unsupported("an unpaired \"[\"") }
        isFirst = false
        if take("\\") {
          set.formUnion(try escapedBytes())
          continue
        }
        let low = bytes[position]
        position += 1
        let rest = bytes[position...].prefix(2)
        guard rest.count == 2, rest.first == UInt8(ascii: "-"), let high = rest.last,
          high != UInt8(ascii: "]")
        else {
          set.insert(low...low)
          continue
        }
        guard low <= high, high != UInt8(ascii: "\\") else { throw unsupported("an unclear \"-\"") }
        set.insert(low...high)
        position += 2
      }
      position += 1
      return isInverted ? set.inverted : set
    }

    private mutating func add(_ state: State) throws(InputError) -> Int {
      guard states.count < Self.maximumStateCount else { throw unsupported("too large a pattern") }
      states.append(state)
      return states.count - 1
    }

    /// The first state of `node` when `next` follows it.
    private mutating func build(_ node: Node, before next: Int) throws(InputError) -> Int {
      // Repetitions of nothing make work without making states.
      buildCount += 1
      guard buildCount < 16 * Self.maximumStateCount else {
        throw unsupported("too large a pattern")
      }
      switch node {
      case .bytes(let set): return try add(.byte(set, next))
      case .assertion(let assertion): return try add(.assertion(assertion, next))
      case .sequence(let parts):
        var next = next
        for part in parts.reversed() { next = try build(part, before: next) }
        return next
      case .choice(let branches):
        var starts: [Int] = []
        for branch in branches { starts.append(try build(branch, before: next)) }
        return try add(.split(starts))
      case .repetition(let part, let least, let most):
        var next = next
        if let most {
          let end = next
          for _ in least..<most { next = try add(.split([try build(part, before: next), end])) }
        } else {
          let loop = try add(.split([]))
          states[loop] = .split([try build(part, before: loop), next])
          next = loop
        }
        for _ in 0..<least { next = try build(part, before: next) }
        return next
      }
    }
  }
}
