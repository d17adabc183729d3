import Core

/// Values as text, as Python's `str` and `repr` write them.
extension Evaluation {
  func text(of value: TemplateValue) throws(TemplateFailure) -> String {
    switch value {
    case .undefined: return ""
    case .string(let text): return text
    default:
      var text = ""
      try writeRepresentation(of: value, to: &text)
      return text
    }
  }

  private func writeRepresentation(
    of value: TemplateValue, to text: inout String
  ) throws(TemplateFailure) {
    try charge(textBytes: text.utf8.count / 256)
    switch value {
    case .undefined: text += "Undefined"
    case .none: text += "None"
    case .boolean(let value): text += value ? "True" : "False"
    case .integer(let value): text += String(value)
    case .number(let value): text += value.pythonText
    case .string(let value):
      try charge(textBytes: text.utf8.count + value.utf8.count)
      text += value.pythonRepresentation
    case .sequence(let sequence):
      text += sequence.isTuple ? "(" : "["
      for (index, element) in sequence.elements.enumerated() {
        if index > 0 { text += ", " }
        try writeRepresentation(of: element, to: &text)
      }
      if sequence.isTuple, sequence.elements.count == 1 { text += "," }
      text += sequence.isTuple ? ")" : "]"
    case .dictionary(let dictionary):
      text += "{"
      for index in 0..<dictionary.count {
        if index > 0 { text += ", " }
        try writeRepresentation(of: dictionary.keys[index], to: &text)
        text += ": "
        try writeRepresentation(of: dictionary.values[index], to: &text)
      }
      text += "}"
    case .reference: throw failure("cannot write \(describe(value)) as text")
    }
  }

  /// What messages call a value.
  func describe(_ value: TemplateValue) -> String {
    switch value {
    case .undefined(let message): "something undefined (\(message))"
    case .none: "none"
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): "the number \(value)"
    case .number(let value): "the number \(value.pythonText)"
    case .string(let text): "the text \(text.quotedOnOneLine)"
    case .sequence(let sequence): sequence.isTuple ? "a tuple" : "a list"
    case .dictionary: "a dictionary"
    case .reference(let reference):
      switch reference.kind {
      case .function(let name): "the function \(name.quotedOnOneLine)"
      case .method(_, let name): "the method \(name.quotedOnOneLine)"
      case .macro(let place): "the macro \(macros[place].macro.name.quotedOnOneLine)"
      case .namespace: "a namespace"
      case .loop: "a loop"
      case .generator: "a generator"
      }
    }
  }
}

extension Double {
  /// The shortest digits that read back as the same value, as Python writes them: with an exponent
  /// below 1e-4 and from 1e16 on.
  var pythonText: String {
    if isNaN { return "nan" }
    if isInfinite { return self < 0 ? "-inf" : "inf" }
    let (digits, exponent) = shortestDigits
    let sign = self.sign == .minus ? "-" : ""
    let count = digits.count
    if exponent < -4 || exponent >= 16 {
      let fraction = count > 1 ? "." + digits.dropFirst() : ""
      let size = abs(exponent) < 10 ? "0\(abs(exponent))" : "\(abs(exponent))"
      return "\(sign)\(digits.prefix(1))\(fraction)e\(exponent < 0 ? "-" : "+")\(size)"
    }
    if exponent < 0 {
      return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits
    }
    if count <= exponent + 1 {
      return sign + digits + String(repeating: "0", count: exponent + 1 - count) + ".0"
    }
    return "\(sign)\(digits.prefix(exponent + 1)).\(digits.dropFirst(exponent + 1))"
  }

  /// The significant digits and the power of ten of the first one.
  private var shortestDigits: (String, Int) {
    let parts = description.lowercased().drop { $0 == "-" }.split(separator: "e")
    let halves = (parts.first ?? "0").split(separator: ".", omittingEmptySubsequences: false)
    let whole = halves.first.map(String.init) ?? "0"
    let fraction = halves.count > 1 ? String(halves[1]) : ""
    var exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) + whole.count - 1
    var digits = Substring(whole + fraction)
    while digits.count > 1, digits.first == "0" {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.count > 1, digits.last == "0" { digits.removeLast() }
    return digits == "0" ? ("0", 0) : (String(digits), exponent)
  }
}

extension String {
  /// As a literal of Python.
  var pythonRepresentation: String {
    let scalars = unicodeScalars
    let quote: Unicode.Scalar = scalars.contains("'") && !scalars.contains("\"") ? "\"" : "'"
    var text = String.UnicodeScalarView()
    text.append(quote)
    for scalar in scalars {
      switch scalar {
      case "\\", quote:
        text.append("\\")
        text.append(scalar)
      case "\n": text.append(contentsOf: "\\n".unicodeScalars)
      case "\r": text.append(contentsOf: "\\r".unicodeScalars)
      case "\t": text.append(contentsOf: "\\t".unicodeScalars)
      default:
        if scalar.isPrintableInPython {
          text.append(scalar)
        } else {
          text.append(contentsOf: scalar.pythonEscape.unicodeScalars)
        }
      }
    }
    text.append(quote)
    return String(text)
  }
}

extension Unicode.Scalar {
  fileprivate var isPrintableInPython: Bool {
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator:
      false
    case .spaceSeparator: value == 0x20
    default: true
    }
  }

  fileprivate var pythonEscape: String {
    let digits = String(value, radix: 16)
    let (mark, width) = value <= 0xff ? ("x", 2) : value <= 0xffff ? ("u", 4) : ("U", 8)
    return "\\" + mark + String(repeating: "0", count: width - digits.count) + digits
  }
}
