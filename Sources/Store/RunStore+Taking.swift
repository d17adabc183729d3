import Core
import GRDB

/// What came of taking another store's runs.
package struct TakenRuns: Sendable, Hashable {
  /// Runs that were not here, or not whole.
  package var runs = 0
  /// Answers that are here already in other words: those here stay.
  package var differing = 0

  package init(runs: Int = 0, differing: Int = 0) {
    (self.runs, self.differing) = (runs, differing)
  }
}

extension RunStore {
  /// Takes over what another store has: runs with their steps, scores, figures, files, answers and what
  /// judges said of them, the stages that are done, and the hashes of files.
  ///
  /// Whoever is first wins: a finished run stays as it is, and so does an answer; of runs that several stages
  /// add to, the answers come together. Taking the same again changes nothing. All of it is one transaction.
  ///
  /// - Parameters:
  ///   - path: of the other store's file, which nobody writes.
  ///   - stages: whose runs are taken; `nil`: all runs.
  /// - Throws: `StoreError`, `.refused` for a store of another version.
  package func take(
    from path: String, stages: Set<Fingerprint>? = nil
  ) throws(StoreError) -> TakenRuns {
    try Self.translating(self.path) {
      try queue.writeWithoutTransaction { db in
        try db.execute(sql: "ATTACH DATABASE ? AS other", arguments: [path])
        var taken = TakenRuns()
        // What goes wrong first is what is told; a database cannot be let go of while it is being read.
        let result = Result {
          try check(otherOf: path, db)
          try db.inTransaction {
            taken = try take(stages.map { Set($0.map(\.hex)) }, db)
            return .commit
          }
        }
        try db.execute(sql: "DETACH DATABASE other")
        try result.get()
        return taken
      }
    }
  }

  private func check(otherOf path: String, _ db: Database) throws {
    func migrations(_ schema: String) throws -> Set<String> {
      try Set(String.fetchAll(db, sql: "SELECT identifier FROM \(schema).grdb_migrations"))
    }
    guard try migrations("main") == migrations("other") else {
      throw StoreError(
        .refused, path: path, problem: "was written by another version of Askew",
        advice: "use the same version wherever stages are done")
    }
  }

  private func take(_ stages: Set<String>?, _ db: Database) throws -> TakenRuns {
    try db.execute(
      sql: """
        INSERT OR IGNORE INTO main.judge SELECT * FROM other.judge;
        INSERT OR REPLACE INTO main.fileHash SELECT * FROM other.fileHash;
        """)
    var wanted: Set<String>?
    for stage in try Row.fetchAll(
      db, sql: "SELECT fingerprint, run FROM other.stage WHERE state = 'done'")
    {
      let fingerprint: String = stage["fingerprint"]
      guard let stages else {
        try takeStage(fingerprint, db)
        continue
      }
      guard stages.contains(fingerprint) else { continue }
      try takeStage(fingerprint, db)
      wanted = (wanted ?? []).union([fingerprint, stage["run"] as String?].compactMap { $0 })
    }
    if stages != nil, wanted == nil { wanted = [] }
    var taken = TakenRuns()
    for run in try Row.fetchAll(
      db,
      sql: "SELECT * FROM other.run WHERE kind NOT IN ('plan', 'prediction') ORDER BY id")
    where wanted?.contains(run["fingerprint"] as String) ?? true {
      try take(run, db, &taken)
    }
    return taken
  }

