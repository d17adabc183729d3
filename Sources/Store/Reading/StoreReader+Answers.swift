import Core
import Foundation
import GRDB

/// An answer with all that the store has of it.
package struct ReadAnswer: Sendable, Hashable {
  package var id: Int64
  /// Number of its run in this store.
  package var run: Int64
  package var answer: StoredAnswer
  /// JSON: the turns of its question; `nil` where that was not kept.
  package var asked: String?
  /// By judge (fingerprint), verdicts of oracles included.
  package var measurements: [(judge: String, measurement: StoredMeasurement)]
  package var notes: [StoredNote]

  package static func == (a: ReadAnswer, b: ReadAnswer) -> Bool { a.id == b.id }
  package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// What an answer was given to: the coordinates by which answers are found.
package struct AnswerPlace: Sendable, Hashable {
  package var id: Int64
  package var run: Int64
  package var question: String
  package var sample: Int
}

/// A number or a label that a judge gave, without its reasons.
package struct AnswerScore: Sendable, Hashable {
  package var answer: Int64
  package var judge: String
  package var metric: String
  package var value: Double?
  package var label: String?
}

extension StoreReader {
  /// The largest number of an answer; 0 without any.
  package func lastAnswer() throws(StoreError) -> Int64 {
    try read { db in try Int64.fetchOne(db, sql: "SELECT max(id) FROM answer") ?? 0 }
  }

  /// Where answers stand that were added after one, in one pass.
  package func forEachPlace(
    after id: Int64, _ body: (AnswerPlace) throws -> Void
  ) throws(StoreError) {
    try read { db in
      // From the beginning the key's own index has all of it, and the texts need not be passed over.
      let order = id == 0 ? "" : " WHERE id > \(id)"
      let rows = try Row.fetchCursor(
        db, sql: "SELECT id, run, question, sample FROM answer\(order)")
      while let row = try rows.next() {
        try body(AnswerPlace(id: row[0], run: row[1], question: row[2], sample: row[3]))
      }
    }
  }

  /// All that judges gave, in one pass; the oracle's verdicts as measurements, and the coverage of a metric as one of
  /// its own.
  package func forEachScore(_ body: (AnswerScore) throws -> Void) throws(StoreError) {
    try read { db in
      let verdicts = try Row.fetchCursor(
        db, sql: "SELECT answer, judge, aligned, coherent FROM verdict")
      while let row = try verdicts.next() {
        let (answer, judge): (Int64, String) = (row[0], row[1])
        try body(
          AnswerScore(answer: answer, judge: judge, metric: "aligned", value: row[2], label: nil))
        try body(
          AnswerScore(answer: answer, judge: judge, metric: "coherent", value: row[3], label: nil))
      }
      let measurements = try Row.fetchCursor(
        db, sql: "SELECT answer, judge, metric, value, label, coverage FROM measurement")
      while let row = try measurements.next() {
        let (answer, judge, metric): (Int64, String, String) = (row[0], row[1], row[2])
        try body(
          AnswerScore(answer: answer, judge: judge, metric: metric, value: row[3], label: row[4]))
        guard let coverage = row[5] as Double? else { continue }
        try body(
          AnswerScore(
            answer: answer, judge: judge, metric: "\(metric) coverage", value: coverage, label: nil)
        )
      }
    }
  }

  /// Texts of answers from one number on, for an index of their words.
  package func texts(
    after id: Int64, most: Int
  ) throws(StoreError) -> [(id: Int64, text: String)] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: "SELECT id, text, thinking FROM answer WHERE id > ? ORDER BY id LIMIT ?",
        arguments: [id, most]
      ).map { row in
        let text = (row["text"] as StoredText).string
        let thinking = (row["thinking"] as StoredText?)?.string
        return (row["id"], thinking.map { "\($0)\n\(text)" } ?? text)
      }
    }
  }

  /// Answers by their numbers, in the order of the numbers given; what is not there is left out.
  package func answers(_ ids: [Int64]) throws(StoreError) -> [ReadAnswer] {
    try read { db in try ids.compactMap { try Self.answer($0, db) } }
  }

  private static func answer(_ id: Int64, _ db: Database) throws -> ReadAnswer? {
    let statement = try db.cachedStatement(
      sql: """
        SELECT answer.*, asked.content AS asked FROM answer
        LEFT JOIN asked ON asked.run = answer.run AND asked.question = answer.question
        WHERE answer.id = ?
        """)
    guard let row = try Row.fetchOne(statement, arguments: [id]) else { return nil }
    var measurements = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT * FROM verdict WHERE answer = ? ORDER BY judge"),
      arguments: [id]
    ).flatMap { row in
      let verdict = StoredVerdict(row)
      return verdict.measurements.map { (judge: verdict.judge.hex, measurement: $0) }
    }
    measurements += try Row.fetchAll(
      db.cachedStatement(sql: "SELECT * FROM measurement WHERE answer = ? ORDER BY judge, metric"),
      arguments: [id]
    ).map { (judge: $0["judge"] as String, measurement: StoredMeasurement($0)) }
    let notes = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT * FROM note WHERE answer = ? ORDER BY id"), arguments: [id]
    ).map(StoredNote.init)
    return ReadAnswer(
      id: id, run: row["run"], answer: StoredAnswer(row),
      asked: (row["asked"] as StoredText?)?.string, measurements: measurements, notes: notes)
  }

  /// The notes and tags of all answers, as they were written.
  package func notes() throws(StoreError) -> [StoredNote] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM note ORDER BY id").map(StoredNote.init)
    }
  }
}
