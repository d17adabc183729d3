import Core
import Documents
import Formats
import Foundation
import Interchange
import Questions
import Store

/// Takes answers that were made elsewhere into the store, with the scores that they came with.
package struct AnswerImport {
  /// What was taken in.
  package struct Imported: Sendable {
    package var run: Run
    package var model: String
    package var answers: Int
    package var scores: Int
  }

  private let store: RunStore

  package init(store: RunStore) { self.store = store }

  /// A log of Inspect. Taking the same one in again changes nothing.
  ///
  /// - Parameter fingerprint: of the file's bytes.
  /// - Throws: `StoreError`.
  package func take(_ log: AnswerLog, from file: String, fingerprint: Fingerprint) throws
    -> Imported
  {
    try take(
      log.samples, model: log.header.model, from: file, fingerprint: fingerprint,
      settings: .object(log.header.settings), judges: log.header.judges)
  }

  /// Answers of one model.
  package func take(
    _ answers: [LoggedAnswer], model: String, from file: String, fingerprint: Fingerprint,
    settings: JSON = .object(JSONObject()), judges: [LoggedJudge] = []
  ) throws -> Imported {
    struct Settings: Encodable {
      let model: String
      let file: String
      let sampling: String
    }
    let named = try Self.named(answers)
    let address = try Fingerprint(
      of: ["import", fingerprint.hex, model]
        // Otherwise answers of a version that took one wording for all would stand beside these.
        + (named.contains(where: \.isFurther) ? ["counted by wording"] : [])
        // And a version that left out what is no answer would have told the others in another way.
        + (answers.contains { $0.missingReason != nil } ? ["missing"] : []))
    let run = try store.beginRun(
      fingerprint: address, kind: RunKind(rawValue: "import"),
      name: "answers of \(model.onOneLine) from \(URL(fileURLWithPath: file).lastPathComponent)",
      settings: Settings(model: model, file: file, sampling: settings.text(pretty: false)))
    let scores = try append(named, to: run, judges, from: fingerprint)
    try store.finish(run)
    return Imported(run: run, model: model, answers: named.count, scores: scores)
  }

  /// Answers without scores, into a run of the caller's.
  func take(_ answers: [LoggedAnswer], into run: Run) throws {
    _ = try append(try Self.named(answers), to: run, [], from: run.fingerprint)
  }

  /// - Returns: how many scores there are.
  private func append(
    _ named: [NamedAnswer], to run: Run, _ judges: [LoggedJudge], from fingerprint: Fingerprint
  ) throws -> Int {
    var asked: [String: AskedQuestion] = [:]
    var stored: [StoredAnswer] = []
    var scores: [StoredJudge: [MeasuredAnswer]] = [:]
    for own in named {
      let (answer, wording) = (own.answer, own.wording)
      let key = AnswerKey(question: own.name, sample: answer.epoch - 1)
      asked[own.name] = AskedQuestion(question: own.name, content: try wording.json)
      stored.append(
        StoredAnswer(
          key: key, prompt: wording.text, text: answer.answer ?? "",
          tokenCount: answer.usage?.outputTokens ?? 0,
          finishReason: StoredAnswer.FinishReason(answer.finish),
          promptTokenCount: answer.usage?.inputTokens, missing: answer.missingReason,
          thinking: answer.thinking))
      for (judge, measured) in try answer.measured(by: judges, from: fingerprint) {
        scores[judge, default: []].append(MeasuredAnswer(key: key, measurements: measured))
      }
    }
    try store.append(asked: Array(asked.values), to: run)
    try store.append(answers: stored, to: run)
    for (judge, measured) in scores {
      try store.append(measurements: measured, by: judge, to: run)
    }
    return scores.values.joined().reduce(0) { sum, answer in
      sum + answer.measurements.count { $0.reason == nil }
    }
  }
}

/// An answer with what was asked, and under which name that is stored.
private struct NamedAnswer {
  let answer: LoggedAnswer
  let wording: AskedWording
  let name: String
  /// Whether its id, and the number of its wording, stand for another text before it.
  let isFurther: Bool
}

extension AnswerImport {
  /// Tables may have several wordings under one id and not say which one an answer is to. A judge must
  /// not read the one as an answer to the other: all but the first are told apart by what they say.
  private static func named(_ answers: [LoggedAnswer]) throws -> [NamedAnswer] {
    var first: [String: [Message]] = [:]
    var places: [String: [[Message]]] = [:]
    return try answers.map { answer in
      let messages = answer.wording(0).messages
      let name = "\(answer.question)#\(answer.paraphrase ?? 0)"
      let isFurther = first[name, default: messages] != messages
      if !isFurther { first[name] = messages }
      // Numbered in the order of the file: what is written out again says which is which.
      var known = places[answer.question] ?? []
      let place = known.firstIndex(of: messages) ?? known.count
      if place == known.count { known.append(messages) }
      places[answer.question] = known
      let wording = answer.wording(answer.paraphrase ?? place)
      return NamedAnswer(
        answer: answer, wording: wording,
        name: isFurther ? "\(name)@\(try Fingerprint(of: messages).hex.prefix(8))" : name,
        isFurther: isFurther)
    }
  }
}

extension LoggedAnswer {
  /// The conversation as a question of its own; turns of tools are left out.
  ///
  /// - Parameter place: its number among the wordings of the id.
  fileprivate func wording(_ place: Int) -> AskedWording {
    let system = prompt.first.flatMap { $0.role == .system ? $0.content : nil }
    let turns = prompt.compactMap { turn -> Message? in
      switch turn.role {
      case .user: Message(role: .user, content: turn.content)
      case .assistant: Message(role: .assistant, content: turn.content)
      case .system, .tool: nil
      }
    }
    let question = Question(
      id: question, paraphrases: [Conversation(turns)], system: system)
    return AskedWording(question, place: place)
  }

  /// Scores by judge: a judge of ours by all that its log says of it, any other by the log.
  fileprivate func measured(
    by judges: [LoggedJudge], from log: Fingerprint
  ) throws -> [StoredJudge: [StoredMeasurement]] {
    var result: [StoredJudge: [StoredMeasurement]] = [:]
    for score in scores {
      let known = judges.first { $0.name == score.judge }
      // Our own names stand for a judge's whole identity; scorers of other logs share theirs.
      let identity =
        known.flatMap { judge in judge.promptHash.map { [judge.name, judge.model ?? "", $0] } }
        ?? [log.hex, score.judge ?? ""]
      let description = JudgeDescription(
        rule: known?.rule ?? "imported", version: known?.version.flatMap(Int.init) ?? 1,
        model: known?.model, weights: try Fingerprint(of: identity).hex, prompts: [])
      result[try description.stored, default: []].append(
        StoredMeasurement(
          metric: score.metric, value: score.finiteNumber, label: score.label,
          coverage: score.coverage, reason: score.missingReason, reply: score.text))
    }
    return result
  }
}

extension LoggedScore {
  fileprivate var finiteNumber: Double? {
    if case .number(let number)? = value, number.isFinite { number } else { nil }
  }

  fileprivate var label: String? {
    if case .label(let label)? = value { label } else { nil }
  }

  fileprivate var missingReason: String? {
    finiteNumber == nil && label == nil ? reason ?? "no score" : nil
  }
}

extension StoredAnswer.FinishReason {
  fileprivate init(_ reason: FinishReason) {
    switch reason {
    case .stop: self = .stop
    case .maxTokens, .modelLength: self = .length
    case .contentFilter: self = .contentFilter
    case .toolCalls, .unknown: self = .other
    }
  }
}
