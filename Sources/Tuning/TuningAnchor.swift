import Core
import Engine

/// Rows that a training is held to, as conversations: `weight` · KL(model at the start ‖ model).
package struct AnchoredConversations {
  let weight: Double
  let rowsPerStep: Int
  let rows: [Conversation]

  package init(weight: Double, rowsPerStep: Int, rows: [Conversation]) {
    (self.weight, self.rowsPerStep, self.rows) = (weight, rowsPerStep, rows)
  }
}

/// The same as tokens.
struct TuningAnchor: Sendable {
  let weight: Double
  let rowsPerStep: Int
  let rows: TuningRows

  struct Address: Encodable {
    let weight: Double
    let rowsPerStep: Int
    let rows: Fingerprint
  }

  var address: Address {
    Address(weight: weight, rowsPerStep: rowsPerStep, rows: rows.fingerprint)
  }

  /// The next rows of a step, from the first again at the end.
  func sequences(of step: Int) -> [TrainingSequence] {
    let all = rows.sequences
    return (step * rowsPerStep..<(step + 1) * rowsPerStep).map { all[$0 % all.count] }
  }
}
