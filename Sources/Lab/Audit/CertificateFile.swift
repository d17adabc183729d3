import Audit
import Core
import Documents
import Foundation

/// A certificate as somebody has it in a file, where it may have been changed.
package struct CertificateFile: Sendable, Hashable {
  package let path: String
  package let certificate: Certificate
  /// What the hash of the file's text is.
  package let hash: Fingerprint

  private static let limit = TextFile.Limit(bytes: 16 << 20, of: "certificate")

  /// - Throws: `InputError` naming file, and line or field, for what is no certificate.
  package init(reading path: String) throws(InputError) {
    try self.init(
      text: TextFile(reading: path, limit: Self.limit).text, file: path)
  }

  /// - Parameter path: for errors.
  package init(text: String, file path: String) throws(InputError) {
    let json = try JSON(text: text, file: path)
    guard case .object(let members) = json else {
      throw InputError("found \(json.summary), expected a certificate", file: path)
    }
    let schema = members["schema"] ?? .null
    guard schema == .string(Certificate.currentSchema) else {
      throw InputError(
        "found \(schema.summary), expected \(Certificate.currentSchema.quotedOnOneLine)",
        file: path, field: "schema")
    }
    self.path = path
    hash = json.seal
    do {
      certificate = try JSONDecoder().decode(Certificate.self, from: Data(text.utf8))
    } catch {
      throw InputError(certificate: error, file: path)
    }
  }

  /// Whether the text is as it was written; `nil`: it carries no hash, as certificates of older versions do not.
  package var isIntact: Bool? { certificate.hash.map { $0 == hash.hex } }
}

extension Certificate {
  /// As it lies in its file.
  ///
  /// - Throws: for a number that is none.
  package var text: String { get throws { try JSONText.pretty(self) } }

  /// With the hash of what it covers.
  func sealed() throws -> Certificate {
    var copy = self
    copy.hash = try JSON(text: text).seal.hex
    return copy
  }
}

extension JSON {
  /// SHA-256 of the text without the member `hash`: on one line, names sorted, without white space.
  fileprivate var seal: Fingerprint {
    var copy = self
    if case .object(var object) = self {
      object.members.removeAll { $0.name == "hash" }
      copy = .object(object)
    }
    return Fingerprint(bytes: Data(copy.sorted.text(pretty: false).utf8))
  }

  /// With the members of all objects in the order of their names.
  private var sorted: JSON {
    switch self {
    case .object(let object):
      .object(
        JSONObject(
          object.members.map { JSONObject.Member($0.name, $0.value.sorted) }
            .sorted { $0.name < $1.name }))
    case .array(let elements): .array(elements.map(\.sorted))
    case .null, .boolean, .integer, .number, .string: self
    }
  }
}

extension InputError {
  /// What the decoder says, with the field that it says it of.
  fileprivate init(certificate error: any Error, file: String) {
    func field(_ path: [any CodingKey], _ last: (any CodingKey)? = nil) -> String {
      (path + (last.map { [$0] } ?? [])).reduce("") { text, key in
        if let index = key.intValue { return "\(text)[\(index)]" }
        return text.isEmpty ? key.stringValue : "\(text).\(key.stringValue)"
      }
    }
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      self.init("found nothing, expected it", file: file, field: field(context.codingPath, key))
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.dataCorrupted(let context):
      self.init(
        context.debugDescription.onOneLine, file: file,
        field: context.codingPath.isEmpty ? nil : field(context.codingPath))
    default: self.init("is no certificate", file: file)
    }
  }
}
