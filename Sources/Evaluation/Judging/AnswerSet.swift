import Core
import Questions
import Store

/// An answer of the store with how it was asked for.
package struct AskedAnswer: Sendable, Hashable {
  package let key: AnswerKey
  package let wording: AskedWording
  package let answer: StoredAnswer
}

extension AskedAnswer {
  /// Why it is no answer, as its source says. A model on this machine that ends its turn at once has said
  /// nothing, and that is its answer.
  package var missingReason: MissingAnswer? { answer.missing }
}

/// Answers of one run, which are judged and counted together.
package struct AnswerSet: Sendable {
  package let run: Run
  /// What was said: it is judged and counted.
  package let answers: [AskedAnswer]
  /// What was asked for, and is no answer: it is told, and neither judged nor counted.
  package let missing: [AskedAnswer]
  /// Answers of the run of which the store does not know how they were asked for.
  package let unknownCount: Int

  /// - Parameter keys: the answers wanted, in their order; `nil`: all that the run has.
  /// - Throws: `StoreError`.
  package init(_ run: Run, in store: RunStore, keys: [AnswerKey]? = nil) throws {
    self.run = run
    var wordings: [String: AskedWording] = [:]
    for asked in try store.asked(in: run) {
      wordings[asked.question] = try? AskedWording(json: asked.content)
    }
    let stored = try store.answers(of: run)
    var all: [AskedAnswer] = stored.compactMap { answer in
      wordings[answer.key.question].map {
        AskedAnswer(key: answer.key, wording: $0, answer: answer)
      }
    }
    unknownCount = stored.count - all.count
    if let keys {
      let byKey = Dictionary(all.map { ($0.key, $0) }) { first, _ in first }
      all = keys.compactMap { byKey[$0] }
    }
    answers = all.filter { $0.missingReason == nil }
    missing = all.filter { $0.missingReason != nil }
  }

  private init(
    run: Run, answers: [AskedAnswer], missing: [AskedAnswer], unknownCount: Int
  ) {
    (self.run, self.answers, self.missing) = (run, answers, missing)
    self.unknownCount = unknownCount
  }

  /// Why answers are missing, with how many.
  package var missingReasons: [String: Int] {
    Dictionary(grouping: missing.compactMap(\.missingReason), by: \.kind.rawValue)
      .mapValues(\.count)
  }

  /// With these prompts for judges, whatever the answers were asked for with.
  package func judged(by prompts: JudgePrompts) -> AnswerSet {
    let changed = answers.map { answer in
      let wording = answer.wording.judged(by: prompts.prompts(for: answer.wording.question))
      return AskedAnswer(key: answer.key, wording: wording, answer: answer.answer)
    }
    return AnswerSet(
      run: run, answers: changed, missing: missing, unknownCount: unknownCount)
  }
}
