import Core
import Foundation
import Scheduling
import Store
import Tuning

/// What a stage came to on another machine: a store with that stage alone, and a label.
package struct StageBundle {
  package let stage: Fingerprint
  private let folder: SharedFolder

  package init(_ stage: Fingerprint, _ folder: SharedFolder) {
    (self.stage, self.folder) = (stage, folder)
  }

  /// The SHA-256 of the store in a folder.
  static func hash(in folder: String) throws -> Fingerprint {
    try FolderMemory().hashes(of: [FileStamp(of: SharedFolder.store(in: folder))])[0]
  }

  package var label: BundleLabel {
    get throws {
      guard let label = try folder.readLabel(of: stage) else {
        throw InputError("is not there", file: folder.label(stage))
      }
      return label
    }
  }

  /// Takes it over, if it is what its label says.
  ///
  /// - Throws: `InputError` for a bundle of another stage, or with other bytes than its label names.
  package func take(into store: RunStore) throws -> TakenRuns {
    let (label, place) = (try label, folder.bundle(stage))
    guard label.stage == stage else {
      throw InputError(
        "found the stage \(label.stage.short), expected \(stage.short)", file: folder.label(stage),
        field: "stage")
    }
    guard try Self.hash(in: place) == label.store else {
      throw InputError(
        "is not the file that the stage brought; remove \(place), and the stage is done again",
        file: SharedFolder.store(in: place))
    }
    return try store.take(from: SharedFolder.store(in: place))
  }
}
