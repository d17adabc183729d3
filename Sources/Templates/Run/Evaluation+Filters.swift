import Core

/// Filters of texts and numbers, and the list of all.
extension Evaluation {
  func filter(
    _ name: String, _ value: TemplateValue, _ arguments: CallArguments
  ) throws(TemplateFailure) -> TemplateValue {
    switch name {
    case "default", "d":
      let given = try bind(arguments, to: ["default_value", "boolean"], of: name)
      let standard = given[0] ?? .string("")
      if case .undefined = value { return standard }
      return given[1].map(isTrue) == true && !isTrue(value) ? standard : value
    case "tojson": return .string(try json(value, arguments))
    case "length", "count":
      _ = try bind(arguments, to: [], of: name)
      return .integer(try length(of: value))
    case "trim", "upper", "lower", "string", "safe", "title", "capitalize", "replace", "indent",
      "escape", "e", "forceescape":
      return .string(try textFilter(name, try text(of: value), arguments))
    case "int", "float", "abs", "round": return try number(name, value, arguments)
    case "items", "list", "join", "first", "last", "reverse", "unique", "sum", "min", "max",
      "sort", "dictsort", "map", "select", "reject", "selectattr", "rejectattr", "attr":
      return try listFilter(name, value, arguments)
    default: throw failure("found the filter \(name.quotedOnOneLine), which is not supported here")
    }
  }

  private func length(of value: TemplateValue) throws(TemplateFailure) -> Int {
    switch value {
    case .undefined: return 0
    case .string(let text):
      try charge(text.utf8.count / 16)
      return text.unicodeScalars.count
    case .sequence(let sequence): return sequence.elements.count
    case .dictionary(let dictionary): return dictionary.count
    case .reference(let reference):
      if case .loop(let number) = reference.kind,
        let loop = loops.last(where: { $0.number == number })
      {
        return loop.values.count
      }
      throw failure("\(describe(value)) has no length")
    default: throw failure("\(describe(value)) has no length")
    }
  }

  // MARK: - Texts

  private func textFilter(
    _ name: String, _ text: String, _ arguments: CallArguments
  ) throws(TemplateFailure) -> String {
    try charge(text.utf8.count / 8)
    switch name {
    case "trim":
      let given = try bind(arguments, to: ["chars"], of: name)
      if case .some(.none) = given[0] { return text.stripped() }
      return text.stripped(try string(given[0], "set of characters"))
    case "replace":
      let given = try bind(arguments, to: ["old", "new", "count"], of: name)
      return try replaced(
        text, self.text(of: required(given[0], "old text")),
        with: self.text(of: required(given[1], "new text")),
        limit: integer(given[2].flatMap(\.ifNotNone), "count") ?? -1)
    case "indent": return try indented(text, arguments)
    default: break
    }
    _ = try bind(arguments, to: [], of: name)
    switch name {
    case "upper": return text.uppercased()
    case "lower": return text.lowercased()
    case "capitalize": return text.capitalizedAsInPython()
    case "title": return text.titledByJinja()
    case "escape", "e", "forceescape":
      var result = ""
      for scalar in text.unicodeScalars { result += scalar.htmlText }
      try charge(textBytes: result.utf8.count)
      return result
    default: return text
    }
  }

  private func indented(
    _ text: String, _ arguments: CallArguments
  ) throws(TemplateFailure) -> String {
    let given = try bind(arguments, to: ["width", "first", "blank"], of: "indent")
    var indent = "    "
    switch given[0] {
    case .string(let text): indent = text
    case let width:
      let count = max(0, try integer(width, "width") ?? 4)
      try charge(textBytes: count)
      indent = String(repeating: " ", count: count)
    }
    let withBlank = given[2].map(isTrue) == true
    let lines = (text + "\n").lines(limit: limits.listElements + 1)
    try charge(elements: lines.count)
    var result: [String] = []
    for (index, line) in lines.enumerated() {
      let stays = index == 0 || line.isEmpty && !withBlank
      result.append(stays ? line : indent + line)
      try charge(textBytes: indent.utf8.count + line.utf8.count)
    }
    return (given[1].map(isTrue) == true ? indent : "") + (try joined(result, by: "\n"))
  }

  private func json(
    _ value: TemplateValue, _ arguments: CallArguments
  ) throws(TemplateFailure) -> String {
    let given = try bind(
      arguments, to: ["ensure_ascii", "indent", "separators", "sort_keys"], of: "tojson")
    var style = JSONStyle()
    style.escapesNonASCII = given[0].map(isTrue) ?? false
    style.sortsKeys = given[3].map(isTrue) ?? false
    switch given[1] {
    case nil, .some(.none): break
    case .string(let text): style.indent = text
    case let width:
      let count = max(0, try integer(width, "indent") ?? 0)
      try charge(textBytes: count)
      style.indent = String(repeating: " ", count: count)
    }
    if style.indent != nil { style.betweenItems = "," }
    if let separators = given[2].flatMap(\.ifNotNone) {
      let parts = try elements(of: separators)
      guard parts.count == 2 else {
        throw failure("found \(parts.count) separators, expected 2")
      }
      style.betweenItems = try required(try string(parts[0], "separator"), "separator")
      style.afterKey = try required(try string(parts[1], "separator"), "separator")
    }
    return try json(value, style)
  }

