import Core
import Foundation
import Plans
import Store

extension Experiment {
  /// Stores the plan's predictions, each with its hash, before anything is done: the time at which
  /// the store first saw a prediction is the time that counts.
  public func storePredictions() throws {
    for prediction in plan.predictions {
      let run = try store.beginRun(
        fingerprint: try address(of: prediction), kind: .prediction,
        name: "\(plan.name): \(prediction.words)", settings: prediction)
      try store.finish(run)
    }
  }

  /// Of the prediction and of the answers that it is about: it cannot be taken over to others.
  func address(of prediction: PlanPrediction) throws -> Fingerprint {
    try Fingerprint(
      of: PredictionAddress(
        prediction: prediction, plan: plan.name,
        answers: answers(of: prediction).map(\.fingerprint)))
  }

  /// Whether all that it is about had been asked before it was stored.
  func isLate(_ prediction: PlanPrediction, stored: Date) throws -> Bool {
    let begun = try answers(of: prediction).map { stage in
      try store.run(stage.fingerprint)?.created ?? .distantFuture
    }
    return begun.allSatisfy { $0 < stored }
  }

  private func answers(of prediction: PlanPrediction) -> [Stage] {
    [prediction.of, prediction.against].compactMap { $0 }.flatMap { cell in
      outline.models.filter { $0.condition == cell.condition }
        .compactMap { $0.answers[cell.evaluation] }
    }
  }
}

private struct PredictionAddress: Encodable {
  let prediction: PlanPrediction
  let plan: String
  let answers: [Fingerprint]
}

extension PlanPrediction {
  /// `insecure − secure on free-form above 0.1`.
  public var words: String {
    let other = against.map { cell in
      cell.evaluation == of.evaluation
        ? " − \(cell.condition)" : " − \(cell.condition) on \(cell.evaluation)"
    }
    return "\(of.condition)\(other ?? "") on \(of.evaluation) \(direction.rawValue) \(threshold)"
  }
}
