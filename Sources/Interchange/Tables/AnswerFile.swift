import Core
import Formats
import Foundation
import Documents

/// Answers of one model that were made elsewhere.
package struct ModelAnswers: Sendable, Hashable {
  /// `nil` where the file names no model.
  package var model: String?
  package var answers: [LoggedAnswer]
}

/// Reads answers made elsewhere: JSON lines if the name ends in `.jsonl`, otherwise CSV.
///
/// | what | names of columns or fields, the first that is there |
/// | --- | --- |
/// | question's id | `question_id`, `id`; without one the question itself |
/// | question | `question`, `prompt`, `input`; in JSON also a list of messages, or `messages` |
/// | answer | `answer`, `response`, `completion`, `output`; or the last of `messages` |
/// | which wording, answer | `paraphrase`; `sample` or `epoch`, otherwise counted |
/// | others | `system`, `model`, `finish`, `target`, `missing`, `thinking` |
///
/// An empty field or null is a missing value. `sample` may count from 0 or from 1.
package enum AnswerFile {
  /// The answers in `path` by model, in the order of the file.
  ///
  /// - Parameters:
  ///   - scores: columns or fields that hold scores; an answer without one has none.
  ///   - further: others that need not be there.
  /// - Throws: `InputError` with line and field, for what is no answer, the same answer twice, and
  ///   a score that is no number.
  package static func read(
    _ path: String, scores: [String] = [], further: [String] = []
  ) throws(InputError) -> [ModelAnswers] {
    let bytes = try FileBytes(mapping: path)
    return try parse(bytes.buffer, file: path, scores: scores, further: further)
  }

  /// The answers in `data`; `file` decides how it is read and is the name that errors give.
  package static func parse(
    _ data: Data, file: String, scores: [String] = [], further: [String] = []
  ) throws(InputError) -> [ModelAnswers] {
    let bytes = FileBytes(copying: [UInt8](data))
    return try parse(bytes.buffer, file: file, scores: scores, further: further)
  }

  private static func parse(
    _ bytes: UnsafeRawBufferPointer, file: String, scores: [String], further: [String]
  ) throws(InputError) -> [ModelAnswers] {
    let limit = InspectLogReader.memberLimit
    guard bytes.count <= limit else {
      throw InputError("found \(bytes.count) bytes, expected at most \(limit)", file: file)
    }
    let isLines = file.lowercased().hasSuffix(".jsonl")
    let records =
      try isLines ? AnswerRecord.lines(bytes, file: file) : AnswerRecord.rows(bytes, file: file)
    guard !records.isEmpty else {
      throw InputError("found no answers, expected at least one", file: file)
    }
    func hasScore(_ name: String) -> Bool { records.contains { $0.names.contains(name) } }
    for score in scores where !hasScore(score) {
      throw InputError(
        "found no score \(score.quotedOnOneLine), expected it as a column or a field", file: file)
    }
    return try group(records, scores: scores + further.filter(hasScore))
  }

  private struct Key: Hashable {
    let question: String
    let paraphrase: Int?
    /// Several wordings may share an id.
    let prompt: [LoggedMessage]
    var epoch: Int?
  }

  private static func group(
    _ records: [AnswerRecord], scores: [String]
  ) throws(InputError) -> [ModelAnswers] {
    var groups: [ModelAnswers] = []
    var places: [String?: Int] = [:]
    var counts: [[Key: Int]] = []
    var lines: [[Key: Int]] = []
    var countsFromZero = false
    for record in records where try record.integer("sample") == 0 { countsFromZero = true }
    for record in records {
      var answer = try record.answer(scores: scores)
      let model = record.text("model")
      let place = places[model] ?? groups.count
      if place == groups.count {
        places[model] = place
        groups.append(ModelAnswers(model: model, answers: []))
        counts.append([:])
        lines.append([:])
      }
      var key = Key(
        question: answer.question, paraphrase: answer.paraphrase, prompt: answer.prompt)
      counts[place][key, default: 0] += 1
      let sample = try record.integer("sample").map { countsFromZero ? $0 + 1 : $0 }
      let epoch = try record.epoch()
      answer.epoch = sample ?? epoch ?? counts[place][key] ?? 1
      key.epoch = answer.epoch
      if let line = lines[place].updateValue(record.line, forKey: key) {
        throw record.failure("found the same answer as in line \(line), expected it once")
      }
      groups[place].answers.append(answer)
    }
    return groups
  }
}
