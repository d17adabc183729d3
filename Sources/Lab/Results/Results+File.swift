import Core
import Foundation

extension Results {
  /// The bytes of `results.json`: sorted keys, indented, one line end at the end. Equal results
  /// give equal bytes.
  ///
  /// - Throws: `EncodingError` when a number is infinite or not one.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    var data = try encoder.encode(self)
    data.append(UInt8(ascii: "\n"))
    return data
  }

  /// - Parameters:
  ///   - json: the contents of the file.
  ///   - file: name for error messages.
  /// - Throws: `InputError` that names the field.
  public init(json: Data, file: String) throws {
    do {
      self = try JSONDecoder().decode(Results.self, from: json)
    } catch let error as DecodingError {
      throw Self.inputError(error).inFile(file)
    }
    guard schemaVersion <= Self.currentSchemaVersion else {
      throw InputError(
        "found version \(schemaVersion), expected at most \(Self.currentSchemaVersion): "
          + "update Askew", file: file, field: "schemaVersion")
    }
  }

  private static func inputError(_ error: DecodingError) -> InputError {
    func path(_ context: DecodingError.Context) -> String? {
      let keys = context.codingPath.map { key in
        key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)"
      }
      let joined = keys.joined()
      return joined.isEmpty ? nil : String(joined.drop { $0 == "." })
    }
    switch error {
    case .keyNotFound(let key, let context):
      return InputError("expected the key \"\(key.stringValue)\"", field: path(context))
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      return InputError("found another type, expected \(type)", field: path(context))
    case .dataCorrupted(let context):
      return InputError("cannot be read as results", field: path(context))
    @unknown default:
      return InputError("cannot be read as results")
    }
  }
}

/// A value among the settings: any JSON.
public enum SettingValue: Sendable, Hashable, Codable, ExpressibleByStringLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral
{
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([SettingValue])
  case object([String: SettingValue])

  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([SettingValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: SettingValue].self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }
}
