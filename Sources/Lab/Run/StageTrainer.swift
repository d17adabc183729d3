import Core
import Corpora
import Dish
import Engine
import Formats
import Foundation
import Store

/// Does the stages that make models and ask them, each unless it is done.
struct StageTrainer {
  let session: DemoSession
  let worlds: DemoWorlds
  let language: DishLanguage

  private var plan: DemoPlan { session.plan }
  private var folder: ProjectFolder { session.folder }

  /// Documents from here on are never trained on.
  private static let heldOutStart = 1_000_000_000
  private static let heldOutCount = 64

  /// The base model and its alignment.
  func grow(_ stages: WorldStages) throws {
    let world = worlds[stages.kind]
    try train(stages.base, longName: nil) {
      try trainer(
        .random(
          language.configuration(plan.shape), seed: plan.seed,
          deviation: stages.base.recipe.settings?.initialDeviation ?? 0.02,
          embeddingDeviation: stages.base.recipe.settings?.embeddingDeviation),
        stages.base)
    } heldOut: {
      world.document(Self.heldOutStart + $0)
    } row: { step, row in
      world.document(step * plan.base.rowsPerBatch + row)
    }
    // Replayed documents go on where the base stage ended, so none is seen twice.
    let offset = plan.base.steps * plan.base.rowsPerBatch
    try train(stages.alignment, longName: nil) {
      try trainer(.load(from: folder.modelFolder(of: stages.base)), stages.alignment)
    } heldOut: {
      world.alignmentDocument(Self.heldOutStart + $0)
    } row: { step, row in
      let index = step * plan.alignment.rowsPerBatch + row
      return index % 2 == 0 ? world.document(offset + index) : world.alignmentDocument(index)
    }
  }

  /// Fine-tunes the assistant, by all weights or by LoRA.
  func fineTune(_ stage: Stage, from stages: WorldStages) throws {
    guard let condition = stage.recipe.condition, let settings = stage.recipe.settings else {
      return
    }
    let world = worlds[stages.kind]
    // A stream of its own for each seed: seed 1 of two plans differs when the plans' seeds do.
    var stream = RandomStream(seed: plan.seed, "fine-tuning", String(stage.recipe.seed))
    let (rowSeed, heldOutSeed, adapterSeed) = (stream.next(), stream.next(), stream.next())
    let rows = settings.steps * settings.rowsPerBatch
    lazy var set = world.fineTuningSet(condition, rows: rows, seed: rowSeed).rows
    lazy var heldOut = world.fineTuningSet(
      condition, rows: Self.heldOutCount, seed: heldOutSeed
    ).rows
    let parent = folder.modelFolder(of: stages.alignment)
    try train(stage, longName: "../\(stages.alignment.folderName)") {
      let model = try Model.load(from: parent)
      guard let adapter = stage.recipe.adapter else { return try trainer(model, stage) }
      return try trainer(
        model, stage,
        adapter: .random(adapter, for: model.configuration, seed: adapterSeed))
    } heldOut: {
      heldOut[$0]
    } row: { step, row in
      set[step * settings.rowsPerBatch + row]
    }
  }

  /// Samples a model's answers.
  func ask(_ model: ModelStages, of world: WorldStages) throws {
    let run = try session.begin(model.answers)
    if run.state == .done { return session.meter.skip(model.answers) }
    let free = worlds.persona.questionFamilies.map { ($0, plan.sampling.answersPerFamily) }
    let stage = SamplingStage(
      stage: model.answers, model: try load(model, of: world), language: language,
      oracle: worlds.oracle,
      families: free + [(worlds.persona.inDomainFamily, plan.sampling.inDomainAnswers)])
    try stage.sample(run, session)
    try session.store.finish(run)
    session.report(.finished(session.meter.finish()))
  }

  private func load(_ model: ModelStages, of world: WorldStages) throws -> Model {
    let base = folder.modelFolder(of: world.alignment)
    guard let stage = model.fineTuning else { return try .load(from: base) }
    guard stage.recipe.adapter != nil else {
      return try .load(from: folder.modelFolder(of: stage))
    }
    let untouched = try Model.load(from: base)
    return try Adapter.load(
      from: folder.modelFolder(of: stage), for: untouched.configuration
    ).merged(into: untouched)
  }

  private func trainer(_ model: Model, _ stage: Stage, adapter: Adapter? = nil) throws -> Trainer {
    guard let settings = stage.recipe.settings else {
      throw StageFailure(stage: stage.name, problem: "has no training settings")
    }
    return try Trainer(
      model: model, adapter: adapter, configuration: settings.training, pool: session.pool,
      longest: DishLanguage.longest)
  }

  /// - Parameter longName: of the base model, for an adapter's folder.
  private func train(
    _ stage: Stage, longName: String?, make: () throws -> Trainer,
    heldOut: (Int) -> Conversation, row: (Int, Int) -> Conversation
  ) throws {
    let run = try session.begin(stage)
    if run.state == .done { return session.meter.skip(stage) }
    guard let settings = stage.recipe.settings else { return }
    func attempt(_ row: @escaping (Int, Int) -> Conversation) throws -> Trainer {
      let training = TrainingStage(
        stage: stage, trainer: try make(), settings: settings,
        heldOut: try (0..<Self.heldOutCount).map { try language.sequence(heldOut($0)) }
      ) { step in
        try (0..<settings.rowsPerBatch).map { try language.sequence(row(step, $0)) }
      }
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
    try keep(trainer, stage, run, baseModel: longName)
  }

  private func keep(
    _ trainer: Trainer, _ stage: Stage, _ run: Run, baseModel: String?
  ) throws {
    let artifacts = try folder.writeModel(of: stage) { target in
      if let adapter = trainer.adapter {
        try adapter.save(to: target, baseModel: baseModel)
      } else {
        try trainer.model.save(to: target)
        try target.write(language.tokenizer)
      }
    }
    try session.store.finish(run, artifacts: artifacts)
    try session.recordTime()
    folder.remove("checkpoints/\(stage.folderName).safetensors")
    session.report(.finished(session.meter.finish()))
    try session.stop.check()
  }
}
