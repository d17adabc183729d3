import Foundation

/// A folder for the time of a test, removed with the value.
public final class TemporaryFolder: Sendable {
  public let url: URL

  private init(at url: URL) { self.url = url }

  /// Makes an empty folder.
  public convenience init() throws {
    self.init(at: Self.newPlace)
    try makeFolder(url.path)
  }

  /// A place where nothing is yet, for what makes its own folder or file.
  public static func unmade() -> TemporaryFolder { TemporaryFolder(at: newPlace) }

  deinit { try? FileManager.default.removeItem(at: url) }

  private static var newPlace: URL {
    FileManager.default.temporaryDirectory.appending(path: "askew-test-\(UUID())")
  }

  public var path: String { url.path }

  public func url(_ name: String) -> URL { url.appending(path: name) }

  public func path(_ name: String) -> String { url(name).path }

  /// Writes a file, and the folders on the way to it.
  /// - Parameter permissions: as for chmod.
  /// - Returns: the file's path.
  @discardableResult
  public func write(
    _ text: String, to name: String, permissions: Int = 0o644
  ) throws -> String {
    let file = url(name)
    try makeFolder(file.deletingLastPathComponent().path)
    try Data(text.utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: file.path)
    return file.path
  }

  public func text(of name: String) throws -> String {
    try String(contentsOf: url(name), encoding: .utf8)
  }
}

/// Makes a folder, and those on the way to it.
public func makeFolder(_ path: String) throws {
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
}

/// Gives `body` the path of an empty folder, which is removed afterwards.
public func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = try TemporaryFolder()
  return try withExtendedLifetime(folder) { try body(folder.path) }
}

/// Gives `body` the path of a file with a text, which is removed afterwards.
public func withTemporaryFile<Result>(
  _ text: String, named name: String, _ body: (String) throws -> Result
) throws -> Result {
  try withTemporaryFolder { folder in
    let path = "\(folder)/\(name)"
    try Data(text.utf8).write(to: URL(filePath: path))
    return try body(path)
  }
}
