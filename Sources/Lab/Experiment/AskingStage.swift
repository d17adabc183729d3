import Core
import Dish
import Engine
import Judging
import Questions
import Store
import Tuning

/// The answers of one model, and what the oracle says of those to questions of the dish.
struct AskingStage {
  let stage: Stage
  let answers: AnswerRun
  /// Places that the oracle reads.
  let ofDish: [AskedPlace]
  let oracle: Oracle

  /// Asks and reads what is missing.
  ///
  /// - Returns: why answers of a server are missing, with how many.
  /// - Throws: `Interrupted` after a stop, with all finished answers stored; `StageFailure` in place of an
  ///   `EndpointFailure`.
  func ask(_ session: LabSession) async throws -> [String: Int] {
    try carryOver(in: session.store)
    let done = try answers.places.count - answers.missing().count
    session.report(.began(session.meter.begin(stage, done: done)))
    // Whoever looks at the store meanwhile finds the answers as they come.
    try session.store.link(stage.fingerprint, to: answers.fingerprint)
    let outcome = try await StageFailure.naming(stage.name) {
      try await answers.run(on: session.pool, stop: session.stop) { [stage] done in
        session.report(.advanced(session.meter.advance(stage, to: done)))
      }
    }
    try OracleReading(oracle: oracle).read(ofDish, of: outcome.run, in: session.store)
    if let notice = outcome.counts.flatMap({ StageFailure.troubles($0, stage.name) }) {
      session.report(.notice(notice))
    }
    session.report(.finished(session.meter.finish(stage)))
    return outcome.failures
  }

  /// Whether the store has all of them, and the oracle's verdicts.
  func isDone(in store: RunStore) throws -> Bool {
    // A process may have been killed between the last answer and the end of the run.
    guard let run = try answers.stored(), run.state == .done, try answers.missing().isEmpty else {
      return false
    }
    return try OracleReading(oracle: oracle).isDone(ofDish, of: run, in: store)
  }

  /// Earlier versions stored answers of a dish under the stage's own address, by family and sample: they
  /// were drawn from the same streams.
  private func carryOver(in store: RunStore) throws {
    guard let earlier = try store.run(stage.fingerprint), earlier.kind == .sample else { return }
    let missing = Set(try answers.missing().keys)
    let stored = Dictionary(try store.answers(of: earlier).map { ($0.key, $0) }) { $1 }
    let same = answers.places.filter { missing.contains($0.key) }.compactMap { place in
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
