import Core
import Foundation
import GRDB

extension RunStore {
  /// A fingerprint of everything in the store except times and row numbers, in an order that
  /// does not depend on when a row was added: two stores with the same content have the same
  /// digest, however often one of them was killed and resumed.
  ///
  /// - Complexity: reads the whole store; holds one run's rows in memory.
  package func digest() throws(StoreError) -> String {
    try read { db in
      var all = CanonicalBytes()
      for run in try Self.digests(db) { all.append(run.digest.databaseValue) }
      return Fingerprint(bytes: all.data).hex
    }
  }

  /// Of each run, by fingerprint.
  static func digests(_ db: Database) throws -> [(run: String, digest: String)] {
    let runs = try Row.fetchAll(
      db, sql: "SELECT id, fingerprint, kind, name, settings, state FROM run ORDER BY fingerprint")
    return try runs.map { run in
      let id: Int64 = run["id"]
      var bytes = CanonicalBytes()
      bytes.append(run, skipping: 1)
      for query in digestQueries {
        bytes.append(Int64(-1).databaseValue)
        let rows = try Row.fetchCursor(db, sql: query, arguments: [id])
        while let row = try rows.next() { bytes.append(row) }
      }
      return (run["fingerprint"], Fingerprint(bytes: bytes.data).hex)
    }
  }

  private static let digestQueries = [
    """
    SELECT step, loss, learningRate, gradientNorm, tokens FROM step
    WHERE run = ? ORDER BY step
    """,
    "SELECT step, loss FROM evaluationLoss WHERE run = ? ORDER BY step",
    "SELECT text, tokens, nll FROM score WHERE run = ? ORDER BY text",
    "SELECT name, value FROM figure WHERE run = ? ORDER BY name",
    """
    SELECT question, sample, prompt, text, tokenCount, finishReason, promptTokenCount FROM answer
    WHERE run = ? ORDER BY question, sample
    """,
    "SELECT question, content FROM asked WHERE run = ? ORDER BY question",
    """
    SELECT question, sample, judge, metric, value, label, coverage, measurement.reason,
      measurement.reply
    FROM measurement JOIN answer ON answer.id = measurement.answer
    WHERE run = ? ORDER BY question, sample, judge, metric
    """,
    """
    SELECT question, sample, judge, aligned, coherent, reason
    FROM verdict JOIN answer ON answer.id = verdict.answer
    WHERE run = ? ORDER BY question, sample, judge
    """,
    "SELECT role, path, sha256, bytes FROM artifact WHERE run = ? ORDER BY role",
  ]
}

/// Values as bytes that can be told apart: a letter for the type, then the value, with its
/// length when that varies.
private struct CanonicalBytes {
  var data = Data()

  mutating func append(_ row: Row, skipping skipped: Int = 0) {
    for value in row.databaseValues.dropFirst(skipped) { append(value) }
  }

  mutating func append(_ value: DatabaseValue) {
    switch value.storage {
    case .null: data.append(UInt8(ascii: "n"))
    case .int64(let number): append("i", UInt64(bitPattern: number))
    case .double(let number): append("d", number.bitPattern)
    case .string(let text): append("t", UInt64(text.utf8.count)); data.append(contentsOf: text.utf8)
    case .blob(let blob): append("b", UInt64(blob.count)); data.append(blob)
    }
  }

  private mutating func append(_ type: Unicode.Scalar, _ number: UInt64) {
    data.append(UInt8(ascii: type))
    withUnsafeBytes(of: number.littleEndian) { data.append(contentsOf: $0) }
  }
}
