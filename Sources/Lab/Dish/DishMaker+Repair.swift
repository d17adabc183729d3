import Core
import Dish
import Engine
import Formats
import Plans
import Store

extension DishMaker {
  /// Computes a model's weights from those of others.
  func repair(
    _ stage: DishStage, from parent: ModelLine, others: [ModelLine], _ session: LabSession
  ) throws {
    guard let settings = stage.recipe.repair else { return }
    session.report(.began(session.meter.begin(stage.stage, done: 0)))
    let run = try session.begin(stage)
    let world = parent.world
    let model = try settings.repaired(
      RepairSettings.Models(
        start: { [folder] in try parent.load(from: folder) },
        untouched: { [folder] in try parent.root.load(from: folder) },
        raw: { [folder] in try ModelLine.raw(world).load(from: folder) },
        others: others.map { other in { [folder] in try other.load(from: folder) } },
        vector: { try self.vector($0, readBy: parent, session) }))
    try keep(stage, run, session) { [self] target in
      try model.save(to: target)
      try target.write(language().tokenizer)
    }
  }

  /// What is done inside the model while it trains.
  func edits(of stage: DishStage, on parent: ModelLine, _ session: LabSession) throws
    -> [ResidualEdit]
  {
    try stage.recipe.defence?.edits { try vector($0, readBy: parent, session) } ?? []
  }

  private func vector(
    _ direction: InnerDirection, readBy line: ModelLine, _ session: LabSession
  ) throws -> [Double] {
    guard direction.path == nil else {
      return try direction.vector(of: configuration, placebo: plan.seed)
    }
    return try direction.vector(
      read: model(line), in: worlds[line.world.kind], seed: plan.seed, session)
  }
}

extension ModelLine {
  /// The base model of its world that the whole line started from.
  var root: ModelLine { parent?.root ?? self }
}
