import Core
import Foundation
import GRDB

/// A run, and how much of it is stored.
package struct RunProgress: Sendable, Hashable {
  package var run: Run
  package var answers: Int
  /// The last training step that is stored.
  package var step: Int?
}

extension StoreReader {
  package func runs() throws(StoreError) -> [Run] {
    try read { db in try Row.fetchAll(db, sql: "SELECT * FROM run ORDER BY id").map(Run.init) }
  }

  package func stages() throws(StoreError) -> [StoredStage] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM stage ORDER BY id").map(StoredStage.init)
    }
  }

  /// What the answers of plans belong to.
  package func cells() throws(StoreError) -> [StoredCell] {
    try read { db in
      var lists: [String: [String]] = [:]
      return try Row.fetchAll(
        db,
        sql: """
          SELECT cell.*, questionList.questions AS list FROM cell
          JOIN questionList ON digest = cell.questions
          """
      ).map { row in
        let digest: String = row["questions"]
        if lists[digest] == nil {
          lists[digest] = try JSONDecoder().decode(
            [String].self, from: Data((row["list"] as String).utf8))
        }
        return StoredCell(
          plan: row["plan"], stage: Fingerprint(hex: row["stage"]),
          condition: (row["condition"], row["conditionTitle"]),
          evaluation: (row["evaluation"], row["evaluationTitle"]),
          world: (row["world"] as Int64?).map { UInt64(bitPattern: $0) },
          seed: UInt64(bitPattern: row["seed"]), place: row["place"],
          questions: lists[digest] ?? [])
      }
    }
  }

  /// How far runs are that are not done.
  package func progress(of runs: [Run]) throws(StoreError) -> [RunProgress] {
    try read { db in
      try runs.map { run in
        RunProgress(
          run: run,
          answers: try Int.fetchOne(
            db, sql: "SELECT count(*) FROM answer WHERE run = ?", arguments: [run.id]) ?? 0,
          step: try Int.fetchOne(
            db, sql: "SELECT max(step) FROM step WHERE run = ?", arguments: [run.id]))
      }
    }
  }

  /// The time spent on a run, over all processes that worked on it.
  package func seconds(of run: Run) throws(StoreError) -> Double {
    try read { db in
      try Double.fetchOne(db, sql: "SELECT seconds FROM run WHERE id = ?", arguments: [run.id]) ?? 0
    }
  }

  /// The judges with an identity, by fingerprint. Oracles of dishes have none.
  package func judges() throws(StoreError) -> [StoredJudge] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM judge ORDER BY fingerprint").map {
        StoredJudge(
          fingerprint: Fingerprint(hex: $0["fingerprint"]),
          identity: ($0["identity"] as StoredText).string)
      }
    }
  }

  /// A training, with no more steps than `most`.
  package func course(
    of run: Run, most: Int
  ) throws(StoreError) -> (steps: [TrainingStep], evaluations: [EvaluationLoss]) {
    try read { db in
      let count =
        try Int.fetchOne(db, sql: "SELECT count(*) FROM step WHERE run = ?", arguments: [run.id])
        ?? 0
      let every = max(1, (count + most - 1) / max(1, most))
      let steps = try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM (SELECT *, row_number() OVER (ORDER BY step) AS number FROM step WHERE run = ?)
          WHERE number % ? = 0 OR number = ? ORDER BY step
          """, arguments: [run.id, every, count]
      ).map {
        TrainingStep(
          step: $0["step"], loss: $0["loss"], learningRate: $0["learningRate"],
          gradientNorm: $0["gradientNorm"], tokens: $0["tokens"])
      }
      let evaluations = try Row.fetchAll(
        db, sql: "SELECT * FROM evaluationLoss WHERE run = ? ORDER BY step", arguments: [run.id]
      ).map { EvaluationLoss(step: $0["step"], loss: $0["loss"]) }
      return (steps, evaluations)
    }
  }
}
