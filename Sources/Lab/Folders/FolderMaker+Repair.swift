import Core
import Engine
import Formats
import Foundation
import Plans
import Tuning

extension FolderMaker {
  /// Computes a model's weights from those of others, into a folder of its own: the plan's with other weights, in 32 bits.
  func repair(
    _ training: FolderTraining, _ repair: FolderRepair, _ session: LabSession
  ) throws {
    guard let base else { preconditionFailure("only a plan on a folder repairs") }
    func whole(_ weights: String, adapter: String?) throws -> Model {
      try session.stop.check()
      let model = try Model.load(from: ModelFolder(path: weights), pool: session.pool)
      guard let adapter else { return model }
      return try Adapter.load(from: ModelFolder(path: adapter), for: model.configuration)
        .merged(into: model)
    }
    let model = try repair.settings.repaired(
      RepairSettings.Models(
        start: {
          try whole(training.parent?.weights ?? base.path, adapter: training.parent?.adapter)
        },
        untouched: { try whole(base.path, adapter: nil) },
        others: repair.others.map { other in { try whole(other.weights, adapter: other.adapter) } },
        vector: { [options] in
          try $0.vector(of: base.summary.configuration, placebo: options.seed)
        }))
    // The weights last: a folder without them is none, and is written again.
    folder.remove(training.place)
    try folder.makeFolder(training.place)
    let target = ModelFolder(path: training.output)
    try ModelFolder(path: base.path).copyOtherFiles(to: target)
    try model.saveWeights(to: target, as: .float32)
  }
}
