import GRDB

/// −log p of the scored tokens of one text under one model.
package struct StoredScore: Sendable, Hashable {
  /// A hash of the text as the model reads it.
  package var text: String
  package var tokens: Int
  /// In nats.
  package var nll: Double

  package init(text: String, tokens: Int, nll: Double) {
    (self.text, self.tokens, self.nll) = (text, tokens, nll)
  }
}

extension RunStore {
  /// Adds the scores, in one transaction; a text that is there is replaced.
  ///
  /// - Throws: `StoreError` `.refused` for a score that is no finite number.
  package func append(scores: [StoredScore], to run: Run) throws(StoreError) {
    for score in scores where !score.nll.isFinite {
      throw refusal(
        "\(run.name): a log-likelihood is \(score.nll), expected a finite number",
        advice: "the model has been trained to pieces, or its weights are damaged")
    }
    try write { db in
      let insert = try db.cachedStatement(
        sql: "INSERT OR REPLACE INTO score (run, text, tokens, nll) VALUES (?, ?, ?, ?)")
      for score in scores {
        try insert.execute(arguments: [run.id, score.text, score.tokens, score.nll])
      }
    }
  }

  /// The run's scores, by text.
  package func scores(of run: Run) throws(StoreError) -> [StoredScore] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM score WHERE run = ? ORDER BY text", arguments: [run.id]
      ).map { StoredScore(text: $0["text"], tokens: $0["tokens"], nll: $0["nll"]) }
    }
  }
}
