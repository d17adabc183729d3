import Core
import Foundation
import GRDB

/// What a person wrote about an answer.
package struct StoredNote: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, Codable { case note, tag }

  package var id: Int64
  package var answer: Int64
  package var kind: Kind
  package var content: String
  package var created: Date

  init(_ row: Row) {
    self.id = row["id"]
    self.answer = row["answer"]
    // The table admits these words only.
    self.kind = Kind(rawValue: row["kind"]) ?? .note
    self.content = (row["content"] as StoredText).string
    self.created = Date(timeIntervalSince1970: row["created"])
  }
}

/// The only thing that may be written into a store that somebody else may be working with: notes, tags, and a
/// person's own scores, a row at a time.
///
/// SQLite lets one write after the other; each of these takes a moment, and a run waits for it up to five seconds.
package final class NoteBook: Sendable {
  private let path: String
  private let queue: DatabaseQueue

  /// - Throws: `StoreError`.
  package init(folder: URL) throws(StoreError) {
    let path = folder.appendingPathComponent("askew.db").path
    self.path = path
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = NORMAL") }
    queue = try RunStore.translating(path) {
      try DatabaseQueue(path: path, configuration: configuration)
    }
  }

  deinit { try? queue.close() }

  private func write<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    try RunStore.translating(path) { try queue.write(body) }
  }

  /// - Returns: the note's number; of a tag that the answer has already, that one's.
  /// - Throws: `StoreError` `.refused` for an answer that is not there.
  package func add(
    _ kind: StoredNote.Kind, _ content: String, to answer: Int64
  ) throws(StoreError) -> Int64 {
    try write { db in
      try self.require(answer, db)
      if kind == .tag {
        let known = try Int64.fetchOne(
          db, sql: "SELECT id FROM note WHERE answer = ? AND kind = 'tag' AND content = ?",
          arguments: [answer, StoredText(content)])
        if let known { return known }
      }
      try db.execute(
        sql: "INSERT INTO note (answer, kind, content, created) VALUES (?, ?, ?, ?)",
        arguments: [answer, kind.rawValue, StoredText(content), Date().timeIntervalSince1970])
      return db.lastInsertedRowID
    }
  }

  package func remove(note: Int64) throws(StoreError) {
    try write { db in try db.execute(sql: "DELETE FROM note WHERE id = ?", arguments: [note]) }
  }

  /// A person's scores of an answer, in place of those that he gave before; without any they are taken back.
  package func set(
    _ scores: [String: Double], of answer: Int64, by person: StoredJudge
  ) throws(StoreError) {
    try write { db in
      try self.require(answer, db)
      try db.execute(
        sql: "INSERT OR IGNORE INTO judge (fingerprint, identity) VALUES (?, ?)",
        arguments: [person.fingerprint.hex, StoredText(person.identity)])
      try db.execute(
        sql: "DELETE FROM measurement WHERE answer = ? AND judge = ?",
        arguments: [answer, person.fingerprint.hex])
      for (metric, value) in scores where value.isFinite {
        try db.execute(
          sql: "INSERT INTO measurement (answer, judge, metric, value) VALUES (?, ?, ?, ?)",
          arguments: [answer, person.fingerprint.hex, metric, value])
      }
    }
  }

  private func require(_ answer: Int64, _ db: Database) throws {
    let found = try Int.fetchOne(db, sql: "SELECT 1 FROM answer WHERE id = ?", arguments: [answer])
    guard found != nil else {
      throw StoreError(
        .refused, path: path, problem: "has no answer \(answer)", advice: "reload the page")
    }
  }
}
