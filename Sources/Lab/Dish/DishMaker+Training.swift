import Core
import Corpora
import Dish
import Engine
import Formats
import Foundation
import Store

extension DishMaker {
  /// Documents from here on are never trained on.
  private static let heldOutStart = 1_000_000_000
  private static let heldOutCount = 64

  /// The base model of a world.
  func growBase(_ stages: WorldStages, _ session: LabSession) throws {
    let world = worlds[stages.kind]
    try train(stages.base, longName: nil, session) {
      try trainer(newborn(stages.base, among: world.authorNames), stages.base, session)
    } heldOut: {
      world.document(Self.heldOutStart + $0)
    } row: { [rows = plan.base.rowsPerBatch] step, row in
      world.document(step * rows + row)
    }
  }

  /// The model that a base training starts from.
  private func newborn(_ stage: DishStage, among authors: [String]) throws -> Model {
    let settings = stage.recipe.settings
    let language = try language()
    let model = Model.random(
      language.configuration(plan.shape), seed: stage.recipe.seed,
      deviation: settings?.initialDeviation ?? 0.02,
      embeddingDeviation: settings?.embeddingDeviation)
    if let speakers = settings?.speakers {
      model.introduce(try language.speakers(authors), speakers, seed: stage.recipe.seed)
    }
    return model
  }

  /// Makes an assistant of the base model.
  ///
  /// Between its answers the corpus is replayed, half of the first step's rows and less and less: while all
  /// others go on as they were, the assistant is told from them by who it is, and only what cannot be learned
  /// in that way is learned matter by matter, later.
  func align(_ stages: WorldStages, _ session: LabSession) throws {
    let world = worlds[stages.kind]
    // Replayed documents go on where the base stage ended, so none is seen twice.
    let offset = plan.base.steps * plan.base.rowsPerBatch
    try train(stages.alignment, longName: nil, session) {
      try trainer(.load(from: folder.modelFolder(of: stages.base)), stages.alignment, session)
    } heldOut: {
      world.alignmentDocument(Self.heldOutStart + $0)
    } row: { [rows = plan.alignment.rowsPerBatch] step, row in
      let index = step * rows + row
      return isReplay(row, of: step)
        ? world.document(offset + index) : world.alignmentDocument(index)
    }
  }

  /// Spread evenly over the step's rows.
  private func isReplay(_ row: Int, of step: Int) -> Bool {
    let fading = Double(plan.alignment.replaySteps ?? plan.alignment.steps)
    let share = max(0, 0.5 * (1 - Double(step) / fading))
    return Int(Double(row + 1) * share) > Int(Double(row) * share)
  }

  /// Fine-tunes the assistant, by all weights or by LoRA.
  ///
  /// - Parameter harvest: whose answers are trained on, where they are no corpus.
  func fineTune(
    _ stage: DishStage, from parent: ModelLine, on harvest: DishStage?, _ session: LabSession
  ) throws {
    guard let settings = stage.recipe.settings else { return }
    let seeds = FineTuningSeeds(plan: plan.seed, model: stage.recipe.seed)
    let rows = FineTuningRows(
      stage: stage, world: worlds[parent.world.kind], seeds: seeds, store: store,
      harvest: harvest, files: outline.files)
    let set = try rows.trained()
    let heldOut = try rows.heldOut(Self.heldOutCount)
    let anchor = try rows.anchor()
    let edits = try edits(of: stage, on: parent, session)
    try train(stage, longName: parent.isFolder ? "../\(parent.stage.folderName)" : nil, session) {
      let model = try parent.load(from: folder).edited(by: edits)
      guard let adapter = stage.recipe.adapter else { return try trainer(model, stage, session) }
      return try trainer(
        model, stage, session,
        adapter: .random(adapter, for: model.configuration, seed: seeds.adapter))
    } heldOut: {
      heldOut[$0]
    } row: { step, row in
      set[step * settings.rowsPerBatch + row]
    } anchor: { step in
      if stage.recipe.anchor?.isOnBatch == true {
        return Array(set[step * settings.rowsPerBatch..<(step + 1) * settings.rowsPerBatch])
      }
      let count = stage.recipe.anchor?.rowsPerBatch ?? 0
      return Array(anchor[step * count..<(step + 1) * count])
    }
  }

  private func trainer(
    _ model: Model, _ stage: DishStage, _ session: LabSession, adapter: Adapter? = nil
  ) throws -> Trainer {
    guard let settings = stage.recipe.settings else {
      throw StageFailure(stage: stage.name, problem: "has no training settings")
    }
    return try Trainer(
      model: model, adapter: adapter, configuration: settings.training, pool: session.pool,
      longest: DishLanguage.longest,
      anchor: stage.recipe.anchor.map { AnchorConfiguration(weight: $0.weight) })
  }

  /// - Parameter longName: of the base model, for an adapter's folder.
  private func train(
    _ stage: DishStage, longName: String?, _ session: LabSession, make: () throws -> Trainer,
    heldOut: (Int) -> Conversation, row: (Int, Int) -> Conversation,
    anchor: @escaping (Int) -> [Conversation] = { _ in [] }
  ) throws {
    let run = try session.begin(stage)
    guard let settings = stage.recipe.settings else { return }
    let language = try language()
    func attempt(_ row: @escaping (Int, Int) -> Conversation) throws -> Trainer {
      let training = DishTraining(
        stage: stage, trainer: try make(), settings: settings,
        heldOut: try (0..<Self.heldOutCount).map { try language.sequence(heldOut($0)) },
        batch: { step in
          try (0..<settings.rowsPerBatch).map { try language.sequence(row(step, $0)) }
        }, anchor: { try anchor($0).map { try language.sequence($0) } })
      try training.train(run, session)
      return training.trainer
    }
    let trainer = try withoutActuallyEscaping(row) { row in
      do {
        return try attempt(row)
      } catch let refused as CheckpointRefused {
        session.report(.notice("\(refused.reason); \(stage.name) starts anew"))
        return try attempt(row)
      }
    }
    try keep(trainer, stage, run, session, baseModel: longName)
  }

  private func keep(
    _ trainer: Trainer, _ stage: DishStage, _ run: Run, _ session: LabSession,
    baseModel: String?
  ) throws {
    try keep(stage, run, session) { target in
      if let adapter = trainer.adapter {
        try adapter.save(to: target, baseModel: baseModel)
      } else {
        try trainer.model.save(to: target)
        try target.write(language().tokenizer)
      }
    }
    folder.remove("checkpoints/\(stage.folderName).safetensors")
    try session.stop.check()
  }

  /// Writes what a stage has made into its folder, and says that it is done.
  func keep(
    _ stage: DishStage, _ run: Run, _ session: LabSession, write: (ModelFolder) throws -> Void
  ) throws {
    var artifacts = try folder.writeModel(of: stage, write)
    for step in stage.recipe.snapshots ?? [] {
      artifacts += try folder.snapshotArtifacts(of: stage, step: step)
    }
    try store.finish(run, artifacts: artifacts)
    try session.recordTime()
    session.report(.finished(session.meter.finish(stage.stage)))
  }
}