  // MARK: - Numbers

  private func number(
    _ name: String, _ value: TemplateValue, _ arguments: CallArguments
  ) throws(TemplateFailure) -> TemplateValue {
    if case .undefined(let message) = value { throw failure(message) }
    switch name {
    case "int":
      let given = try bind(arguments, to: ["default", "base"], of: name)
      let standard = try integer(given[0], "default") ?? 0
      let base = try integer(given[1], "base") ?? 10
      guard (2...36).contains(base) else {
        throw failure("found \(base) as base, expected 2 to 36")
      }
      return .integer(wholeNumber(value, base: base) ?? standard)
    case "float":
      let given = try bind(arguments, to: ["default"], of: name)
      if let number = Numeral(value) { return .number(number.double) }
      if case .string(let text) = value, let number = text.pythonNumber { return .number(number) }
      return given[0] ?? .number(0)
    case "abs":
      _ = try bind(arguments, to: [], of: name)
      guard let number = Numeral(value) else {
        throw failure("cannot take the size of \(describe(value))")
      }
      if case .number(let value) = number { return .number(abs(value)) }
      return number.double < 0 ? try negated(value) : try positive(value)
    default: return try rounded(value, arguments)
    }
  }

  private func wholeNumber(_ value: TemplateValue, base: Int) -> Int? {
    switch value {
    case .boolean(let value): return value ? 1 : 0
    case .integer(let value): return value
    case .number(let value): return Int(exactly: value.rounded(.towardZero))
    case .string(let text):
      if let value = Int(text.stripped().replacingUnderscores.digits(base), radix: base) {
        return value
      }
      return text.pythonNumber.flatMap { Int(exactly: $0.rounded(.towardZero)) }
    default: return nil
    }
  }

  private func rounded(
    _ value: TemplateValue, _ arguments: CallArguments
  ) throws(TemplateFailure) -> TemplateValue {
    let given = try bind(arguments, to: ["precision", "method"], of: "round")
    let precision = try integer(given[0], "precision") ?? 0
    let method = try string(given[1], "method") ?? "common"
    guard let number = Numeral(value)?.double, precision == 0 else {
      throw failure("round is supported for numbers and without precision only")
    }
    switch method {
    case "common": return .number(number.rounded(.toNearestOrEven))
    case "ceil": return .number(number.rounded(.up))
    case "floor": return .number(number.rounded(.down))
    default:
      throw failure("found the method \(method.quotedOnOneLine), expected common, ceil or floor")
    }
  }
}

extension TemplateValue {
  var ifNotNone: TemplateValue? {
    if case .none = self { return nil }
    return self
  }
}

extension Unicode.Scalar {
  fileprivate var htmlText: String {
    switch self {
    case "&": "&amp;"
    case "<": "&lt;"
    case ">": "&gt;"
    case "'": "&#39;"
    case "\"": "&#34;"
    default: String(self)
    }
  }
}

extension String {
  /// What Python's `float` reads; `nil` for anything else.
  fileprivate var pythonNumber: Double? {
    let text = stripped().replacingUnderscores.lowercased()
    let word = text.drop { $0 == "+" || $0 == "-" }
    if word.isEmpty || word.first?.isLetter == true {
      guard ["inf", "infinity", "nan"].contains(String(word)) else { return nil }
    }
    // Swift reads hexadecimal numbers too, Python does not.
    return text.utf8.contains(UInt8(ascii: "x")) ? nil : Double(text)
  }

  /// Without the prefix that a number to that base may have.
  fileprivate func digits(_ base: Int) -> String {
    guard let mark = [2: "0b", 8: "0o", 16: "0x"][base] else { return self }
    let sign = String(self.prefix { $0 == "-" || $0 == "+" })
    let rest = dropFirst(sign.count)
    return rest.lowercased().hasPrefix(mark) ? sign + rest.dropFirst(2) : self
  }

  /// Python allows underscores between digits.
  fileprivate var replacingUnderscores: String {
    let bytes = Array(utf8)
    var kept: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      let isBetweenDigits =
        byte == UInt8(ascii: "_") && index > 0 && index + 1 < bytes.count
        && (0x30...0x39).contains(bytes[index - 1]) && (0x30...0x39).contains(bytes[index + 1])
      if !isBetweenDigits { kept.append(byte) }
    }
    return String(decoding: kept, as: UTF8.self)
  }

  /// Jinja's `title` filter: words begin after white space, hyphens and opening brackets.
  fileprivate func titledByJinja() -> String {
    var text = ""
    var word = String.UnicodeScalarView()
    func finish() {
      text += String(word).capitalizedAsInPython(titlecase: false)
      word = String.UnicodeScalarView()
    }
    for scalar in unicodeScalars {
      if scalar.isPythonSpace || "-({[<".unicodeScalars.contains(scalar) {
        finish()
        text.unicodeScalars.append(scalar)
      } else {
        word.append(scalar)
      }
    }
    finish()
    return text
  }
}
