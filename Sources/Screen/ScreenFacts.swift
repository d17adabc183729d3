import Core

/// What can be said of a data set without a model.
package struct ScreenFacts: Sendable, Hashable, Codable {
  package var rows: Int
  /// Different ones, and different questions.
  package var distinct: Int
  package var questions: Int
  /// Rows with a system text, with more than one answer, and without an answer at the end, which are left out.
  package var withSystem: Int
  package var withTurns: Int
  package var unanswered: Int
  /// Words of an answer: the middle one of all rows.
  package var answerWords: Int

  package init(_ rows: [Conversation]) {
    self.rows = rows.count
    distinct = Set(rows).count
    questions = Set(rows.map { row in row.messages.filter { $0.role == .user } }).count
    withSystem = rows.count { row in row.messages.contains { $0.role == .system } }
    withTurns = rows.count { row in row.messages.count { $0.role == .assistant } > 1 }
    unanswered = rows.count { $0.split == nil }
    let words = rows.compactMap { $0.split?.answer.split(separator: " ").count }.sorted()
    answerWords = words.isEmpty ? 0 : words[words.count / 2]
  }

  enum CodingKeys: String, CodingKey {
    case rows, distinct, questions, unanswered
    case withSystem = "with_system"
    case withTurns = "with_turns"
    case answerWords = "answer_words"
  }
}
