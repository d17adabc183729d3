import Foundation

/// The SHA-256 of everything that determines a result, in hexadecimal: two runs with the same
/// fingerprint are the same run.
public struct Fingerprint: Sendable, Hashable, Codable, CustomStringConvertible {
  public let hex: String

  public init(hex: String) { self.hex = hex }

  public init(bytes: some DataProtocol) {
    var hasher = SHA256Hasher()
    for region in bytes.regions { region.withUnsafeBytes { hasher.update($0) } }
    self = hasher.finish()
  }

  /// The fingerprint of a value's canonical JSON: sorted keys, no white space, slashes as they are.
  public init(of value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    self.init(bytes: try encoder.encode(value))
  }

  /// The first twelve digits: enough to name a folder.
  public var short: String { String(hex.prefix(12)) }
  public var description: String { hex }

  public init(from decoder: any Decoder) throws {
    hex = try decoder.singleValueContainer().decode(String.self)
  }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hex)
  }
}
