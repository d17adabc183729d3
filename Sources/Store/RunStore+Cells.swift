import Core
import Foundation
import GRDB

/// Where the answers of one model in one evaluation of a plan are, so that whoever reads the store knows what they
/// belong to.
package struct StoredCell: Sendable, Hashable {
  package var plan: String
  /// The stage that asks; its run has the answers.
  package var stage: Fingerprint
  package var condition: String
  package var conditionTitle: String
  package var evaluation: String
  package var evaluationTitle: String
  /// The seed of the model's world, where the plan has several.
  package var world: UInt64?
  package var seed: UInt64
  /// Steps or generations, where the plan looks at several.
  package var place: Int?
  /// As in the keys of its answers.
  package var questions: [String]

  package init(
    plan: String, stage: Fingerprint, condition: (name: String, title: String),
    evaluation: (name: String, title: String), world: UInt64?, seed: UInt64, place: Int?,
    questions: [String]
  ) {
    (self.plan, self.stage, self.questions) = (plan, stage, questions)
    (self.condition, conditionTitle) = condition
    (self.evaluation, evaluationTitle) = evaluation
    (self.world, self.seed, self.place) = (world, seed, place)
  }
}

extension RunStore {
  /// Writes down what a plan's answers belong to, in place of what was written of it before. Books, and no results:
  /// no part of `digest()`.
  package func enter(cells: [StoredCell], ofPlan plan: String) throws(StoreError) {
    try write { db in
      try db.execute(sql: "DELETE FROM cell WHERE plan = ?", arguments: [plan])
      let insert = try db.cachedStatement(
        sql: "INSERT OR REPLACE INTO cell VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      var known: [[String]: String] = [:]
      for cell in cells {
        let digest = try known[cell.questions] ?? Self.enter(cell.questions, db)
        known[cell.questions] = digest
        try insert.execute(arguments: [
          plan, cell.stage.hex, cell.condition, cell.conditionTitle, cell.evaluation,
          cell.evaluationTitle, cell.world.map { Int64(bitPattern: $0) },
          Int64(bitPattern: cell.seed), cell.place, digest,
        ])
      }
    }
  }

  private static func enter(_ questions: [String], _ db: Database) throws -> String {
    let json = try JSONEncoder().encode(questions)
    let digest = Fingerprint(bytes: json).hex
    try db.execute(
      sql: "INSERT OR IGNORE INTO questionList (digest, questions) VALUES (?, ?)",
      arguments: [digest, String(decoding: json, as: UTF8.self)])
    return digest
  }
}
