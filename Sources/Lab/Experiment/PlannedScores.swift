import Core
import Endpoints
import Engine
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

  /// What the server behind the model would be asked.
  func requests(_ opened: any LanguageModel, in store: RunStore) throws -> StageOutlook.Requests {
    let missing = try run(opened, in: store).missing()
    return StageOutlook.Requests(
      requests: missing.count, promptTokens: missing.reduce(0) { $0 + $1.tokens.count },
      replyTokens: missing.count)
  }

  /// Scores the texts that have no score yet.
  ///
  /// - Returns: why a server has not said how likely texts are, with how many.
  /// - Throws: as the run does; `StageFailure` in place of an `EndpointFailure`.
  func score(_ opened: any LanguageModel, _ session: LabSession) async throws -> [String: Int] {
    session.report(.began(session.meter.begin(stage, done: 0)))
    let run = try run(opened, in: session.store)
    let outcome = try await StageFailure.naming(stage.name) {
      try await run.run(on: session.pool, stop: session.stop) { [stage] done in
        session.report(.advanced(session.meter.advance(stage, to: done)))
      }
    }
    for note in outcome.server?.notes ?? [] { session.report(.notice("\(stage.name): \(note)")) }
    session.report(.finished(session.meter.finish(stage)))
    return outcome.failures
  }
}

extension PlannedModel {
  fileprivate var snapshot: String? {
    switch source {
    case .snapshot(let step, _): String(step)
    case .grown(let line): line.snapshot.map(String.init)
    case .base, .trained, .named: nil
    }
  }

  /// In training rows of a dish: a forward pass is about a third of one.
  fileprivate var scoringCost: Double? {
    if case .grown = source { 1.0 / 3 } else { nil }
  }
}
