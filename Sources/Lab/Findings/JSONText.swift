import Foundation

/// JSON as files of a project and the output of commands have it.
package enum JSONText {
  /// With names in order, the same value giving the same bytes.
  ///
  /// - Throws: for a number that is none.
  package static func pretty(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }
}
