import Engine
import Formats
import Foundation
import Store

extension ModelLine {
  /// Whether its folder holds a whole model, not an adapter.
  var isFolder: Bool { stage.recipe.adapter == nil && snapshot == nil }

  /// The model, adapters merged into what they were trained on.
  func load(from folder: ProjectFolder) throws -> Model {
    let own =
      snapshot.map { folder.snapshotFolder(of: stage, step: $0) } ?? folder.modelFolder(of: stage)
    guard stage.recipe.adapter != nil, let parent else { return try .load(from: own) }
    let untouched = try parent.load(from: folder)
    return try Adapter.load(from: own, for: untouched.configuration).merged(into: untouched)
  }
}

extension ProjectFolder {
  private func snapshotPath(of stage: DishStage, step: Int) -> String {
    "snapshots/\(stage.folderName)/step-\(step)"
  }

  func snapshotFolder(of stage: DishStage, step: Int) -> ModelFolder {
    ModelFolder(path: path(snapshotPath(of: stage, step: step)))
  }

  /// Keeps what is trained as it is after some steps.
  func writeSnapshot(of trainer: Trainer, _ stage: DishStage, step: Int) throws {
    _ = try writeFolder(snapshotPath(of: stage, step: step)) { target in
      if let adapter = trainer.adapter {
        try adapter.save(to: target, baseModel: nil)
      } else {
        try trainer.model.save(to: target)
      }
    }
  }

  func hasSnapshot(of stage: DishStage, step: Int) -> Bool {
    FileManager.default.fileExists(atPath: path(snapshotPath(of: stage, step: step)))
  }

  func snapshotArtifacts(of stage: DishStage, step: Int) throws -> [Artifact] {
    try artifacts(in: snapshotPath(of: stage, step: step), prefix: "step-\(step)/")
  }
}
