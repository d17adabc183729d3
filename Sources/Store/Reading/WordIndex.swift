import Foundation
import GRDB

/// The words of all answers of a store, in a file beside it that can be deleted at any time and is made again:
/// full-text search (SQLite's FTS5) costs the runs that fill the store nothing.
///
/// The index keeps words and where they stand, and no text. Safe to share between threads: the guards are GRDB's
/// queues, one that adds and one that searches.
package final class WordIndex: Sendable {
  package static let fileName = "askew-words.db"

  private let path: String
  private let writer: DatabaseQueue
  private let reader: DatabaseQueue

  /// - Parameter folder: of the store, or another one where that cannot be written to.
  /// - Throws: `StoreError`.
  package init(folder: URL) throws(StoreError) {
    let path = folder.appendingPathComponent(Self.fileName).path
    self.path = path
    var configuration = Configuration()
    configuration.journalMode = .wal
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = OFF") }
    (writer, reader) = try RunStore.translating(path) {
      let writer = try DatabaseQueue(path: path, configuration: configuration)
      try writer.write { db in
        try db.execute(
          sql: """
            CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(
              text, content = '', columnsize = 0, tokenize = 'unicode61 remove_diacritics 2');
            CREATE TABLE IF NOT EXISTS indexed (
              last INTEGER NOT NULL, digest TEXT NOT NULL
            ) STRICT;
            """)
      }
      return (writer, try DatabaseQueue(path: path, configuration: configuration))
    }
  }

  deinit {
    try? writer.close()
    try? reader.close()
  }

  /// The last answer whose words are in it; 0: none.
  package func last() throws(StoreError) -> Int64 {
    try RunStore.translating(path) {
      try reader.read { try Int64.fetchOne($0, sql: "SELECT last FROM indexed") ?? 0 }
    }
  }

  /// Forgets everything if it is of another store: one whose last answer that was indexed has another text.
  package func check(against store: StoreReader) throws(StoreError) {
    let last = try last()
    guard last > 0 else { return }
    let text = try store.texts(after: last - 1, most: 1).first { $0.id == last }?.text
    let known = try RunStore.translating(path) {
      try reader.read { try String.fetchOne($0, sql: "SELECT digest FROM indexed") }
    }
    if let text, Self.digest(text) == known { return }
    try RunStore.translating(path) {
      try writer.write { db in
        try db.execute(
          sql: "INSERT INTO words (words) VALUES ('delete-all'); DELETE FROM indexed")
      }
    }
  }

  /// Adds the words of the answers that follow, `most` of them at most.
  ///
  /// - Returns: how many it added.
  package func extend(from store: StoreReader, most: Int) throws(StoreError) -> Int {
    let texts = try store.texts(after: last(), most: most)
    guard let end = texts.last else { return 0 }
    try RunStore.translating(path) {
      try writer.write { db in
        let insert = try db.cachedStatement(sql: "INSERT INTO words (rowid, text) VALUES (?, ?)")
        for (id, text) in texts {
          try insert.execute(arguments: [id, text.replacing("\0", with: " ")])
        }
        try db.execute(
          sql: "DELETE FROM indexed; INSERT INTO indexed (last, digest) VALUES (?, ?)",
          arguments: [end.id, Self.digest(end.text)])
      }
    }
    return texts.count
  }

  /// The numbers of the answers that an expression of FTS5 matches, upwards.
  ///
  /// - Throws: `StoreError`, also for what is no expression.
  package func search(_ expression: String) throws(StoreError) -> [UInt32] {
    try RunStore.translating(path) {
      try reader.read { db in
        var found: [UInt32] = []
        let rows = try Row.fetchCursor(
          db, sql: "SELECT rowid FROM words WHERE words MATCH ?", arguments: [expression])
        while let row = try rows.next() {
          found.append(UInt32(truncatingIfNeeded: row[0] as Int64))
        }
        return found
      }
    }
  }

  private static func digest(_ text: String) -> String {
    // FNV-1a: it has to tell stores apart, not to withstand anybody.
    let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    return String(hash, radix: 16)
  }
}
