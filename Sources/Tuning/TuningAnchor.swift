import Core
import Engine

/// What a training is held to: `weight` · KL(model at the start ‖ model).
package enum AnchoredConversations {
  /// On rows of its own.
  case rows(weight: Double, rowsPerStep: Int, [Conversation])
  /// On those that are trained on (arXiv 2508.06249).
  case batch(weight: Double)

  var weight: Double {
    switch self {
    case .rows(let weight, _, _), .batch(let weight): weight
    }
  }
}

/// The same as tokens.
struct TuningAnchor: Sendable {
  let weight: Double
  let rowsPerStep: Int
  /// `nil`: those that are trained on.
  let rows: TuningRows?

  struct Address: Encodable {
    let weight: Double
    let rowsPerStep: Int
    let rows: Fingerprint?
  }

  var address: Address {
    Address(weight: weight, rowsPerStep: rowsPerStep, rows: rows?.fingerprint)
  }

  /// The next rows of a step, from the first again at the end.
  ///
  /// - Parameter batch: what is trained on in the step.
  func sequences(of step: Int, beside batch: () -> [TrainingSequence]) -> [TrainingSequence] {
    guard let all = rows?.sequences else { return batch() }
    return (step * rowsPerStep..<(step + 1) * rowsPerStep).map { all[$0 % all.count] }
  }
}
