import Core
import Foundation
import Judging
import Questions
import Store

/// What a judge is asked about one answer in one respect.
struct JudgeTask: Sendable {
  let key: AnswerKey
  let judge: StoredJudge
  let prompt: JudgePrompt
  let question: String
  let answer: String

  /// The prompt with question and answer in it: made when it is needed, since it is long.
  var text: String { prompt.filled(question: question, answer: answer) }
}

/// The tasks of a judge that the store does not have done, and under which identities.
struct JudgeTasks: Sendable {
  private(set) var tasks: [JudgeTask] = []
  /// Every identity that the answers are judged under: one for each set of prompts.
  private(set) var judges: [StoredJudge] = []
  private(set) var total = 0

  /// - Parameter identity: of a judge that is asked with these prompts.
  init(
    for set: AnswerSet, in store: RunStore,
    identity: ([JudgePrompt]) -> JudgeDescription
  ) throws {
    var known: [[JudgePrompt]: (judge: StoredJudge, done: [AnswerKey: Set<String>])] = [:]
    for answer in set.answers {
      let prompts = answer.wording.question.judgePrompts
      if prompts.isEmpty { continue }
      let entry = try known[prompts] ?? Self.entry(identity(prompts), set.run, store)
      if known[prompts] == nil {
        known[prompts] = entry
        if !judges.contains(entry.judge) { judges.append(entry.judge) }
      }
      for prompt in prompts {
        total += 1
        if entry.done[answer.key]?.contains(prompt.name) == true { continue }
        tasks.append(
          JudgeTask(
            key: answer.key, judge: entry.judge, prompt: prompt, question: answer.wording.text,
            answer: answer.answer.text))
      }
    }
  }

  private static func entry(
    _ description: JudgeDescription, _ run: Run, _ store: RunStore
  ) throws -> (StoredJudge, [AnswerKey: Set<String>]) {
    let judge = try description.stored
    let done = try store.measurements(of: run, judge: judge.fingerprint)
      .mapValues { Set($0.map(\.metric)) }
    return (judge, done)
  }
}

extension JudgeDescription {
  /// As the store keeps it.
  var stored: StoredJudge {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return StoredJudge(
        fingerprint: try fingerprint,
        identity: String(decoding: try encoder.encode(self), as: UTF8.self))
    }
  }

  /// What the store keeps of a judge; `nil` for an oracle, of which it keeps nothing.
  package init?(_ judge: StoredJudge) {
    guard let own = try? JSONDecoder().decode(Self.self, from: Data(judge.identity.utf8)) else {
      return nil
    }
    self = own
  }
}

extension StoredMeasurement {
  init(_ measurement: Judging.Measurement, reply: String? = nil) {
    self.init(
      metric: measurement.metric, value: measurement.value, label: measurement.label,
      coverage: measurement.coverage, reason: measurement.reason, reply: reply)
  }
}

/// What came of judging.
package struct JudgingOutcome: Sendable {
  /// One for each set of prompts among the questions.
  package var judges: [StoredJudge]
  /// Verdicts that were asked for, those of earlier runs included.
  package var total: Int
  /// Verdicts that this run added; a missing score with its reason is one.
  package var added: Int
  /// Verdicts that no server gave; the same command asks for them again.
  package var failures: [String: Int] = [:]
  /// What the judge's server did otherwise than it was asked to.
  package var notes: [String] = []
}
