import Core
import Formats
import Foundation
import Store
import Tuning

/// The folder of a project: the store, models, checkpoints and the report.
package struct ProjectFolder: Sendable, Hashable {
  package let url: URL

  package init(_ url: URL) { self.url = url }

  package var resultsPath: String { path("results.json") }
  package var reportPath: String { path("report.html") }
  package var storePath: String { path("askew.db") }

  func path(_ relative: String) -> String { url.appendingPathComponent(relative).path }

  /// Replaces a file at once or not at all.
  ///
  /// - Throws: `InputError` naming the file.
  package func write(_ text: String, to path: String) throws(InputError) {
    try AtomicFile.write(text, to: path)
  }

  func checkpointPath(of stage: DishStage) -> String {
    path("checkpoints/\(stage.folderName).safetensors")
  }

  func modelFolder(of stage: DishStage) -> ModelFolder {
    ModelFolder(path: path("models/\(stage.folderName)"))
  }

  func makeFolder(_ relative: String) throws(InputError) {
    do {
      try FileManager.default.createDirectory(
        atPath: path(relative), withIntermediateDirectories: true)
    } catch {
      throw InputError("the folder cannot be made: \(error.systemReason)", file: path(relative))
    }
  }

  func writeModel(
    of stage: DishStage, _ fill: (ModelFolder) throws -> Void
  ) throws -> [Artifact] {
    try writeFolder("models/\(stage.folderName)", fill)
  }

  /// Fills a folder under a temporary name and then gives it its own, in the place of one that may
  /// be there: nobody ever sees half a model.
  func writeFolder(
    _ relative: String, _ fill: (ModelFolder) throws -> Void
  ) throws -> [Artifact] {
    let (parent, name) = (relative as NSString).splitLast
    let temporary = "\(parent)/.\(name).tmp"
    try makeFolder(parent)
    remove(temporary)
    do {
      try makeFolder(temporary)
      try fill(ModelFolder(path: path(temporary)))
    } catch {
      remove(temporary)
      throw error
    }
    remove(relative)
    do {
      try FileManager.default.moveItem(atPath: path(temporary), toPath: path(relative))
    } catch {
      throw InputError("cannot be written: \(error.systemReason)", file: path(relative))
    }
    return try artifacts(in: relative)
  }

  /// The files of a folder; their roles are their names behind `prefix`.
  func artifacts(
    in relative: String, prefix: String = "", hashing memory: FolderMemory = FolderMemory()
  ) throws -> [Artifact] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: path(relative)).sorted()
    } catch {
      throw InputError("cannot be read: \(error.systemReason)", file: path(relative))
    }
    return try names.filter { !isFolder("\(relative)/\($0)") }.map {
      try artifact(role: prefix + $0, path: "\(relative)/\($0)", hashing: memory)
    }
  }

  private func isFolder(_ relative: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path(relative), isDirectory: &isFolder)
      && isFolder.boolValue
  }

  func remove(_ relative: String) { try? FileManager.default.removeItem(atPath: path(relative)) }

  /// A file's hash and size as they are on the disk.
  func artifact(
    role: String, path relative: String, hashing memory: FolderMemory = FolderMemory()
  ) throws -> Artifact {
    let file = try FileStamp(of: path(relative))
    let hash = try memory.hashes(of: [file])
    return Artifact(role: role, path: relative, sha256: hash[0].hex, bytes: file.size)
  }

  /// The first artifact that is missing or not what was written; `nil`: all are well.
  func damaged(
    _ artifacts: [Artifact], hashing memory: FolderMemory = FolderMemory()
  ) throws -> Artifact? {
    try artifacts.first { artifact in
      do {
        return try self.artifact(role: artifact.role, path: artifact.path, hashing: memory)
          != artifact
      } catch is InputError {
        return true
      }
    }
  }
}

extension NSString {
  /// `a/b/c` as `a/b` and `c`.
  fileprivate var splitLast: (String, String) { (deletingLastPathComponent, lastPathComponent) }
}
