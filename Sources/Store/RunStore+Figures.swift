import GRDB

extension RunStore {
  /// Adds named numbers that a run has found, in one transaction; one that is there is replaced.
  ///
  /// - Throws: `StoreError` `.refused` for what is no finite number.
  package func append(figures: [String: Double], to run: Run) throws(StoreError) {
    for (name, value) in figures where !value.isFinite {
      throw refusal(
        "\(run.name): \(name) is \(value), expected a finite number",
        advice: "the model's numbers overflow under this change; try a smaller dose")
    }
    try write { db in
      let insert = try db.cachedStatement(
        sql: "INSERT OR REPLACE INTO figure (run, name, value) VALUES (?, ?, ?)")
      for (name, value) in figures {
        try insert.execute(arguments: [run.id, name, value])
      }
    }
  }

  /// The numbers of a run, by name.
  package func figures(of run: Run) throws(StoreError) -> [String: Double] {
    try read { db in
      var figures: [String: Double] = [:]
      let rows = try Row.fetchCursor(
        db, sql: "SELECT name, value FROM figure WHERE run = ?", arguments: [run.id])
      while let row = try rows.next() { figures[row["name"]] = row["value"] }
      return figures
    }
  }
}
