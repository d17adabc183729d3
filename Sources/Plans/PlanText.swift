import Core
import Documents

/// The text of a plan on its way from bytes to values that know their places.
struct PlanText {
  private static let size = TextFile.Limit(bytes: 256 * 1024, of: "plan")
  private static let limits = YAMLLimits(values: 20_000, levels: 12, aliases: 16)

  private let source: TextFile

  init(_ text: String, file: String) throws(InputError) {
    source = try TextFile(text, file: file, limit: Self.size)
  }

  /// Reads a file, or a pipe, but no more of it than a plan can have.
  init(reading path: String) throws(InputError) {
    source = try TextFile(reading: path, limit: Self.size)
  }

  /// The mapping at the top, free of duplicate keys.
  func root() throws(InputError) -> PlanValue {
    try YAMLTree.read(source, limits: Self.limits, expected: "a plan")
  }
}
