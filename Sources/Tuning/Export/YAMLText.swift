import Documents
import Formats

/// YAML that every tool reads alike: a key a line, texts in double quotes, lists and mappings in one
/// line each.
enum YAMLText {
  static func document(_ members: [(String, JSON)], comment: String) -> String {
    "# \(comment)\n"
      + members.map { key, value in "\(key): \(flow(value))\n" }.joined()
  }

  private static func flow(_ value: JSON) -> String {
    switch value {
    case .number(let number): self.number(number)
    case .array(let elements): "[" + elements.map(flow).joined(separator: ", ") + "]"
    case .object(let object):
      "{" + object.members.map { "\($0.name): \(flow($0.value))" }.joined(separator: ", ") + "}"
    case .null, .boolean, .integer, .string: value.text(pretty: false)
    }
  }

  /// With a point in front of the exponent: PyYAML takes `1e-05` for a text.
  private static func number(_ number: Double) -> String {
    let text = "\(number)"
    guard let exponent = text.firstIndex(of: "e"), !text[..<exponent].contains(".") else {
      return text
    }
    return text[..<exponent] + ".0" + text[exponent...]
  }
}
