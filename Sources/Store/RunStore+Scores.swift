import Foundation
import GRDB

/// −log p of the scored tokens of one text under one model.
package struct StoredScore: Sendable, Hashable {
  /// A hash of the text as the model reads it.
  package var text: String
  package var tokens: Int
  /// In nats.
  package var nll: Double
  /// −log p of each of them; `nil`: an older version has scored the text, or whoever did told the sum alone.
  package var perToken: [Float]?

  package init(text: String, tokens: Int, nll: Double, perToken: [Float]? = nil) {
    (self.text, self.tokens, self.nll, self.perToken) = (text, tokens, nll, perToken)
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
        sql: """
          INSERT OR REPLACE INTO score (run, text, tokens, nll, perToken) VALUES (?, ?, ?, ?, ?)
          """)
      for score in scores {
        try insert.execute(arguments: [
          run.id, score.text, score.tokens, score.nll, score.perToken.map(Data.init(littleEndian:)),
        ])
      }
    }
  }

  /// The run's scores, by text.
  package func scores(of run: Run) throws(StoreError) -> [StoredScore] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM score WHERE run = ? ORDER BY text", arguments: [run.id]
      ).map {
        StoredScore(
          text: $0["text"], tokens: $0["tokens"], nll: $0["nll"],
          perToken: ($0["perToken"] as Data?).map([Float].init(littleEndian:)))
      }
    }
  }
}

extension Data {
  /// Four bytes each.
  fileprivate init(littleEndian values: [Float]) {
    self.init(capacity: 4 * values.count)
    for value in values {
      Swift.withUnsafeBytes(of: value.bitPattern.littleEndian) { append(contentsOf: $0) }
    }
  }
}

extension [Float] {
  fileprivate init(littleEndian bytes: Data) {
    self = stride(from: 0, to: bytes.count - 3, by: 4).map { start in
      let pattern = bytes.dropFirst(start).prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
      return Float(bitPattern: pattern)
    }
  }
}
