import Core
import Documents

/// The members of one JSON object, read by name with errors that say which field was wrong.
package struct Fields {
  let object: JSONObject
  let file: String?
  /// Prefix of field names in messages, such as `model.`.
  let path: String

  init(_ json: JSON, file: String?, path: String = "") throws(InputError) {
    guard case .object(let object) = json else {
      throw InputError(
        "found \(json.summary), expected an object", file: file,
        field: path.isEmpty ? nil : String(path.dropLast()))
    }
    self.object = object
    self.file = file
    self.path = path
  }

  /// The member's value; `nil` if it is missing or null.
  subscript(name: String) -> JSON? {
    guard let value = object[name], value != .null else { return nil }
    return value
  }

  func has(_ name: String) -> Bool { object[name] != nil }

  func failure(_ name: String, _ problem: String) -> InputError {
    InputError(problem, file: file, field: path + name)
  }

  func wrong(_ name: String, expected: String) -> InputError {
    failure(name, "found \(object[name]?.summary ?? "nothing"), expected \(expected)")
  }

  func integer(_ name: String) throws(InputError) -> Int? {
    switch self[name] {
    case nil: nil
    case .integer(let value): value
    default: throw wrong(name, expected: "a whole number")
    }
  }

  func number(_ name: String) throws(InputError) -> Double? {
    switch self[name] {
    case nil: nil
    case .integer(let value): Double(value)
    case .number(let value): value
    default: throw wrong(name, expected: "a number")
    }
  }

  func boolean(_ name: String) throws(InputError) -> Bool? {
    switch self[name] {
    case nil: nil
    case .boolean(let value): value
    default: throw wrong(name, expected: "true or false")
    }
  }

  func string(_ name: String) throws(InputError) -> String? {
    switch self[name] {
    case nil: nil
    case .string(let value): value
    default: throw wrong(name, expected: "a string")
    }
  }

  func array(_ name: String) throws(InputError) -> [JSON]? {
    switch self[name] {
    case nil: nil
    case .array(let value): value
    default: throw wrong(name, expected: "a list")
    }
  }

  func strings(_ name: String) throws(InputError) -> [String]? {
    guard let elements = try array(name) else { return nil }
    var result: [String] = []
    for (index, element) in elements.enumerated() {
      guard case .string(let text) = element else {
        throw failure("\(name)[\(index)]", "found \(element.summary), expected a string")
      }
      result.append(text)
    }
    return result
  }

  func integers(_ name: String) throws(InputError) -> [Int]? {
    guard let elements = try array(name) else { return nil }
    var result: [Int] = []
    for (index, element) in elements.enumerated() {
      guard case .integer(let number) = element else {
        throw failure("\(name)[\(index)]", "found \(element.summary), expected a whole number")
      }
      result.append(number)
    }
    return result
  }

  func fields(_ name: String) throws(InputError) -> Fields? {
    guard let value = self[name] else { return nil }
    return try Fields(value, file: file, path: "\(path)\(name).")
  }

  func required<Value>(_ name: String, _ value: Value?) throws(InputError) -> Value {
    guard let value else { throw failure(name, "is missing") }
    return value
  }
}
