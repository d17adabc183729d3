import Core
import Documents
import Foundation

/// A JSON object of a log, with where it stands for errors.
///
/// What a log must have is asked for by `required…`; all else is taken where it has the expected
/// form, since logs of other versions may hold other things.
struct InspectFields {
  private let members: [String: JSON]
  let file: String
  /// The member of the archive and the path in it, such as `header.json: eval.`.
  let place: String

  init(_ json: JSON, file: String, place: String) throws(InputError) {
    guard case .object(let object) = json else {
      throw InputError(
        "found \(json.summary), expected an object", file: file, field: place)
    }
    self.init(object, file: file, place: place)
  }

  private init(_ object: JSONObject, file: String, place: String) {
    members = Dictionary(object.members.map { ($0.name, $0.value) }) { $1 }
    self.file = file
    self.place = place
  }

  /// The value; `nil` if it is missing or null.
  subscript(name: String) -> JSON? { members[name].flatMap { $0 == .null ? nil : $0 } }

  func has(_ name: String) -> Bool { self[name] != nil }

  func string(_ name: String) -> String? { self[name]?.string }
  func array(_ name: String) -> [JSON] { self[name]?.array ?? [] }
  func object(_ name: String) -> JSONObject { self[name]?.object ?? JSONObject() }
  func date(_ name: String) -> Date? { string(name).flatMap(InspectTime.date) }

  func integer(_ name: String) -> Int? {
    guard case .integer(let value) = self[name] else { return nil }
    return value
  }

  func number(_ name: String) -> Double? { self[name]?.number }

  /// The object called `name`; an empty one if there is none.
  func fields(_ name: String) -> InspectFields {
    InspectFields(object(name), file: file, place: "\(place): \(name)")
  }

  func required<Value>(
    _ name: String, _ value: Value?, _ expected: String
  ) throws(InputError) -> Value {
    guard let value else {
      throw failure(name, "found \(self[name]?.summary ?? "nothing"), expected \(expected)")
    }
    return value
  }

  func failure(_ name: String, _ problem: String) -> InputError {
    InputError(problem, file: file, field: "\(place): \(name)")
  }
}

extension JSON {
  var string: String? {
    guard case .string(let value) = self else { return nil }
    return value
  }

  var array: [JSON]? {
    guard case .array(let value) = self else { return nil }
    return value
  }

  var object: JSONObject? {
    guard case .object(let value) = self else { return nil }
    return value
  }

  /// `nil` for NaN too.
  var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value.isNaN ? nil : value
    default: nil
    }
  }
}
