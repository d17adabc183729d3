import Core
import Engine
import Formats
import Foundation
import Store
import Tuning

/// A model as certificates know it: by the hash of all that determines what it says.
package struct CertifiedModel {
  /// As somebody names it.
  package let name: String
  /// As an audit of it would say today.
  package let hash: Fingerprint
  private let all: Set<String>

  /// Reads the bytes that nobody remembers, and no weight.
  ///
  /// - Parameters:
  ///   - store: of a project; a model that it has trained has the name of its training in certificates of plans.
  /// - Throws: `InputError` naming file and field or tensor; `Interrupted`; `StoreError`.
  package init(
    _ address: ModelAddress, adapter: String? = nil, _ memory: FolderMemory, store: RunStore?
  ) throws {
    name = address.description
    switch address {
    case .endpoint:
      hash = try Fingerprint(of: ModelReference.served(name))
      all = [hash.hex]
    case .folder(let path):
      var options = ModelOptions()
      (options.adapter, options.memory) = (adapter, memory)
      let use = try LoadedFolder(path, options).use
      hash = try use.fingerprint
      var names = try Precision.allCases.flatMap { precision in
        try [false, true].map { omits in
          var use = use
          (use.precision, use.omitsSystemPrompt) = (precision, omits)
          return try Fingerprint(of: ModelReference.folder(use)).hex
        }
      }
      if let store, adapter == nil {
        names += try Self.trained(memory.folder(at: path), in: store, memory)
      }
      all = Set(names)
    }
  }

  /// Whether a certificate's hash is of this model, however it was read.
  package func isNamed(_ hash: String) -> Bool { all.contains(hash) }

  /// By the trainings that have written just these files, wherever the folder lies now.
  private static func trained(
    _ folder: ModelFolder, in store: RunStore, _ memory: FolderMemory
  ) throws -> [String] {
    var known: [String: String?] = [:]
    func hash(_ name: String) throws -> String? {
      if let hash = known[name] { return hash }
      let path = "\(folder.path)/\(name)"
      let hash =
        FileManager.default.fileExists(atPath: path)
        ? try memory.hashes(of: [FileStamp(of: path)])[0].hex : nil
      known[name] = .some(hash)
      return hash
    }
    return try store.runs().filter { $0.state == .done }.flatMap { run in
      // Snapshots have the names of their folders before those of their files.
      let files = try store.artifacts(of: run).filter { !$0.role.contains("/") }
      guard files.contains(where: { $0.role == "config.json" }),
        try files.allSatisfy({ try hash($0.role) == $0.sha256 })
      else { return [String]() }
      return try Precision.allCases.map {
        try Fingerprint(
          of: ModelReference.trained(run.fingerprint, snapshot: nil, precision: $0)
        ).hex
      }
    }
  }
}
