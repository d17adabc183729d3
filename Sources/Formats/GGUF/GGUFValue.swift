import Core

/// A value of a GGUF file's metadata.
package enum GGUFValue: Sendable, Hashable {
  case unsigned(UInt64)
  case signed(Int64)
  /// Numbers of 32 bits as the shortest decimal that means them: 1e-05, not 9.99999974e-06.
  case number(Double)
  case boolean(Bool)
  case string(String)
  case strings([String])
  /// A list of numbers or truth values; how a list of lists is read, too, which nothing here needs.
  case list([GGUFValue])

  /// What stands there, for messages.
  var summary: String {
    switch self {
    case .unsigned(let value): "\(value)"
    case .signed(let value): "\(value)"
    case .number(let value): "\(value)"
    case .boolean(let value): "\(value)"
    case .string(let value): value.count <= 40 ? value.quotedOnOneLine : "a long string"
    case .strings, .list: "a list"
    }
  }
}

/// The metadata of a GGUF file, read by name with errors that say which key was wrong.
package struct GGUFMetadata: Sendable {
  package let file: String
  private let values: [String: GGUFValue]

  init(_ values: [String: GGUFValue], file: String) {
    (self.values, self.file) = (values, file)
  }

  package subscript(key: String) -> GGUFValue? { values[key] }

  func failure(_ key: String, _ problem: String) -> InputError {
    InputError(problem, file: file, field: key.onOneLine)
  }

  func wrong(_ key: String, expected: String) -> InputError {
    failure(key, "found \(values[key]?.summary ?? "nothing"), expected \(expected)")
  }

  package func integer(_ key: String) throws(InputError) -> Int? {
    let value: Int? =
      switch values[key] {
      case nil: nil
      case .unsigned(let value): Int(exactly: value)
      case .signed(let value): Int(exactly: value)
      default: nil
      }
    guard value != nil || values[key] == nil else { throw wrong(key, expected: "a whole number") }
    return value
  }

  package func number(_ key: String) throws(InputError) -> Double? {
    if case .number(let value)? = values[key] { return value }
    return try integer(key).map(Double.init)
  }

  package func boolean(_ key: String) throws(InputError) -> Bool? {
    switch values[key] {
    case nil: return nil
    case .boolean(let value): return value
    default: throw wrong(key, expected: "true or false")
    }
  }

  package func string(_ key: String) throws(InputError) -> String? {
    switch values[key] {
    case nil: return nil
    case .string(let value): return value
    default: throw wrong(key, expected: "a string")
    }
  }

  func strings(_ key: String) throws(InputError) -> [String]? {
    switch values[key] {
    case nil: return nil
    case .strings(let value): return value
    case .list(let value) where value.isEmpty: return []
    default: throw wrong(key, expected: "a list of strings")
    }
  }

  func numbers(_ key: String) throws(InputError) -> [Double]? {
    guard let value = values[key] else { return nil }
    guard case .list(let elements) = value else { throw wrong(key, expected: "a list of numbers") }
    var result: [Double] = []
    result.reserveCapacity(elements.count)
    for element in elements {
      switch element {
      case .number(let value): result.append(value)
      case .signed(let value): result.append(Double(value))
      case .unsigned(let value): result.append(Double(value))
      default: throw wrong(key, expected: "a list of numbers")
      }
    }
    return result
  }

  func required<Value>(_ key: String, _ value: Value?) throws(InputError) -> Value {
    guard let value else { throw failure(key, "is missing") }
    return value
  }
}
