import Core
import Engine
import Formats
import Foundation
import Store

/// One training run: its trainer and where its batches come from.
struct DishTraining {
  let stage: DishStage
  let trainer: Trainer
  let settings: StageSettings
  let heldOut: [TrainingSequence]
  /// The batch of a step; the same step has the same batch, in whatever process.
  let batch: (Int) throws -> [TrainingSequence]
  /// Rows of a step that are held to what the model said when training began.
  let anchor: (Int) throws -> [TrainingSequence]

  /// Trains to the end, from the checkpoint if there is one, and leaves losses in the store.
  ///
  /// Steps are stored first and the checkpoint after them: what is killed in between does those steps
  /// again, to the same bytes, and never misses one.
  ///
  /// - Throws: `Interrupted` after a stop, with all steps stored.
  func train(_ run: Run, _ session: LabSession) throws {
    try restore(run, session)
    session.report(.began(session.meter.begin(stage.stage, done: trainer.nextStep)))
    var pending = PendingSteps()
    try reached(&pending, session)
    let loop = TrainingLoop(
      trainer, steps: settings.steps, checkpointInterval: session.checkpointInterval,
      stop: session.stop, batch: batch, anchor: anchor)
    do {
      try loop.run { record, _ in
        pending.steps.append(TrainingStep(record))
        session.report(
          .advanced(
            session.meter.advance(stage.stage, to: trainer.nextStep, loss: record.loss)))
        try reached(&pending, session)
      } save: {
        try save(run, &pending, session)
      }
    } catch let error as TrainingError {
      // The steps that went well are worth seeing: where did it begin to go wrong?
      try store(run, &pending, session)
      throw StageFailure(stage: stage.name, problem: error.description)
    }
    try store(run, &pending, session)
  }

  /// The held-out loss and the snapshot after so many steps, where they are wanted.
  private func reached(_ pending: inout PendingSteps, _ session: LabSession) throws {
    let step = trainer.nextStep
    if step % settings.evaluationInterval == 0 || step == settings.steps,
      let loss = trainer.evaluationLoss(heldOut)
    {
      pending.evaluations.append(EvaluationLoss(step: step, loss: loss))
    }
    if (stage.recipe.snapshots ?? []).contains(step) {
      try session.folder.writeSnapshot(of: trainer, stage, step: step)
    }
  }

  /// A checkpoint counts only with all the losses before it; without them the stage starts anew.
  private func restore(_ run: Run, _ session: LabSession) throws {
    let path = session.folder.checkpointPath(of: stage)
    if FileManager.default.fileExists(atPath: path) {
      do {
        try trainer.restoreState(from: path, fingerprint: stage.fingerprint.hex)
        let steps = try session.store.steps(of: run).prefix { $0.step < trainer.nextStep }
        guard steps.map(\.step) == Array(0..<trainer.nextStep) else {
          throw InputError("the losses before it are missing in the store", file: path)
        }
        let missing = (stage.recipe.snapshots ?? []).first {
          $0 < trainer.nextStep && !session.folder.hasSnapshot(of: stage, step: $0)
        }
        if let missing {
          throw InputError("the model after \(missing) steps is missing", file: path)
        }
      } catch let error as InputError {
        try? FileManager.default.removeItem(atPath: path)
        throw CheckpointRefused(reason: error)
      }
    }
    try session.store.removeSteps(of: run, from: trainer.nextStep)
  }

  private func store(_ run: Run, _ pending: inout PendingSteps, _ session: LabSession) throws {
    try session.store.append(steps: pending.steps, evaluations: pending.evaluations, to: run)
    pending = PendingSteps()
    try session.recordTime()
  }

  private func save(_ run: Run, _ pending: inout PendingSteps, _ session: LabSession) throws {
    try store(run, &pending, session)
    try session.folder.makeFolder("checkpoints")
    try trainer.saveState(
      to: session.folder.checkpointPath(of: stage), fingerprint: stage.fingerprint.hex)
  }
}

/// A checkpoint that cannot be used and was taken away: the trainer may hold its weights and must not
/// go on; with a new one the stage starts from its beginning.
struct CheckpointRefused: Error {
  let reason: InputError
}

private struct PendingSteps {
  var steps: [TrainingStep] = []
  var evaluations: [EvaluationLoss] = []
}

extension TrainingStep {
  init(_ record: StepRecord) {
    self.init(
      step: record.step, loss: record.loss, learningRate: record.learningRate,
      gradientNorm: record.gradientNorm, tokens: record.tokens)
  }
}
