import Chats
import Core
import Formats
import Foundation
import Store
import Synchronization

/// The files of a model folder that decide what it says, and of an adapter on it, held to what they were
/// when the folder was opened. None is read before somebody asks which model it is.
package final class ModelContent: Sendable {
  private let folder: ModelFolder
  private let weights: [String]
  private let adapter: AdapterFolder?
  private let memory: FolderMemory
  /// By path; `nil` for a file that is not there.
  private let stamps: [String: FileStamp?]
  private let known = Mutex<ModelIdentity?>(nil)

  /// Looks at the files of a folder that can be used.
  ///
  /// - Parameter adapter: the path of an adapter's folder.
  /// - Throws: `InputError` naming file and field or tensor.
  package init(
    of folder: ModelFolder, adapter: String?, memory: FolderMemory
  ) throws(InputError) {
    try folder.requireAdapter(asked: adapter)
    let configuration = try folder.configuration()
    let files = try ModelWeightFiles(folder: folder)
    try files.check(configuration)
    self.folder = folder
    self.memory = memory
    // With an index its own bytes count too: it says which file a tensor is read from.
    let index = files.path == folder.weightsIndexPath ? [files.path] : []
    weights = index + files.files.map(\.file)
    self.adapter = try adapter.map { path throws(InputError) in
      try AdapterFolder(path: path, for: configuration)
    }
    var paths = weights + [folder.configurationPath, folder.tokenizerPath]
    paths += ChatSettings.fileNames.map { "\(folder.path)/\($0)" }
    if let adapter = self.adapter {
      paths += [adapter.weightsPath, adapter.folder.adapterConfigurationPath]
    }
    stamps = try Self.stamps(of: paths)
  }

  private static func stamps(of paths: [String]) throws(InputError) -> [String: FileStamp?] {
    var stamps: [String: FileStamp?] = [:]
    for path in paths { stamps[path] = .some(fileExists(path) ? try FileStamp(of: path) : nil) }
    return stamps
  }

  /// Whoever has read the files asks it afterwards: then they were read as the identity says.
  ///
  /// - Throws: `InputError` naming a file that was changed since the folder was opened.
  package func checkUnchanged() throws(InputError) {
    for path in stamps.keys.sorted() {
      let now = fileExists(path) ? try FileStamp(of: path) : nil
      guard stamps[path] == .some(now) else { throw .changed(path) }
    }
  }

  /// Which model it is. The first time all bytes that nobody remembers are read.
  ///
  /// - Throws: `InputError` naming a file that cannot be used or was changed meanwhile; `Interrupted`;
  ///   `StoreError`.
  package var identity: ModelIdentity {
    get throws {
      try known.withLock { known in
        if let known { return known }
        let identity = try read()
        known = identity
        return identity
      }
    }
  }

  private func read() throws -> ModelIdentity {
    try memory.tellLeftovers()
    let chat = try ChatSettings(folder: folder)
    let hashes = try hashes(of: weights + (adapter.map { [$0.weightsPath] } ?? []) + whole)
    var weightLines = lines(weights, hashes)
    if let adapter, let hash = hashes[adapter.weightsPath] {
      weightLines.append((try Self.identity(of: adapter, file: hash), "adapter"))
    }
    var tokenizer = lines([folder.tokenizerPath], hashes)
    tokenizer.append((try Fingerprint(of: chat.specialTokens), "special tokens"))
    var configuration = lines([folder.configurationPath], hashes)
    if !chat.endTokenIDs.isEmpty {
      configuration.append((try Fingerprint(of: chat.endTokenIDs), "end tokens"))
    }
    try checkUnchanged()
    return ModelIdentity(
      weights: Fingerprint(lines: weightLines), tokenizer: Fingerprint(lines: tokenizer),
      template: Fingerprint(bytes: Data((chat.template ?? "").utf8)),
      configuration: Fingerprint(lines: configuration))
  }

  /// Files besides weights that are used as a whole.
  private var whole: [String] { [folder.tokenizerPath, folder.configurationPath] }

  private func hashes(of paths: [String]) throws -> [String: Fingerprint] {
    let there = paths.compactMap { path in stamps[path].flatMap { $0 }.map { (path, $0) } }
    let hashes = try memory.hashes(of: there.map(\.1))
    return Dictionary(zip(there.map(\.0), hashes)) { first, _ in first }
  }

  private func lines(
    _ paths: [String], _ hashes: [String: Fingerprint]
  ) -> [(hash: Fingerprint, name: String)] {
    paths.compactMap { path in
      hashes[path].map { ($0, URL(fileURLWithPath: path).lastPathComponent) }
    }
  }

  /// Of an adapter's configuration that which is used. The rest names places, such as that of the model:
  /// trained from an equal copy an adapter is the same.
  private static func identity(
    of adapter: AdapterFolder, file: Fingerprint
  ) throws -> Fingerprint {
    struct Module: Encodable {
      let layer: Int
      let linear: String
      let rank: Int
      let scaling: Double
    }
    let modules = adapter.modules.map {
      Module(layer: $0.layer, linear: $0.linear.rawValue, rank: $0.rank, scaling: $0.scaling)
    }
    return Fingerprint(lines: [
      (file, URL(fileURLWithPath: adapter.weightsPath).lastPathComponent),
      (try Fingerprint(of: modules), "modules"),
    ])
  }
}
