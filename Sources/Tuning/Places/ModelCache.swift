import Core
import Foundation

/// Folders that are made once and kept for this user, outside of all projects: what a GGUF file was
/// converted to, and what was fetched. Any of them may be deleted; it is made again.
package struct ModelCache: Sendable {
  /// A converted file is addressed by its bytes and by this: other conversions are other folders.
  package static let conversionVersion = 1
  private let folder: URL

  package init(_ folder: URL) { self.folder = folder }

  /// `ASKEW_CACHE`, or else `askew` in the place that the system has for such things.
  package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    func path(_ name: String) -> URL? {
      environment[name].flatMap { $0.isEmpty ? nil : URL(fileURLWithPath: $0) }
    }
    let home = FileManager.default.homeDirectoryForCurrentUser
    #if canImport(Darwin)
      let general = home.appending(path: "Library/Caches")
    #else
      let general = path("XDG_CACHE_HOME") ?? home.appending(path: ".cache")
    #endif
    folder = path("ASKEW_CACHE") ?? general.appending(path: "askew")
  }

  /// Where the folder of a converted file is.
  package func conversion(of hash: Fingerprint) -> Entry {
    Entry(url: folder.appending(path: "models/\(hash.hex)-\(Self.conversionVersion)"))
  }

  /// Where what was fetched is kept.
  package func package(_ name: String) -> Entry {
    Entry(url: folder.appending(path: "packages/\(name)"))
  }

  /// A folder of the cache, there or not.
  package struct Entry: Sendable {
    package let url: URL
    package var path: String { url.path }

    package var isThere: Bool { FileManager.default.fileExists(atPath: path) }

    /// Makes the folder unless it is there. It appears when it is complete: `body` fills another, which
    /// gets the name at the end, and which is gone if `body` throws.
    ///
    /// - Throws: `InputError` if it cannot be written; what `body` throws.
    package func make(_ body: (URL) throws -> Void) throws {
      if isThere { return }
      let parent = url.deletingLastPathComponent()
      let name = ".\(url.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier)"
      let temporary = parent.appending(
        path: "\(name).\(String(UInt32.random(in: .min ... .max), radix: 36)).tmp")
      do {
        try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
      } catch {
        throw InputError("cannot be made: \(error.systemReason)", file: temporary.path)
      }
      defer { try? FileManager.default.removeItem(at: temporary) }
      Self.removeLeftovers(in: parent)
      try body(temporary)
      // Another process may have been faster: what it has made is the same.
      guard rename(temporary.path, path) == 0 || isThere else {
        throw InputError("cannot be made: \(String(cString: strerror(errno)))", file: path)
      }
    }

    /// Removes what processes that were killed have left.
    private static func removeLeftovers(in folder: URL) {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
      for name in names where name.hasPrefix(".") && name.hasSuffix(".tmp") {
        let parts = name.split(separator: ".")
        guard parts.count >= 4, let process = Int32(parts[parts.count - 3]),
          kill(process, 0) != 0, errno == ESRCH
        else { continue }
        try? FileManager.default.removeItem(at: folder.appending(path: name))
      }
    }
  }
}
