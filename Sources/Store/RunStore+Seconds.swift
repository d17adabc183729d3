import GRDB

extension RunStore {
  /// Adds time that was spent on the run. As a time it is no part of `digest()`.
  package func addSeconds(_ seconds: Double, to run: Run) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: "UPDATE run SET seconds = seconds + ? WHERE id = ?", arguments: [seconds, run.id])
    }
  }

  /// The time spent on the run, summed over all processes that worked on it.
  package func seconds(of run: Run) throws(StoreError) -> Double {
    try read { db in
      try Double.fetchOne(db, sql: "SELECT seconds FROM run WHERE id = ?", arguments: [run.id]) ?? 0
    }
  }
}
