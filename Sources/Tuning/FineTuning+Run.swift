import Core
import Engine
import Formats
import Foundation

/// What a fine-tuning tells while it works.
package enum TuningEvent: Sendable {
  case loading
  /// Goes on after an earlier process' step.
  case resumed(step: Int)
  case step(TuningStep, of: Int)
  /// Mean loss of the held-out rows.
  case evaluated(step: Int, loss: Double)
}

extension FineTuning {
  /// Whether its result is in the output folder.
  ///
  /// - Throws: `InputError` if the folder holds what another training made; as `fingerprint` does.
  package func isFinished() throws -> Bool { try TuningFolder(self).isFinished() }

  /// Of the folder, within the output, with what is trained after some of its steps.
  package static func snapshotName(_ step: Int) -> String {
    let digits = String(step)
    return "checkpoint-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }

  /// The steps of its log, none where there is no log yet.
  package func loggedSteps() -> [TuningStep] { TuningLog.steps(in: TuningFolder(self).logPath) }
}

/// One optimiser step as the log has it.
package struct TuningStep: Sendable, Hashable, Codable {
  /// Counted from 0.
  package var step: Int
  /// Mean over the step's trained tokens, in nats, before the update.
  package var loss: Double
  package var lr: Double
  /// Before clipping.
  package var gradNorm: Double
  package var tokensPerSecond: Double
  /// That the step went through; logs of earlier versions do not tell.
  package var tokens: Int?
  /// Of the held-out rows after the step, where it was measured.
  package var evalLoss: Double?
}

extension FineTuning {
  /// Trains to the end, going on from the checkpoint of the same training if there is one, and leaves
  /// the adapter (or the model) in the output folder.
  ///
  /// - Parameter checkpointInterval: the most that a kill costs; checkpoints of large models take long.
  /// - Returns: false if it was there already.
  /// - Throws: `InputError`, `TrainingError`; `Interrupted` after a stop, with the checkpoint written; as
  ///   `fingerprint` does.
  package func run(
    threads: Int, checkpointInterval: Duration = .seconds(60), stop: StopRequest,
    onEvent: (TuningEvent) -> Void
  ) throws -> Bool {
    // Now, and not when a stop asks for a checkpoint under its name.
    _ = try fingerprint
    let folder = TuningFolder(self)
    if try folder.isFinished() { return false }
    try folder.prepare()
    let pool = WorkerPool(threadCount: threads)
    defer { pool.stop() }
    onEvent(.loading)
    let trainer = try trainer(pool)
    if try folder.restore(trainer) { onEvent(.resumed(step: trainer.nextStep)) }
    let log = try TuningLog(path: folder.logPath, keepingBefore: trainer.nextStep)
    var order = RowOrder(rowCount: rows.sequences.count, settings)
    let loop = TrainingLoop(
      trainer, steps: outlook.steps, checkpointInterval: checkpointInterval, stop: stop
    ) { step in
      order.rows(of: step).map { rows.sequences[$0] }
    } anchor: { step in
      anchor?.sequences(of: step) { order.rows(of: step).map { rows.sequences[$0] } } ?? []
    }
    func isDue(_ steps: Int) -> Bool { places.saveEvery.map { steps % $0 == 0 } ?? false }
    try loop.run(isDue: isDue) { record, seconds in
      let steps = trainer.nextStep
      var line = TuningStep(record, seconds: seconds)
      let isLast = steps == outlook.steps
      if isDue(steps) || isLast,
        let loss = evaluation.flatMap({ trainer.evaluationLoss($0.sequences) })
      {
        line.evalLoss = loss
        onEvent(.evaluated(step: record.step, loss: loss))
      }
      try log.append(line)
      onEvent(.step(line, of: outlook.steps))
      if isDue(steps) && !isLast || places.snapshots.contains(steps) {
        try folder.saveSnapshot(trainer)
      }
    } save: {
      try folder.saveCheckpoint(trainer)
    }
    try folder.finish(trainer)
    return true
  }

  /// The mean loss on some of its rows before any step.
  ///
  /// - Parameter byRow: every row counts the same; else every trained token does.
  func untrainedLoss(
    _ sequences: [TrainingSequence], threads: Int, byRow: Bool
  ) throws -> Double {
    let pool = WorkerPool(threadCount: threads)
    defer { pool.stop() }
    let trainer = try trainer(pool)
    guard byRow else { return trainer.evaluationLoss(sequences) ?? .nan }
    let losses = sequences.compactMap { trainer.evaluationLoss([$0]) }
    return losses.reduce(0, +) / Double(losses.count)
  }

  private func trainer(_ pool: WorkerPool) throws -> Trainer {
    let folder = ModelFolder(path: places.model)
    let isFrozen = adapter != nil && settings.precision == .bf16
    let model = try Model.load(from: folder, weightsIn: isFrozen ? .bf16 : .f32, pool: pool)
    var trained: Adapter?
    if let initial = places.initialAdapter {
      trained = try Adapter.load(from: ModelFolder(path: initial), for: model.configuration)
    } else if let adapter {
      trained = try .random(adapter, for: model.configuration, seed: settings.seed)
    }
    try content.checkUnchanged()
    return try Trainer(
      model: steering.isEmpty ? model : model.edited(by: steering), adapter: trained,
      configuration: settings.training(steps: outlook.steps, shards: outlook.shards),
      pool: pool,
      longest: max(rows.longest, evaluation?.longest ?? 0, anchor?.rows?.longest ?? 0),
      anchor: anchor.map { AnchorConfiguration(weight: $0.weight) },
      tokensPerPass: TuningOutlook.tokensPerPass, recomputes: outlook.recomputes)
  }
}

extension TuningStep {
  fileprivate init(_ record: StepRecord, seconds: Double) {
    self.init(
      step: record.step, loss: record.loss, lr: record.learningRate,
      gradNorm: record.gradientNorm, tokensPerSecond: Double(record.tokens) / seconds,
      tokens: record.tokens)
  }
}
