import Core

/// A JSON value (RFC 8259) whose objects keep the order of their members.
///
/// An own reader, because files from elsewhere are hostile input: nesting is bounded, UTF-8 and
/// surrogates are checked, and every complaint names a line. Order is kept so that files are
/// written the same way each time.
package enum JSON: Sendable, Hashable {
  case null
  case boolean(Bool)
  /// A number written without fraction or exponent that fits.
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSON])
  case object(JSONObject)

  /// What becomes of numbers that RFC 8259 does not have.
  package enum NonFiniteNumbers: Sendable, Hashable {
    /// Reading refuses them, writing puts null.
    case refused
    /// `NaN`, `Infinity` and `-Infinity`, the words of Python's json module.
    case literals
    /// `NaN` is read as null: Python writes it for a number that is missing.
    case missing
  }
}

/// Members in the order of the text. Of members with the same name the last one counts, as in
/// Python's and Rust's readers.
package struct JSONObject: Sendable, Hashable {
  package struct Member: Sendable, Hashable {
    package var name: String
    package var value: JSON

    package init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }

  package var members: [Member]

  package init(_ members: [Member] = []) { self.members = members }

  /// The value of the last member called `name`; linear, meant for objects with few members.
  package subscript(name: String) -> JSON? { members.last { $0.name == name }?.value }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, JSON)...) {
    members = elements.map { Member($0.0, $0.1) }
  }
}

extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  package init(nilLiteral: ()) { self = .null }
  package init(booleanLiteral value: Bool) { self = .boolean(value) }
  package init(integerLiteral value: Int) { self = .integer(value) }
  package init(floatLiteral value: Double) { self = .number(value) }
  package init(stringLiteral value: String) { self = .string(value) }
  package init(arrayLiteral elements: JSON...) { self = .array(elements) }
  package init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(JSONObject(elements.map { JSONObject.Member($0.0, $0.1) }))
  }
}

extension JSON {
  /// What stands there, for messages: `"bot"`, `12`, `a list`.
  package var summary: String {
    switch self {
    case .null: "null"
    case .boolean(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let value): value.count <= 40 ? value.quotedOnOneLine : "a long string"
    case .array: "a list"
    case .object: "an object"
    }
  }
}
