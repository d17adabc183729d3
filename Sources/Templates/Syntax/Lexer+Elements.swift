import Core

/// Names, numbers, strings and symbols inside of tags.
extension Lexer {
  /// The element at the position, which moves behind it.
  mutating func element() throws(TemplateFailure) -> Token.Kind {
    let scalar = source[position]
    if scalar.isDigit { return try numeral() }
    if scalar == "_" || scalar.properties.isXIDContinue { return name() }
    if scalar == "'" || scalar == "\"" { return .string(try string()) }
    for symbol in Symbol.allCases
    where source[position...].starts(with: symbol.rawValue.unicodeScalars) {
      position += symbol.rawValue.unicodeScalars.count
      return .symbol(symbol)
    }
    throw TemplateFailure(
      message: "found \(String(scalar).quotedOnOneLine), which has no meaning in a tag",
      position: position)
  }

  private mutating func name() -> Token.Kind {
    var text = String.UnicodeScalarView()
    while position < source.count,
      source[position] == "_" || source[position].properties.isXIDContinue
    {
      text.append(source[position])
      position += 1
    }
    return .name(String(text))
  }

  // MARK: - Numbers

  private mutating func numeral() throws(TemplateFailure) -> Token.Kind {
    let start = position
    if let value = try prefixedInteger() { return .integer(value) }
    var text = digits()
    let endOfWhole = position
    var isWhole = true
    let followsDot = start > 0 && source[start - 1] == "."
    if !followsDot, at(position) == ".", at(position + 1)?.isDigit == true {
      position += 1
      text += "." + digits()
      isWhole = false
    }
    if !followsDot, at(position) == "e" || at(position) == "E" {
      let exponent = position
      position += 1
      var sign = ""
      if at(position) == "-" || at(position) == "+" {
        sign = at(position) == "-" ? "-" : ""
        position += 1
      }
      if at(position)?.isDigit == true {
        text += "e" + sign + digits()
        isWhole = false
      } else {
        position = exponent
      }
    }
    if !isWhole, let value = Double(text), value.isFinite { return .number(value) }
    if isWhole {
      // A zero ends what cannot go on: Python has no numbers such as 007.
      if text.hasPrefix("0"), text.contains(where: { $0 != "0" }) {
        throw TemplateFailure(message: "found a number that begins with 0", position: start)
      }
      position = endOfWhole
      if let value = Int(text) { return .integer(value) }
    }
    throw TemplateFailure(message: "found a number that is too large", position: start)
  }

  private mutating func digits() -> String {
    var text = ""
    while let scalar = at(position) {
      if scalar.isDigit {
        text.unicodeScalars.append(scalar)
      } else if scalar != "_" || at(position + 1)?.isDigit != true {
        break
      }
      position += 1
    }
    return text
  }

  /// `0x1f`, `0o17` or `0b1`; `nil` where none stands.
  private mutating func prefixedInteger() throws(TemplateFailure) -> Int? {
    guard at(position) == "0", let letter = at(position + 1) else { return nil }
    let radix: Int
    switch letter {
    case "x", "X": radix = 16
    case "o", "O": radix = 8
    case "b", "B": radix = 2
    default: return nil
    }
    let start = position
    var end = position + 2
    var text = ""
    while let scalar = at(end), scalar == "_" || Character(scalar).hexDigitValue ?? 99 < radix {
      if scalar != "_" { text.unicodeScalars.append(scalar) }
      end += 1
    }
    guard !text.isEmpty else { return nil }
    guard let value = Int(text, radix: radix) else {
      throw TemplateFailure(message: "found a number that is too large", position: start)
    }
    position = end
    return value
  }

  // MARK: - Strings

  private mutating func string() throws(TemplateFailure) -> String {
    let start = position
    let quote = source[position]
    position += 1
    var text = String.UnicodeScalarView()
    while let scalar = at(position) {
      position += 1
      if scalar == quote { return String(text) }
      if scalar == "\\" {
        try escape(into: &text)
      } else {
        text.append(scalar)
      }
    }
    throw TemplateFailure(message: "found a string without an end", position: start)
  }

  /// Python's escapes; what is none keeps its backslash.
  private mutating func escape(into text: inout String.UnicodeScalarView) throws(TemplateFailure) {
    guard let scalar = at(position) else { return }
    position += 1
    switch scalar {
    case "\n": break
    case "\\", "'", "\"": text.append(scalar)
    case "a": text.append("\u{7}")
    case "b": text.append("\u{8}")
    case "f": text.append("\u{c}")
    case "n": text.append("\n")
    case "r": text.append("\r")
    case "t": text.append("\t")
    case "v": text.append("\u{b}")
    case "x": text.append(try scalarOfDigits(exactly: 2))
    case "u": text.append(try scalarOfDigits(exactly: 4))
    case "U": text.append(try scalarOfDigits(exactly: 8))
    case "0"..."7": text.append(octal(scalar))
    case "N":
      throw TemplateFailure(
        message: "found a character by its name, expected its number", position: position - 2)
    default:
      text.append("\\")
      text.append(scalar)
    }
  }

  private mutating func scalarOfDigits(exactly count: Int) throws(TemplateFailure) -> Unicode.Scalar
  {
    let start = position
    var code: UInt32 = 0
    while position < start + count {
      guard let digit = at(position).flatMap({ Character($0).hexDigitValue }), digit < 16 else {
        throw TemplateFailure(
          message: "found an escape without its \(count) digits", position: start - 2)
      }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    guard let scalar = Unicode.Scalar(code) else {
      throw TemplateFailure(message: "found an escape of no character", position: start - 2)
    }
    return scalar
  }

  private mutating func octal(_ first: Unicode.Scalar) -> Unicode.Scalar {
    var code = first.value - 0x30
    var count = 1
    while count < 3, let next = at(position), ("0"..."7").contains(next) {
      code = code * 8 + next.value - 0x30
      position += 1
      count += 1
    }
    return Unicode.Scalar(code) ?? first
  }

  private func at(_ index: Int) -> Unicode.Scalar? {
    source.indices.contains(index) ? source[index] : nil
  }
}

extension Unicode.Scalar {
  var isDigit: Bool { ("0"..."9").contains(self) }

  /// What Python's `str.isspace` and its `\s` take for white space.
  var isPythonSpace: Bool {
    switch value {
    case 0x09...0x0d, 0x1c...0x20, 0x85, 0xa0, 0x1680, 0x2000...0x200a, 0x2028, 0x2029, 0x202f,
      0x205f, 0x3000:
      true
    default: false
    }
  }
}
