import Core
import Store
import Tuning

/// How likely rows that nothing was trained on are to one model.
struct PlannedScores {
  let model: PlannedModel
  let rows: HeldOutRows
  let stage: Stage

  init(_ model: PlannedModel, _ rows: HeldOutRows) throws {
    (self.model, self.rows) = (model, rows)
    var snapshot: Int?
    if case .snapshot(let step, _) = model.source { snapshot = step }
    stage = Stage(
      .score, "Scoring \(rows.file) by \(model.name)",
      try Fingerprint(
        of: [
          "score", model.madeBy?.hex ?? "", snapshot.map(String.init) ?? "",
          rows.rows.fingerprint.hex,
        ]), needs: model.madeBy.map { [$0] } ?? [], total: rows.rows.sequences.count)
  }

  /// - Parameter opened: the model, of which no weight need be read.
  func run(_ opened: any LanguageModel, in store: RunStore) throws -> ScoreRun {
    try ScoreRun(
      opened, rows.rows.sequences, store: store, name: "scores of \(model.name)")
  }

  /// Scores the rows that have no score yet.
  ///
  /// - Throws: as the run does.
  func score(_ opened: any LanguageModel, _ session: LabSession) throws {
    session.report(.began(session.meter.begin(stage, done: 0)))
    try run(opened, in: session.store).run(on: session.pool, stop: session.stop) { done in
      session.report(.advanced(session.meter.advance(stage, to: done)))
    }
    session.report(.finished(session.meter.finish(stage)))
  }
}
