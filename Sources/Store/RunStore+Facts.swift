import GRDB

/// Something that a store knows of its project as a whole.
package struct ProjectFact: RawRepresentable, Sendable, Hashable {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }

  /// There while nobody has been told that results of model folders are left over from the time when those
  /// were known by the edges of their weights: they are kept and never used again.
  package static let foldersKnownByEdges = ProjectFact(rawValue: "foldersKnownByEdges")
}

extension RunStore {
  package func content(of fact: ProjectFact) throws(StoreError) -> String? {
    try read { db in
      try String.fetchOne(
        db, sql: "SELECT content FROM fact WHERE name = ?", arguments: [fact.rawValue])
    }
  }

  /// - Parameters:
  ///   - fact: which fact.
  ///   - content: `nil`: it is no fact any more.
  package func set(_ fact: ProjectFact, to content: String?) throws(StoreError) {
    try write { db in
      guard let content else {
        return try db.execute(sql: "DELETE FROM fact WHERE name = ?", arguments: [fact.rawValue])
      }
      try db.execute(
        sql: "INSERT OR REPLACE INTO fact (name, content) VALUES (?, ?)",
        arguments: [fact.rawValue, content])
    }
  }
}