  private func takeStage(_ fingerprint: String, _ db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO main.stage (fingerprint, kind, name, needs, total, state, seconds, run)
          SELECT fingerprint, kind, name, needs, total, state, seconds, run FROM other.stage
          WHERE fingerprint = ?
        ON CONFLICT (fingerprint) DO UPDATE SET
          seconds = CASE WHEN state = 'done' THEN seconds ELSE seconds + excluded.seconds END,
          state = 'done', run = coalesce(excluded.run, run)
        """, arguments: [fingerprint])
  }

  private func take(_ run: Row, _ db: Database, _ taken: inout TakenRuns) throws {
    let source: Int64 = run["id"]
    let known = try Row.fetchOne(
      db, sql: "SELECT id, state FROM main.run WHERE fingerprint = ?",
      arguments: [run["fingerprint"] as String])
    if known == nil {
      try db.execute(
        sql: """
          INSERT INTO main.run (fingerprint, kind, name, settings, state, created, finished, seconds)
            SELECT fingerprint, kind, name, settings, state, created, finished, seconds
            FROM other.run WHERE id = ?
          """, arguments: [source])
    }
    let target: Int64 = known?["id"] ?? db.lastInsertedRowID
    let wasDone = known?["state"] == "done"
    if !wasDone {
      taken.runs += 1
      for (table, columns) in Self.ofOneProcess {
        try db.execute(sql: "DELETE FROM main.\(table) WHERE run = ?", arguments: [target])
        try copy(table, columns, "INSERT", source, target, db)
      }
      try db.execute(
        sql: """
          UPDATE main.run SET (state, finished) =
            (SELECT state, finished FROM other.run WHERE id = ?) WHERE id = ?
          """, arguments: [source, target])
    }
    for (table, columns, verb) in Self.ofMany {
      try copy(table, columns, verb, source, target, db)
    }
    try takeAnswers(source, target, db, &taken)
  }

  /// What one process writes from the beginning to the end: all of one or all of the other.
  private static let ofOneProcess = [
    ("step", "step, loss, learningRate, gradientNorm, tokens"),
    ("evaluationLoss", "step, loss"), ("artifact", "role, path, sha256, bytes"),
  ]
  /// What comes together from several stages.
  private static let ofMany = [
    ("score", "text, tokens, nll, perToken", "INSERT OR IGNORE"),
    ("figure", "name, value", "INSERT OR IGNORE"),
    ("asked", "question, content", "INSERT OR REPLACE"),
  ]

  private func copy(
    _ table: String, _ columns: String, _ verb: String, _ source: Int64, _ target: Int64,
    _ db: Database
  ) throws {
    try db.execute(
      sql: """
        \(verb) INTO main.\(table) (run, \(columns))
          SELECT ?, \(columns) FROM other.\(table) WHERE run = ?
        """, arguments: [target, source])
  }

  private func takeAnswers(
    _ source: Int64, _ target: Int64, _ db: Database, _ taken: inout TakenRuns
  ) throws {
    let columns =
      "question, sample, prompt, text, tokenCount, finishReason, promptTokenCount, missing, thinking"
    try copy("answer", columns, "INSERT OR IGNORE", source, target, db)
    // What was said of other words is nothing that was said of these.
    let pairs = """
      JOIN other.answer theirs ON theirs.id = own.answer
      JOIN main.answer ours ON ours.run = ? AND ours.question = theirs.question
        AND ours.sample = theirs.sample AND ours.text IS theirs.text
      WHERE theirs.run = ?
      """
    for (table, columns) in [
      ("verdict", ["judge", "aligned", "coherent", "reason"]),
      ("measurement", ["judge", "metric", "value", "label", "coverage", "reason", "reply"]),
    ] {
      let own = columns.map { "own.\($0)" }.joined(separator: ", ")
      try db.execute(
        sql: """
          INSERT OR IGNORE INTO main.\(table) (answer, \(columns.joined(separator: ", ")))
            SELECT ours.id, \(own) FROM other.\(table) own \(pairs)
          """, arguments: [target, source])
    }
    taken.differing +=
      try Int.fetchOne(
        db,
        sql: """
          SELECT count(*) FROM other.answer theirs JOIN main.answer ours ON ours.run = ?
            AND ours.question = theirs.question AND ours.sample = theirs.sample
          WHERE theirs.run = ? AND ours.text IS NOT theirs.text
          """, arguments: [target, source]) ?? 0
  }
}
