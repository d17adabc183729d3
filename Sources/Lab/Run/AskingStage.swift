import Core
import Dish
import Judging
import Questions
import Store
import Tuning

/// The answers of one model of the dish, and the oracle's verdicts on them.
struct AskingStage {
  let stage: Stage
  let model: any LanguageModel
  /// Of the model, for people.
  let name: String
  let oracle: Oracle

  /// Asks and reads what is missing.
  ///
  /// - Throws: `Interrupted` after a stop, with all finished answers stored.
  func ask(_ session: LabSession) async throws {
    let asked = try StageAnswers(stage)
    let answers = AnswerRun(
      model, asked.places, asked.settings, store: session.store, name: "answers of \(name)")
    try carryOver(asked, answers, session.store)
    let done = try asked.places.count - answers.missing().count
    session.report(.began(session.meter.begin(stage, done: done)))
    let outcome = try await answers.run(on: session.pool, stop: session.stop) { [stage] done in
      session.report(.advanced(session.meter.advance(stage, to: done)))
    }
    try OracleReading(oracle: oracle).read(asked.places, of: outcome.run, in: session.store)
    try session.recordTime()
  }

  /// Earlier versions stored answers under the stage's own address, by family and sample: they were drawn
  /// from the same streams.
  private func carryOver(_ asked: StageAnswers, _ answers: AnswerRun, _ store: RunStore) throws {
    guard let earlier = try store.run(stage.fingerprint) else { return }
    let missing = Set(try answers.missing().keys)
    let stored = Dictionary(try store.answers(of: earlier).map { ($0.key, $0) }) { $1 }
    let same = asked.places.filter { missing.contains($0.key) }.compactMap { place in
      let key = AnswerKey(question: place.wording.question.id, sample: place.key.sample)
      return stored[key].flatMap { answer -> StoredAnswer? in
        var own = answer
        own.key = place.key
        return answer.prompt == place.text ? own : nil
      }
    }
    if !same.isEmpty { try answers.adopt(same) }
  }
}
