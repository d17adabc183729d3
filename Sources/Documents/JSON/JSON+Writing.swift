extension JSON {
  /// The value as text: two spaces of indentation and a final newline if `pretty`, otherwise one
  /// line. Non-ASCII characters stay as they are. Numbers that JSON cannot hold (NaN, infinity)
  /// become null, or Python's words for them if `nonFinite` is `.literals`.
  package func text(pretty: Bool = true, nonFinite: NonFiniteNumbers = .refused) -> String {
    var result = ""
    append(to: &result, indentation: pretty ? 0 : nil, nonFinite: nonFinite)
    if pretty { result += "\n" }
    return result
  }

  private func append(
    to text: inout String, indentation: Int?, nonFinite: NonFiniteNumbers
  ) {
    switch self {
    case .null: text += "null"
    case .boolean(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += value.isFinite ? "\(value)" : nonFinite.text(of: value)
    case .string(let value): text.appendJSON(value)
    case .array(let elements):
      Self.append(elements, between: ("[", "]"), to: &text, indentation: indentation) {
        $0.append(to: &$1, indentation: $2, nonFinite: nonFinite)
      }
    case .object(let object):
      Self.append(object.members, between: ("{", "}"), to: &text, indentation: indentation) {
        $1.appendJSON($0.name)
        $1 += $2 == nil ? ":" : ": "
        $0.value.append(to: &$1, indentation: $2, nonFinite: nonFinite)
      }
    }
  }

  private static func append<Element>(
    _ elements: [Element], between brackets: (String, String), to text: inout String,
    indentation: Int?, write: (Element, inout String, Int?) -> Void
  ) {
    text += brackets.0
    let inner = indentation.map { $0 + 2 }
    for (index, element) in elements.enumerated() {
      if index > 0 { text += "," }
      if let inner { text += "\n" + String(repeating: " ", count: inner) }
      write(element, &text, inner)
    }
    if let indentation, !elements.isEmpty {
      text += "\n" + String(repeating: " ", count: indentation)
    }
    text += brackets.1
  }
}

extension JSON.NonFiniteNumbers {
  /// What stands for a number that is not finite.
  fileprivate func text(of value: Double) -> String {
    guard self == .literals else { return "null" }
    return value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity"
  }
}
