import GRDB

extension RunStore {
  /// Adds the steps, in one transaction; a step that is there is replaced.
  ///
  /// - Throws: `StoreError` `.refused` when a number is infinite or not one: a training whose
  ///   loss is NaN has failed, and that is no result.
  package func append(
    steps: [TrainingStep], evaluations: [EvaluationLoss] = [], to run: Run
  ) throws(StoreError) {
    for step in steps {
      try checkFinite(step.loss, "loss", step.step, run)
      try checkFinite(step.learningRate, "learning rate", step.step, run)
      try checkFinite(step.gradientNorm, "gradient norm", step.step, run)
    }
    for evaluation in evaluations {
      try checkFinite(evaluation.loss, "evaluation loss", evaluation.step, run)
    }
    try write { db in
      let insertStep = try db.cachedStatement(
        sql: """
          INSERT OR REPLACE INTO step (run, step, loss, learningRate, gradientNorm, tokens)
          VALUES (?, ?, ?, ?, ?, ?)
          """)
      for step in steps {
        try insertStep.execute(arguments: [
          run.id, step.step, step.loss, step.learningRate, step.gradientNorm, step.tokens,
        ])
      }
      for evaluation in evaluations {
        try db.execute(
          sql: "INSERT OR REPLACE INTO evaluationLoss (run, step, loss) VALUES (?, ?, ?)",
          arguments: [run.id, evaluation.step, evaluation.loss])
      }
    }
  }

  /// Removes the steps and evaluations from step `first` on: what a run that resumes from a
  /// checkpoint is about to do again.
  package func removeSteps(of run: Run, from first: Int) throws(StoreError) {
    try write { db in
      for table in ["step", "evaluationLoss"] {
        try db.execute(
          sql: "DELETE FROM \(table) WHERE run = ? AND step >= ?", arguments: [run.id, first])
      }
    }
  }

  /// The run's steps, upwards.
  package func steps(of run: Run) throws(StoreError) -> [TrainingStep] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM step WHERE run = ? ORDER BY step", arguments: [run.id]
      ).map {
        TrainingStep(
          step: $0["step"], loss: $0["loss"], learningRate: $0["learningRate"],
          gradientNorm: $0["gradientNorm"], tokens: $0["tokens"])
      }
    }
  }

  /// The run's evaluation losses, by step.
  package func evaluations(of run: Run) throws(StoreError) -> [EvaluationLoss] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM evaluationLoss WHERE run = ? ORDER BY step", arguments: [run.id]
      ).map { EvaluationLoss(step: $0["step"], loss: $0["loss"]) }
    }
  }

  private func checkFinite(
    _ value: Double, _ field: String, _ step: Int, _ run: Run
  ) throws(StoreError) {
    guard value.isFinite else {
      throw refusal(
        "step \(step) of run \"\(run.name)\": \(field) is \(value), expected a finite number",
        advice: "lower the learning rate or clip the gradient more")
    }
  }
}
