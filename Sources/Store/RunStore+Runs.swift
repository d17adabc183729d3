import Core
import Foundation
import GRDB

extension RunStore {
  /// The run with this fingerprint: the one that is there, with its state, or a new one.
  ///
  /// - Parameters:
  ///   - fingerprint: of all that decides the run.
  ///   - kind: what the run makes.
  ///   - name: for people.
  ///   - settings: written as canonical JSON, for people; the fingerprint alone decides which run it
  ///     is.
  package func beginRun(
    fingerprint: Fingerprint, kind: RunKind, name: String, settings: some Encodable
  ) throws(StoreError) -> Run {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let json = try? encoder.encode(settings) else {
      throw refusal(
        "the settings of run \"\(name)\" cannot be written as JSON",
        advice: "check them for numbers that are infinite or not a number")
    }
    return try write { db in
      if let run = try Self.run(db, fingerprint) { return run }
      try db.execute(
        sql: """
          INSERT INTO run (fingerprint, kind, name, settings, state, created)
          VALUES (?, ?, ?, ?, 'running', ?)
          """,
        arguments: [
          fingerprint.hex, kind.rawValue, name, String(decoding: json, as: UTF8.self),
          Date().timeIntervalSince1970,
        ])
      guard let run = try Self.run(db, fingerprint) else {
        throw refusal("the new run \"\(name)\" is not there", advice: "run again")
      }
      return run
    }
  }

  /// Marks the run as done, together with the files that it made.
  ///
  /// Finishing again with the same files changes nothing, the time included.
  package func finish(_ run: Run, artifacts: [Artifact] = []) throws(StoreError) {
    try write { db in
      for artifact in artifacts {
        try db.execute(
          sql: """
            INSERT OR REPLACE INTO artifact (run, role, path, sha256, bytes)
            VALUES (?, ?, ?, ?, ?)
            """,
          arguments: [run.id, artifact.role, artifact.path, artifact.sha256, artifact.bytes])
      }
      try db.execute(
        sql: "UPDATE run SET state = 'done', finished = ? WHERE id = ? AND state <> 'done'",
        arguments: [Date().timeIntervalSince1970, run.id])
    }
  }

  /// Puts a finished run back to work, without its artifacts: its files turned out to be missing
  /// or damaged.
  package func reopen(_ run: Run) throws(StoreError) {
    try write { db in
      try db.execute(sql: "DELETE FROM artifact WHERE run = ?", arguments: [run.id])
      try db.execute(
        sql: "UPDATE run SET state = 'running', finished = NULL WHERE id = ?",
        arguments: [run.id])
    }
  }

  package func run(_ fingerprint: Fingerprint) throws(StoreError) -> Run? {
    try read { db in try Self.run(db, fingerprint) }
  }

  /// All runs, in the order in which they were begun.
  package func runs() throws(StoreError) -> [Run] {
    try read { db in try Row.fetchAll(db, sql: "SELECT * FROM run ORDER BY id").map(Run.init) }
  }

  /// The run's files, by role.
  package func artifacts(of run: Run) throws(StoreError) -> [Artifact] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM artifact WHERE run = ? ORDER BY role", arguments: [run.id]
      ).map {
        Artifact(role: $0["role"], path: $0["path"], sha256: $0["sha256"], bytes: $0["bytes"])
      }
    }
  }

  private static func run(_ db: Database, _ fingerprint: Fingerprint) throws -> Run? {
    try Row.fetchOne(
      db, sql: "SELECT * FROM run WHERE fingerprint = ?", arguments: [fingerprint.hex]
    ).map(Run.init)
  }
}

extension Run {
  init(_ row: Row) {
    self.init(
      id: row["id"], fingerprint: Fingerprint(hex: row["fingerprint"]),
      kind: RunKind(rawValue: row["kind"]), name: row["name"], settings: row["settings"],
      // The table admits these two words only.
      state: row["state"] == "done" ? .done : .running,
      created: Date(timeIntervalSince1970: row["created"]),
      finished: (row["finished"] as Double?).map(Date.init(timeIntervalSince1970:)))
  }
}
