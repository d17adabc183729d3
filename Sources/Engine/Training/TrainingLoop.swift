import Core

/// One run of training, from wherever the trainer is to its last step, with checkpoints on the way: the
/// same for models of every origin. A step's batch is the same in whatever process; what is written down of
/// it, and where, is the caller's.
package struct TrainingLoop {
  private let trainer: Trainer
  private let steps: Int
  /// The most that a kill costs.
  private let checkpointInterval: Duration
  private let stop: StopRequest
  private let batch: (_ step: Int) throws -> [TrainingSequence]
  private let anchor: (_ step: Int) throws -> [TrainingSequence]

  package init(
    _ trainer: Trainer, steps: Int, checkpointInterval: Duration, stop: StopRequest,
    batch: @escaping (_ step: Int) throws -> [TrainingSequence],
    anchor: @escaping (_ step: Int) throws -> [TrainingSequence]
  ) {
    (self.trainer, self.steps, self.stop) = (trainer, steps, stop)
    self.checkpointInterval = checkpointInterval
    (self.batch, self.anchor) = (batch, anchor)
  }

  /// - Parameters:
  ///   - isDue: whether a checkpoint is wanted after so many steps, besides those that the interval asks for.
  ///   - took: called after each step, before a checkpoint: what it writes down is there when the checkpoint
  ///     is, and a kill in between does the step again, to the same bytes.
  ///   - save: writes a checkpoint; not after the last step.
  /// - Throws: `TrainingError`; `Interrupted` after a stop, with the checkpoint written.
  package func run(
    isDue: (_ steps: Int) -> Bool = { _ in false },
    took: (StepRecord, _ seconds: Double) throws -> Void, save: () throws -> Void
  ) throws {
    let clock = ContinuousClock()
    var saved = clock.now
    while trainer.nextStep < steps {
      let start = clock.now
      let step = trainer.nextStep
      let record = try trainer.step(try batch(step), anchor: try anchor(step))
      try took(record, start.duration(to: clock.now) / .seconds(1))
      let isOld = saved.duration(to: clock.now) >= checkpointInterval
      if trainer.nextStep < steps, isDue(trainer.nextStep) || isOld || stop.isStopped {
        try save()
        try stop.check()
        saved = clock.now
      }
    }
  }
}
