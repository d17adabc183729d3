import Foundation

/// The SHA-256 of everything that determines a result, in hexadecimal: two runs with the same
/// fingerprint are the same run.
package struct Fingerprint: Sendable, Hashable, Codable, CustomStringConvertible {
  package let hex: String

  package init(hex: String) { self.hex = hex }

  package init(bytes: some DataProtocol) {
    var hasher = SHA256Hasher()
    for region in bytes.regions { region.withUnsafeBytes { hasher.update($0) } }
    self = hasher.finish()
  }

  /// The fingerprint of a value's canonical JSON: sorted keys, no white space, slashes as they are.
  package init(of value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    self.init(bytes: try encoder.encode(value))
  }

  /// The first twelve digits: enough to name a folder.
  package var short: String { String(hex.prefix(12)) }
  package var description: String { hex }

  package init(from decoder: any Decoder) throws {
    hex = try decoder.singleValueContainer().decode(String.self)
  }
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hex)
  }
}
