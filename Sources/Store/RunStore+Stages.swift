import Core
import Foundation
import GRDB

/// A piece of a plan's work, as the project's books have it.
package struct StoredStage: Sendable, Hashable {
  package enum State: String, Sendable, Hashable, Codable {
    /// Not begun.
    case waiting
    /// Begun, and not done: under way, or stopped.
    case running
    case done
  }

  package var fingerprint: Fingerprint
  package var kind: RunKind
  package var name: String
  /// Stages that must be done before it.
  package var needs: [Fingerprint]
  /// Steps, rows, answers or verdicts.
  package var total: Int
  package var state: State
  /// Over all processes that worked on it.
  package var seconds: Double
  /// The run that its answers are in, which it may share with others; `nil`: its own, or not known yet.
  package var run: Fingerprint?

  package init(
    fingerprint: Fingerprint, kind: RunKind, name: String, needs: [Fingerprint], total: Int,
    state: State, seconds: Double = 0, run: Fingerprint? = nil
  ) {
    (self.fingerprint, self.kind, self.name) = (fingerprint, kind, name)
    (self.needs, self.total, self.state, self.seconds) = (needs, total, state, seconds)
    self.run = run
  }
}

extension RunStore {
  /// Writes down what a plan is going to do. Times of stages that are known stay. Like those they are no part
  /// of `digest()`: books, and no results.
  package func enter(_ stages: [StoredStage]) throws(StoreError) {
    try write { db in
      let insert = try db.cachedStatement(
        sql: """
          INSERT INTO stage (fingerprint, kind, name, needs, total, state, seconds, run)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (fingerprint) DO UPDATE SET name = excluded.name, needs = excluded.needs,
            total = excluded.total, state = excluded.state, run = coalesce(excluded.run, run)
          """)
      for stage in stages {
        try insert.execute(arguments: [
          stage.fingerprint.hex, stage.kind.rawValue, stage.name,
          stage.needs.map(\.hex).joined(separator: " "), stage.total, stage.state.rawValue,
          stage.seconds, stage.run?.hex,
        ])
      }
    }
  }

  package func mark(
    _ stage: Fingerprint, _ state: StoredStage.State
  ) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: "UPDATE stage SET state = ? WHERE fingerprint = ?",
        arguments: [state.rawValue, stage.hex])
    }
  }

  /// Says which run the answers of a stage are in.
  package func link(_ stage: Fingerprint, to run: Fingerprint) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: "UPDATE stage SET run = ? WHERE fingerprint = ?", arguments: [run.hex, stage.hex])
    }
  }

  /// Adds time that was spent on a stage.
  package func addSeconds(_ seconds: Double, toStage stage: Fingerprint) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: "UPDATE stage SET seconds = seconds + ? WHERE fingerprint = ?",
        arguments: [seconds, stage.hex])
    }
  }

  /// All stages, in the order in which they were first written down.
  package func stages() throws(StoreError) -> [StoredStage] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM stage ORDER BY id").map(StoredStage.init)
    }
  }
}

extension StoredStage {
  init(_ row: Row) {
    self.init(
      fingerprint: Fingerprint(hex: row["fingerprint"]), kind: RunKind(rawValue: row["kind"]),
      name: row["name"],
      needs: (row["needs"] as String).split(separator: " ").map { Fingerprint(hex: String($0)) },
      total: row["total"],
      // The table admits these words only.
      state: StoredStage.State(rawValue: row["state"]) ?? .waiting, seconds: row["seconds"],
      run: (row["run"] as String?).map { Fingerprint(hex: $0) })
  }
}
