import Core
import Foundation

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A folder that appears when all of it is written, or not at all: made under a temporary name
/// beside its place, then renamed.
package struct NewFolder {
  private let path: String
  private let parent: URL

  /// Checks that the folder can be made; makes those above it.
  ///
  /// - Parameters:
  ///   - inputs: folders that are read: it must be none of them, and in none of them.
  ///   - byteCount: what will be written, to be refused now if the disk has less left.
  /// - Throws: `InputError` naming the folder.
  package init(_ path: String, apartFrom inputs: [String], byteCount: Int) throws(InputError) {
    let url = URL(fileURLWithPath: path).standardizedFileURL
    self.path = url.path
    parent = url.deletingLastPathComponent()
    let above = Set(Self.chain(url).map(Self.identity))
    if let input = inputs.first(where: { above.contains(Self.identity($0)) }) {
      throw InputError(
        "is in \(input), which is read and stays as it is; expected another place", file: path)
    }
    try Self.checkIsFree(url, name: path)
    do {
      try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    } catch {
      throw InputError("the folder cannot be made: \(error.localizedDescription)", file: path)
    }
    if let free = Self.freeByteCount(parent), free < byteCount {
      throw InputError(
        "needs \(ByteCount.text(byteCount)), but the disk has only \(ByteCount.text(free)) left",
        file: path)
    }
  }

  /// Writes the folder: `body` gets the path under which its files are made.
  package func write(_ body: (String) throws -> Void) throws {
    let name = ".\(URL(fileURLWithPath: path).lastPathComponent)"
    let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
    let temporary = parent.appendingPathComponent("\(name).\(suffix).tmp").path
    guard mkdir(temporary, 0o755) == 0 else {
      throw InputError("the folder cannot be made: \(Self.systemMessage())", file: path)
    }
    do {
      try body(temporary)
      // Takes the place of an empty folder, and of nothing else.
      guard rename(temporary, path) == 0 else {
        throw InputError("the folder cannot be made: \(Self.systemMessage())", file: path)
      }
    } catch {
      try? FileManager.default.removeItem(atPath: temporary)
      guard var problem = error as? InputError, let file = problem.file else { throw error }
      // The name that was asked for: the temporary one is gone.
      problem.file = file.replacing(temporary, with: path)
      throw problem
    }
  }

  private static func checkIsFree(_ url: URL, name: String) throws(InputError) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else { return }
    guard isFolder.boolValue else {
      throw InputError("there is a file of this name, expected a new folder", file: name)
    }
    let content = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    if !content.isEmpty {
      throw InputError("is there already and not empty, expected a new folder", file: name)
    }
  }

  /// The paths of a folder and of all above it.
  private static func chain(_ url: URL) -> [String] {
    var paths = [url.path]
    var url = url
    while url.path != "/", url.deletingLastPathComponent().path != url.path {
      url = url.deletingLastPathComponent()
      paths.append(url.path)
    }
    return paths
  }

  /// The same for two names of the same folder; of a folder that is not there, its path.
  private static func identity(_ path: String) -> String {
    var status = stat()
    return stat(path, &status) == 0 ? "\(status.st_dev):\(status.st_ino)" : path
  }

  private static func freeByteCount(_ folder: URL) -> Int? {
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder.path)
    return (attributes?[.systemFreeSize] as? NSNumber)?.intValue
  }

  private static func systemMessage() -> String { String(cString: strerror(errno)) }
}
