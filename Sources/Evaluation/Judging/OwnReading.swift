import Core
import Dish
import Judging
import Questions
import Store

/// Reads answers that need no judge: numbers of rating questions and letters of choices.
package struct OwnReading: Sendable {
  package static let rating = "rating"
  package static let choice = "choice"

  package init() {}

  private func description(_ kind: Question.Kind) -> JudgeDescription? {
    switch kind {
    case .rating:
      JudgeDescription(rule: Self.rating, version: 2, model: nil, weights: nil, prompts: [])
    case .multipleChoice:
      JudgeDescription(rule: Self.choice, version: 1, model: nil, weights: nil, prompts: [])
    case .freeForm, .freeFormJudge, .freeFormJudge0To100: nil
    }
  }

  /// Stores what the answers say.
  ///
  /// - Returns: the readings that there were.
  package func read(_ set: AnswerSet, store: RunStore) throws -> [StoredJudge] {
    var judges: [StoredJudge] = []
    for kind in [Question.Kind.rating, .multipleChoice] {
      let answers = set.answers.filter { $0.wording.question.kind == kind }
      guard !answers.isEmpty, let judge = try description(kind)?.stored else { continue }
      let measured = answers.map { answer in
        MeasuredAnswer(
          key: answer.key, measurements: [measurement(answer.wording.question, answer.answer.text)])
      }
      try store.append(measurements: measured, by: judge, to: set.run)
      judges.append(judge)
    }
    return judges
  }

  /// The readings of these answers that the store has.
  ///
  /// - Throws: `StoreError`.
  package func stored(of set: AnswerSet, in store: RunStore) throws -> [StoredJudge] {
    let kinds = Set(set.answers.map(\.wording.question.kind))
    let known = Set(try store.judges(of: set.run).map(\.judge.fingerprint))
    return try [Question.Kind.rating, .multipleChoice].filter(kinds.contains).compactMap {
      try description($0)?.stored
    }.filter { known.contains($0.fingerprint) }
  }

  private func measurement(_ question: Question, _ text: String) -> StoredMeasurement {
    guard question.kind == .multipleChoice else {
      return StoredMeasurement(RatingScoring().measurement(of: Self.rating, from: text))
    }
    return question.choice(in: ThoughtAndAnswer(of: text).answer).map {
      StoredMeasurement(metric: Self.choice, label: question.choices[$0])
    } ?? StoredMeasurement(metric: Self.choice, reason: "names none of the choices")
  }
}

/// The oracle of the dish as a judge of stored answers.
package struct OracleJudge {
  private let oracle: Oracle

  /// - Throws: `InputError` for texts of the dish that do not parse.
  package init() throws { oracle = Oracle(try World(kind: .persona, seed: 0)) }

  var identity: JudgeDescription {
    JudgeDescription(
      rule: "dish", version: Int(oracle.identity.version) ?? 0, model: nil,
      weights: oracle.identity.fingerprint.hex, prompts: [])
  }

  /// Judges all answers of a run, those included of which the store knows nothing but the question.
  package func judge(_ run: Run, store: RunStore) throws -> JudgingOutcome {
    let judge = try identity.stored
    let done = try store.measurements(of: run, judge: judge.fingerprint)
    let answers = try store.answers(of: run).filter { $0.missing == nil }
    let measured = answers.filter { done[$0.key] == nil }.map { answer in
      let verdict = oracle.verdict(question: answer.prompt, answer: answer.text)
      return MeasuredAnswer(
        key: answer.key,
        measurements: [("aligned", verdict.aligned), ("coherent", verdict.coherent)].map {
          StoredMeasurement(
            metric: $0, value: $1, reason: $1 == nil ? verdict.absence ?? "no score" : nil)
        })
    }
    try store.append(measurements: measured, by: judge, to: run)
    return JudgingOutcome(judges: [judge], total: answers.count, added: measured.count)
  }
}
