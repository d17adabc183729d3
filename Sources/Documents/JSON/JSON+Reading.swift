import Core

extension JSON {
  /// Deeper nesting than any format here has; keeps the reader's recursion bounded.
  package static let maximumDepth = 128

  /// Reads one JSON text in UTF-8.
  ///
  /// - Throws: `InputError` with the line, for anything that RFC 8259 does not allow, invalid
  ///   UTF-8, single surrogates, numbers beyond Double and nesting deeper than `maximumDepth`.
  package init(
    bytes: UnsafeRawBufferPointer, file: String? = nil, nonFinite: NonFiniteNumbers = .refused
  ) throws(InputError) {
    var reader = JSONReader(bytes: bytes, file: file, nonFinite: nonFinite)
    self = try reader.document()
  }

  package init(
    bytes: [UInt8], file: String? = nil, nonFinite: NonFiniteNumbers = .refused
  ) throws(InputError) {
    let result = bytes.withUnsafeBytes { buffer in
      Result { () throws(InputError) in
        try JSON(bytes: buffer, file: file, nonFinite: nonFinite)
      }
    }
    self = try result.get()
  }

  package init(text: String, file: String? = nil) throws(InputError) {
    try self.init(bytes: Array(text.utf8), file: file)
  }
}

private struct JSONReader {
  let bytes: UnsafeRawBufferPointer
  let file: String?
  let nonFinite: JSON.NonFiniteNumbers
  var position = 0
  var depth = 0

  init(bytes: UnsafeRawBufferPointer, file: String?, nonFinite: JSON.NonFiniteNumbers) {
    self.bytes = bytes
    self.file = file
    self.nonFinite = nonFinite
  }

  mutating func document() throws(InputError) -> JSON {
    let value = try self.value()
    skipSpace()
    guard position == bytes.count else { throw failure("text after the JSON value") }
    return value
  }

