import Core
import Documents
import Foundation

/// A row of a table or a line of JSON that holds an answer.
struct AnswerRecord {
  let file: String
  let line: Int
  /// What is there, if only with nothing in it: a table's columns, an object's members.
  let names: [String]
  private let values: [String: JSON]

  /// The value; `nil` if it is missing, empty or null.
  subscript(name: String) -> JSON? { values[name] }

  /// The rows of a CSV table.
  static func rows(
    _ bytes: UnsafeRawBufferPointer, file: String
  ) throws(InputError) -> [AnswerRecord] {
    let table = try CSVTable(parsing: Data(bytes), file: file)
    return table.rows.map { row in
      let fields = zip(table.columns, row.fields).filter { !$1.isEmpty }
      return AnswerRecord(
        file: file, line: row.line, names: table.columns,
        values: Dictionary(fields.map { ($0, JSON.string($1)) }) { $1 })
    }
  }

  /// The lines of JSON that are not blank.
  static func lines(
    _ bytes: UnsafeRawBufferPointer, file: String
  ) throws(InputError) -> [AnswerRecord] {
    try JSONLines.objects(in: bytes, file: file, nonFinite: .literals).map { line, object in
      let values = object.withoutNulls.members.map { ($0.name, $0.value) }
      return AnswerRecord(
        file: file, line: line, names: object.members.map(\.name),
        values: Dictionary(values) { $1 })
    }
  }

  func answer(scores: [String]) throws(InputError) -> LoggedAnswer {
    let (prompt, answer) = try conversation()
    let id = text("question_id") ?? text("id") ?? prompt.last { $0.role == .user }?.content
    guard let id else {
      throw failure("found neither question_id nor id nor a question, expected one of them")
    }
    var logged = LoggedAnswer(
      question: id, paraphrase: try integer("paraphrase"), prompt: prompt,
      target: text("target") ?? "", answer: answer, finish: FinishReason(name: text("finish")),
      scores: try scores.map { name throws(InputError) in try score(name) })
    logged.missing = text("missing").map { MissingAnswer($0) }
    logged.thinking = text("thinking")
    return logged
  }

  func epoch() throws(InputError) -> Int? {
    guard let epoch = try integer("epoch") else { return nil }
    guard epoch >= 1 else { throw wrong("epoch", expected: "a number from 1") }
    return epoch
  }

  /// A number or a string, as text.
  func text(_ name: String) -> String? {
    switch self[name] {
    case .string(let text): text
    case .integer(let number): String(number)
    default: nil
    }
  }

  func integer(_ name: String) throws(InputError) -> Int? {
    guard let value = self[name] else { return nil }
    // Tables that pandas wrote have 1.0 in a column with gaps.
    guard let number = number(value).flatMap(Int.init(exactly:)), (0...1 << 31).contains(number)
    else { throw wrong(name, expected: "a whole number from 0") }
    return number
  }

  func wrong(_ name: String, expected: String) -> InputError {
    InputError(
      "found \(self[name]?.summary ?? "nothing"), expected \(expected)", file: file, line: line,
      field: name.onOneLine)
  }

  func failure(_ problem: String) -> InputError { InputError(problem, file: file, line: line) }

  private func score(_ name: String) throws(InputError) -> LoggedScore {
    let value = self[name]
    let isMissing = value.map { isMissingNumber($0) } ?? true
    if isMissing { return LoggedScore(metric: name, value: nil, reason: "not in the file") }
    guard let number = value.flatMap(number), number.isFinite else {
      throw wrong(name, expected: "a number, or nothing")
    }
    // What rates are made of has one scale.
    if ["aligned", "coherent"].contains(name), !(0...100).contains(number) {
      throw wrong(name, expected: "0 to 100")
    }
    return LoggedScore(metric: name, value: .number(number))
  }

  private func isMissingNumber(_ value: JSON) -> Bool {
    switch value {
    case .number(let number): number.isNaN
    case .string(let text): CSVTable.meansMissing(text)
    default: false
    }
  }

  private func number(_ value: JSON) -> Double? {
    switch value {
    case .string(let text): Double(text.trimmingCharacters(in: .whitespaces))
    default: value.number
    }
  }

  /// What was asked, and the answer.
  private func conversation() throws(InputError) -> (prompt: [LoggedMessage], answer: String?) {
    let answerName = Self.answerNames.first { self[$0] != nil }
    var answer = try answerName.map { name throws(InputError) in
      guard case .string(let text) = self[name] else { throw wrong(name, expected: "a string") }
      return text
    }
    let name = ["question", "prompt", "input", "messages"].first { self[$0] != nil }
    var prompt: [LoggedMessage] = []
    switch name.flatMap({ self[$0] }) {
    case .array(let messages):
      for json in messages { prompt.append(try message(json, in: name ?? "messages")) }
      if answer == nil, prompt.last?.role == .assistant { answer = prompt.removeLast().content }
    case .string(let text): prompt = [LoggedMessage(role: .user, content: text)]
    case nil: break
    default: throw wrong(name ?? "question", expected: "a string or a list of messages")
    }
    if let system = text("system"), prompt.first?.role != .system {
      prompt.insert(LoggedMessage(role: .system, content: system), at: 0)
    }
    guard answer != nil || names.contains(where: Self.answerNames.contains) else {
      throw failure("found no answer, expected answer, response, completion or output")
    }
    return (prompt, answer)
  }

  private static let answerNames = ["answer", "response", "completion", "output"]

  private func message(_ json: JSON, in name: String) throws(InputError) -> LoggedMessage {
    guard let role = json.object?["role"]?.string.flatMap(LoggedMessage.Role.init),
      let content = json.object?["content"]?.string
    else { throw wrong(name, expected: "messages with role and content") }
    return LoggedMessage(role: role, content: content)
  }
}
