import Core
import Foundation
import GRDB

/// A store that is looked at, while runs may go on: it takes no lock, waits for nobody and changes nothing.
///
/// Safe to share between threads: the guard is GRDB's `DatabaseQueue`.
package final class StoreReader: Sendable {
  package let path: String
  let queue: DatabaseQueue

  /// - Throws: `StoreError` where there is none, or what is there is none.
  package init(folder: URL) throws(StoreError) {
    let path = folder.appendingPathComponent("askew.db").path
    self.path = path
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    queue = try RunStore.translating(path) {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.read { db in
        guard try Int.fetchOne(db, sql: "PRAGMA application_id") == StoreSchema.applicationID else {
          throw StoreError(
            .notAStore, path: path, problem: "is not a store of Askew",
            advice: "name another folder")
        }
        guard try StoreSchema.migrator.hasCompletedMigrations(db) else {
          throw StoreError(
            .newerVersion, path: path, problem: "is of another version of Askew",
            advice: "run `askew runs` of this version in its project once, and again")
        }
      }
      return queue
    }
  }

  deinit { try? queue.close() }

  func read<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    try RunStore.translating(path) { try queue.read(body) }
  }

  /// Another number after each change that another connection has committed.
  package func dataVersion() throws(StoreError) -> Int {
    try read { db in try Int.fetchOne(db, sql: "PRAGMA data_version") ?? 0 }
  }

  /// The process that holds the store for its work; `nil`: none does, or it was killed.
  package var worker: Int32? {
    let lock = path + ".lock"
    // Linux tells who holds which lock; trying to get it could keep a run from starting.
    if let table = try? String(contentsOfFile: "/proc/locks", encoding: .utf8),
      let attributes = try? FileManager.default.attributesOfItem(atPath: lock),
      let node = attributes[.systemFileNumber] as? UInt64
    {
      let ending = ":\(node)"
      for line in table.split(separator: "\n") {
        let words: [Substring] = line.split(separator: " ")
        guard words.count > 5, words[1] == "FLOCK", words[3] == "WRITE" else { continue }
        if words[5].hasSuffix(ending) { return Int32(words[4]) }
      }
      return nil
    }
    // Elsewhere the number that the last holder wrote, if there still is such a process.
    guard let text = try? String(contentsOfFile: lock, encoding: .utf8),
      let process = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)),
      process != getpid()
    else { return nil }
    return kill(process, 0) == 0 || errno == EPERM ? process : nil
  }
}
