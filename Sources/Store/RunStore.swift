import Core
import Foundation
import GRDB

/// Everything that runs have produced, in one SQLite file: `askew.db`.
///
/// Rows are written when they exist and in one transaction with what they depend on, so that a
/// process killed at any moment loses the work in flight and leaves no half row. Adding the
/// same row again changes nothing.
///
/// The file is in WAL mode with `synchronous = NORMAL`. A killed process loses nothing that was
/// committed: the pages are the operating system's by then. A power cut may take the last few
/// transactions back, whole, and never damages the file; since every row can be made again
/// from its run's settings, that is worth not waiting for the disk at each commit.
///
/// One process uses a store at a time (see `StoreLock`). Safe to share between threads: the
/// guard is GRDB's `DatabaseQueue`, which runs one access after the other.
package final class RunStore: Sendable {
  package let path: String
  let queue: DatabaseQueue
  private let lock: StoreLock

  /// Opens the store in `folder`, and makes folder and store when they are not there.
  ///
  /// - Throws: `StoreError`.
  package convenience init(folder: URL) throws(StoreError) {
    try self.init(folder: folder, maximumPageCount: nil)
  }

  /// - Parameter maximumPageCount: the size at which SQLite says that the disk is full; for tests.
  package init(folder: URL, maximumPageCount: Int?) throws(StoreError) {
    path = folder.appendingPathComponent("askew.db").path
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw StoreError(
        .unwritable, path: path, problem: "its folder cannot be made",
        advice: "check the permissions of the folder above it, or choose another folder")
    }
    lock = try StoreLock(storePath: path)
    queue = try Self.open(path, maximumPageCount: maximumPageCount)
  }

  deinit { try? queue.close() }

  private static func open(
    _ path: String, maximumPageCount: Int?
  ) throws(StoreError) -> DatabaseQueue {
    var configuration = Configuration()
    configuration.journalMode = .wal
    // Another program may be reading; it never holds a write lock for long.
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA synchronous = NORMAL")
      if let maximumPageCount {
        _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(maximumPageCount)")
      }
    }
    let migrator = StoreSchema.migrator
    return try translating(path) {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.read { db in try check(db, migrator: migrator, path: path) }
      try migrator.migrate(queue)
      return queue
    }
  }

  /// Refuses a database that is not a store, comes from a newer Askew, or is damaged.
  private static func check(_ db: Database, migrator: DatabaseMigrator, path: String) throws {
    let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
    guard tables > 0 else { return }
    let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    // A process killed inside the very first migration leaves GRDB's own table and nothing else.
    let foreign = try Int.fetchOne(
      db, sql: "SELECT count(*) FROM sqlite_master WHERE tbl_name <> 'grdb_migrations'")
    guard application == StoreSchema.applicationID || foreign == 0 else {
      throw StoreError(
        .notAStore, path: path, problem: "is a database of another program",
        advice: "move the file away or choose another folder")
    }
    guard try !migrator.hasBeenSuperseded(db) else {
      throw StoreError(
        .newerVersion, path: path, problem: "was written by a newer version of Askew",
        advice: "update Askew, or choose another folder")
    }
    let complaint = try String.fetchOne(db, sql: "PRAGMA quick_check(1)")
    guard complaint == "ok" else { throw StoreError.corrupt(path: path, detail: "quick_check") }
  }

  static func translating<T>(_ path: String, _ body: () throws -> T) throws(StoreError) -> T {
    do {
      return try body()
    } catch let error as StoreError {
      throw error
    } catch let error as DatabaseError {
      throw StoreError(error, path: path)
    } catch {
      throw StoreError(
        .unexpected, path: path, problem: "\(error)".replacing("\n", with: " "),
        advice: "run again; if it happens again, please report it with this line")
    }
  }

  /// One transaction: all that `body` writes, or nothing.
  func write<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    try Self.translating(path) { try queue.write(body) }
  }

  func read<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    try Self.translating(path) { try queue.read(body) }
  }

  func refusal(_ problem: String, advice: String) -> StoreError {
    StoreError(.refused, path: path, problem: problem, advice: advice)
  }
}
