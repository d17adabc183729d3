import Documents

/// The `tojson` filter of `transformers`: Python's `json.dumps` without escapes for HTML or for
/// what is not ASCII.
extension Evaluation {
  struct JSONStyle {
    var indent: String?
    var betweenItems = ", "
    var afterKey = ": "
    var sortsKeys = false
    var escapesNonASCII = false

    /// Python leaves DEL as it is, unless it is to write ASCII: then it takes that for none.
    func isEscaped(_ scalar: Unicode.Scalar) -> Bool { escapesNonASCII && scalar.value > 0x7e }
  }

  func json(_ value: TemplateValue, _ style: JSONStyle) throws(TemplateFailure) -> String {
    var text = ""
    try write(json: value, style, level: 0, to: &text)
    return text
  }

  private func write(
    json value: TemplateValue, _ style: JSONStyle, level: Int, to text: inout String
  ) throws(TemplateFailure) {
    try charge(textBytes: text.utf8.count / 256)
    switch value {
    case .none: text += "null"
    case .boolean(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += value.jsonText
    case .string(let value):
      try charge(textBytes: text.utf8.count + value.utf8.count)
      text.appendJSON(value, escaping: style.isEscaped)
    case .sequence(let sequence):
      try write(
        sequence.elements.count, "[", "]", style, level: level, to: &text
      ) { (index, text) throws(TemplateFailure) in
        try write(json: sequence.elements[index], style, level: level + 1, to: &text)
      }
    case .dictionary(let dictionary):
      var names: [(name: String, place: Int)] = []
      for (place, key) in dictionary.keys.enumerated() { names.append((try name(of: key), place)) }
      if style.sortsKeys {
        names.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
      }
      try write(names.count, "{", "}", style, level: level, to: &text) {
        (index, text) throws(TemplateFailure) in
        try charge(textBytes: text.utf8.count + names[index].name.utf8.count)
        text.appendJSON(names[index].name, escaping: style.isEscaped)
        text += style.afterKey
        try write(
          json: dictionary.values[names[index].place], style, level: level + 1, to: &text)
      }
    case .undefined(let message): throw failure("cannot write as JSON: \(message)")
    case .reference: throw failure("cannot write \(describe(value)) as JSON")
    }
  }

  private func write(
    _ count: Int, _ opening: String, _ closing: String, _ style: JSONStyle, level: Int,
    to text: inout String, _ element: (Int, inout String) throws(TemplateFailure) -> Void
  ) throws(TemplateFailure) {
    text += opening
    if count > 0 {
      let line = style.indent.map { "\n" + String(repeating: $0, count: level + 1) }
      for index in 0..<count {
        if index > 0 { text += style.betweenItems }
        text += line ?? ""
        try charge(textBytes: line?.utf8.count ?? 0)
        try element(index, &text)
      }
      if let indent = style.indent { text += "\n" + String(repeating: indent, count: level) }
    }
    text += closing
  }

  private func name(of key: TemplateValue) throws(TemplateFailure) -> String {
    switch key {
    case .string(let name): name
    case .none: "null"
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .number(let value): value.jsonText
    default: throw failure("cannot write the key \(describe(key)) as JSON")
    }
  }
}

extension Double {
  fileprivate var jsonText: String {
    isNaN ? "NaN" : isInfinite ? (self < 0 ? "-Infinity" : "Infinity") : pythonText
  }
}
