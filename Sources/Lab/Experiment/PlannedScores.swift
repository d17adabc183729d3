import Core
import Store
import Tuning

/// How likely texts are to one model.
struct PlannedScores {
  let model: PlannedModel
  let texts: ScoredTexts
  let stage: Stage

  /// - Parameter name: of the model, before it is there.
  init(_ model: PlannedModel, _ texts: ScoredTexts, madeBy name: String) throws {
    (self.model, self.texts) = (model, texts)
    stage = Stage(
      .score, "Scoring \(texts.name) by \(model.name)",
      try Fingerprint(of: ["score", name, model.snapshot ?? "", texts.fingerprint.hex]),
      needs: model.madeBy.map { [$0] } ?? [], total: texts.count, unitCost: model.scoringCost)
  }

  /// - Parameter opened: the model, of which no weight need be read.
  /// - Throws: `InputError` for a text that the model cannot read, or that cannot be scored.
  func run(_ opened: any LanguageModel, in store: RunStore) throws -> ScoreRun {
    guard let scoring = opened.scoring else {
      throw InputError("\(model.name.onOneLine): the model cannot say how likely a text is")
    }
    return ScoreRun(
      opened, try texts.sequences(for: model, scoring), store: store,
      name: "scores of \(model.name)")
  }

  /// Scores the texts that have no score yet.
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

extension PlannedModel {
  fileprivate var snapshot: String? {
    if case .snapshot(let step, _) = source { String(step) } else { nil }
  }

  /// In training rows of a dish: a forward pass is about a third of one.
  fileprivate var scoringCost: Double? {
    if case .grown = source { 1.0 / 3 } else { nil }
  }
}
