import Core
import GRDB

extension RunStore {
  /// Makes a store that one stage was done in into a single file with that stage alone, to be taken over by
  /// another store. Nothing may be written afterwards.
  ///
  /// - Parameters:
  ///   - stage: what was done.
  ///   - known: runs with their digests, as they were before: those that are the same are left out.
  package func seal(
    _ stage: Fingerprint, without known: [Fingerprint: String]
  ) throws(StoreError) {
    let digests = try runDigests()
    let same = digests.filter { known[$0.key] == $0.value }.keys
    try write { db in
      try db.execute(sql: "DELETE FROM run WHERE kind IN ('plan', 'prediction')")
      for run in same {
        try db.execute(sql: "DELETE FROM run WHERE fingerprint = ?", arguments: [run.hex])
      }
      try db.execute(sql: "DELETE FROM stage WHERE fingerprint <> ?", arguments: [stage.hex])
    }
    try seal()
  }

  /// Makes a store into a single file, to be read by many and written by nobody.
  package func seal() throws(StoreError) {
    try Self.translating(path) {
      try queue.writeWithoutTransaction { db in
        try db.execute(sql: "VACUUM")
        _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = DELETE")
      }
    }
  }

  /// The digest of every run, as `digest()` has it.
  package func runDigests() throws(StoreError) -> [Fingerprint: String] {
    try read { db in
      Dictionary(
        try Self.digests(db).map { (Fingerprint(hex: $0.run), $0.digest) },
        uniquingKeysWith: { first, _ in first })
    }
  }
}
