import Core
import Engine
import Tuning

/// Texts that models are scored on: rows that nothing was trained on, or the answers of a contrast.
struct ScoredTexts {
  /// Of a file, or an evaluation's title.
  let name: String
  let fingerprint: Fingerprint
  let count: Int
  /// As a model reads them.
  let sequences: (any Scoring) throws -> [TrainingSequence]
}

extension HeldOutRows {
  var texts: ScoredTexts {
    ScoredTexts(name: file, fingerprint: rows.fingerprint, count: rows.sequences.count) {
      [rows] _ in rows.sequences
    }
  }
}