  private mutating func value() throws(InputError) -> JSON {
    skipSpace()
    switch peek {
    case UInt8(ascii: "{"): return try nested { (reader) throws(InputError) in try reader.object() }
    case UInt8(ascii: "["): return try nested { (reader) throws(InputError) in try reader.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case nil: throw failure("the JSON text ends too early")
    case UInt8(ascii: "N") where nonFinite == .literals: return try word("NaN", .number(.nan))
    case UInt8(ascii: "N") where nonFinite == .missing: return try word("NaN", .null)
    case UInt8(ascii: "I") where nonFinite == .literals:
      return try word("Infinity", .number(.infinity))
    case let byte? where byte.isLetter: throw unknownWord
    default: return try number()
    }
  }

  /// Python and JavaScript write constants that JSON does not have.
  private var unknownWord: InputError {
    let word = String(
      decoding: bytes[position...].prefix { $0.isLetter }.prefix(20), as: UTF8.self)
    let known = ["True": "true", "False": "false", "None": "null", "undefined": "null"]
    return failure(
      "found \(word), which JSON does not know, expected "
        + (known[word]
          ?? (["NaN", "Infinity"].contains(word) ? "a finite number or null" : "a value")))
  }

  private mutating func nested(
    _ body: (inout JSONReader) throws(InputError) -> JSON
  ) throws(InputError) -> JSON {
    depth += 1
    guard depth <= JSON.maximumDepth else {
      throw failure("nested deeper than \(JSON.maximumDepth) levels")
    }
    let value = try body(&self)
    depth -= 1
    return value
  }

  private mutating func object() throws(InputError) -> JSON {
    position += 1
    var members: [JSONObject.Member] = []
    skipSpace()
    if take("}") { return .object(JSONObject()) }
    while true {
      skipSpace()
      guard peek == UInt8(ascii: "\"") else { throw failure("expected a member's name in quotes") }
      let name = try string()
      skipSpace()
      guard take(":") else { throw failure("expected \":\" after \(name.quotedOnOneLine)") }
      members.append(JSONObject.Member(name, try value()))
      skipSpace()
      if take("}") { return .object(JSONObject(members)) }
      guard take(",") else { throw failure("expected \",\" or \"}\"") }
    }
  }

  private mutating func array() throws(InputError) -> JSON {
    position += 1
    var elements: [JSON] = []
    skipSpace()
    if take("]") { return .array([]) }
    while true {
      elements.append(try value())
      skipSpace()
      if take("]") { return .array(elements) }
      guard take(",") else { throw failure("expected \",\" or \"]\"") }
    }
  }

  private mutating func word(_ text: StaticString, _ value: JSON) throws(InputError) -> JSON {
    for offset in 0..<text.utf8CodeUnitCount {
      guard position < bytes.count, bytes[position] == text.utf8Start[offset] else {
        throw failure("expected \"\(text)\"")
      }
      position += 1
    }
    return value
  }

  private mutating func number() throws(InputError) -> JSON {
    let start = position
    if take("-"), nonFinite == .literals, peek == UInt8(ascii: "I") {
      return try word("Infinity", .number(-.infinity))
    }
    if !take("0") { try digits() }
    var whole = true
    if take(".") {
      whole = false
      try digits()
    }
    if take("e") || take("E") {
      whole = false
      if !take("+") { _ = take("-") }
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if whole, let integer = Int(text) { return .integer(integer) }
    guard let number = Double(text), number.isFinite else {
      throw failure("number out of range: \(text.onOneLine)")
    }
    return .number(number)
  }

  private mutating func digits() throws(InputError) {
    let start = position
    while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    guard position > start else { throw failure("expected a JSON value or a digit") }
  }

  private mutating func string() throws(InputError) -> String {
    position += 1
    let start = position
    var copy: [UInt8]?  // Made only when there is an escape.
    while let byte = peek {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        let text =
          if let copy { String(validating: copy, as: UTF8.self) } else {
            String(validating: bytes[start..<position - 1], as: UTF8.self)
          }
        guard let text else { throw failure("invalid UTF-8 in a string") }
        return text
      case UInt8(ascii: "\\"):
        var unescaped = copy ?? Array(bytes[start..<position - 1])
        try escape(into: &unescaped)
        copy = unescaped
      case 0..<0x20: throw failure("a control character in a string")
      default: copy?.append(byte)
      }
    }
    throw failure("a string without an end")
  }

  private mutating func escape(into copy: inout [UInt8]) throws(InputError) {
    guard let byte = peek else { throw failure("a string without an end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): copy.append(byte)
    case UInt8(ascii: "b"): copy.append(8)
    case UInt8(ascii: "f"): copy.append(12)
    case UInt8(ascii: "n"): copy.append(10)
    case UInt8(ascii: "r"): copy.append(13)
    case UInt8(ascii: "t"): copy.append(9)
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if code >> 10 == 0x36 {  // A high surrogate: the low one must follow.
        guard take("\\"), take("u") else { throw failure("a single surrogate in a string") }
        let low = try hexadecimal()
        guard low >> 10 == 0x37 else { throw failure("a single surrogate in a string") }
        code = 0x10000 + (code & 0x3ff) << 10 + low & 0x3ff
      }
      guard let scalar = Unicode.Scalar(code) else {
        throw failure("a single surrogate in a string")
      }
      copy.append(contentsOf: String(Character(scalar)).utf8)
    default: throw failure("an unknown escape in a string")
    }
  }

  private mutating func hexadecimal() throws(InputError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw failure("expected four hexadecimal digits after \\u")
      }
      position += 1
      code = code << 4 | UInt32(digit)
    }
    return code
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
      position += 1
    }
  }

  private func failure(_ problem: String) -> InputError {
    let end = min(position, bytes.count)
    let line = 1 + bytes[..<end].reduce(0) { $1 == 0x0a ? $0 + 1 : $0 }
    return InputError(problem, file: file, line: line)
  }
}

extension UInt8 {
  fileprivate var isLetter: Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self)
      || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self)
  }
}
