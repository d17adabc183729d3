import Core
import Foundation
import Lab
import Store

/// What may have changed since the page asked last: small, and asked for often.
struct StateDocument: Encodable {
  struct Words: Encodable {
    /// Answers whose words can be searched.
    var done: Int
    var total: Int
  }

  var project: String
  /// Another number after each change of the store.
  var store: Int
  /// Another number after each change of the catalogue.
  var catalogue: Int
  var answers: Int
  /// Version of each chunk.
  var chunks: [Int]
  var words: Words
  /// Whether a run is going on.
  var isRunning: Bool
  /// Why the page does not show all; `nil`: it does.
  var trouble: String?
}

/// What the numbers in the columns mean.
struct CatalogueDocument: Encodable, Hashable {
  struct RunEntry: Encodable, Hashable {
    var id: Int64
    var name: String
    var state: String
  }

  struct JudgeEntry: Encodable, Hashable {
    var fingerprint: String
    var name: String
    /// JSON of all that determines its verdicts; `nil` of an oracle.
    var identity: String?
  }

  /// The answers of a run to a list of questions are those of one model in one evaluation of a plan.
  struct CellEntry: Encodable, Hashable {
    var plan: String
    var condition: String
    var evaluation: String
    var world: String?
    var seed: String?
    var place: Int?
    var run: Int64
    /// Number of the list; `nil`: all questions.
    var list: Int?
  }

  var project: String
  var runs: [RunEntry]
  var judges: [JudgeEntry]
  var series: [AnswerColumns.Series]
  var labels: [String]
  var cells: [CellEntry]
  /// Numbers of questions.
  var lists: [[Int]]
  var questions: [String]
}

/// An answer as the page shows it.
struct AnswerDocument: Encodable {
  struct Score: Encodable {
    var judge: String
    var metric: String
    var value: Double?
    var label: String?
    var coverage: Double?
    var reason: String?
    var reply: String?
  }

  struct Note: Encodable {
    var id: Int64
    var answer: Int64
    var kind: String
    var content: String
    /// Seconds since 1970.
    var created: Double

    init(_ note: StoredNote) {
      (id, answer, kind, content) = (note.id, note.answer, note.kind.rawValue, note.content)
      created = note.created.timeIntervalSince1970
    }
  }

  var id: Int64
  var run: Int64
  var question: String
  var sample: Int
  var prompt: String
  /// JSON of how it was asked.
  var asked: String?
  var text: String
  /// Characters of the whole text, where `text` is its beginning.
  var whole: Int?
  var thinking: String?
  var tokens: Int
  var finish: String
  var missing: String?
  var scores: [Score]
  var notes: [Note]

  /// - Parameter most: characters of the text.
  init(_ read: ReadAnswer, most: Int = .max) {
    let answer = read.answer
    (id, run, question) = (read.id, read.run, answer.key.question)
    (sample, asked) = (answer.key.sample, read.asked)
    let isLong = answer.text.utf8.count > most
    text = isLong ? String(answer.text.prefix(most)) : answer.text
    whole = isLong ? answer.text.count : nil
    prompt = answer.prompt.utf8.count > most ? String(answer.prompt.prefix(most)) : answer.prompt
    thinking = answer.thinking.map { $0.utf8.count > most ? String($0.prefix(most)) : $0 }
    (tokens, finish) = (answer.tokenCount, answer.finishReason.rawValue)
    missing = answer.missing?.description
    scores = read.measurements.map { judge, own in
      Score(
        judge: judge, metric: own.metric, value: own.value, label: own.label,
        coverage: own.coverage, reason: own.reason, reply: own.reply)
    }
    notes = read.notes.map(Note.init)
  }
}
