import Foundation
import Testing

/// Where the files of this repository are, and what was built from them.
public enum Repository {
  public static let url = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  public static func url(_ name: String) -> URL { url.appending(path: name) }

  public static func path(_ name: String) -> String { url(name).path }

  /// A built program of the package; it lies beside the bundle of these tests.
  public static func program(_ name: String) throws -> URL {
    let fromArguments = CommandLine.arguments.filter { $0.contains(".xctest") }.map { argument in
      let end = argument.range(of: ".xctest")?.upperBound ?? argument.endIndex
      return URL(filePath: String(argument[..<end])).deletingLastPathComponent()
    }
    let fromBundles = Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() }
    let found = (fromArguments + fromBundles).map { $0.appending(path: name) }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    return try #require(found, "\(name) is not built")
  }
}

/// Files under Tests/Fixtures, made by scripts/make_fixtures.py.
public enum Fixture {
  public static func path(_ name: String) -> String { Repository.path("Tests/Fixtures/\(name)") }

  public static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: path(name))))
  }

  public static func text(_ name: String) throws -> String {
    try String(contentsOfFile: path(name), encoding: .utf8)
  }

  /// Decoded by Foundation, not by the reader under test.
  public static func decode<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(try bytes(name)))
  }
}
