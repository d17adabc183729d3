import Core
import Foundation
import Plans
import Store
import Tuning

/// A prediction as the store has it.
private struct StoredPrediction: Codable {
  let prediction: PlanPrediction
  /// Whether all that it is about had been asked when it was stored.
  let isLate: Bool
}

extension Experiment {
  /// Stores the plan's predictions, each with its hash, before anything is done: the time at which
  /// the store first saw a prediction is the time that counts.
  public func storePredictions() throws {
    for prediction in plan.predictions {
      let address = try address(of: prediction)
      if let run = try store.run(address), run.state == .done { continue }
      let run = try store.beginRun(
        fingerprint: address, kind: .prediction, name: "\(plan.name): \(prediction.words)",
        settings: StoredPrediction(prediction: prediction, isLate: hasAnswers(prediction)))
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
  func isLate(_ prediction: Run?) throws -> Bool {
    guard let prediction else { return true }
    let stored = try? JSONDecoder().decode(
      StoredPrediction.self, from: Data(prediction.settings.utf8))
    // Earlier versions stored the prediction alone; their answers are not counted any more.
    return stored?.isLate ?? false
  }

  /// Whether each of the evaluations that it is about has answers, of each of its models.
  private func hasAnswers(_ prediction: PlanPrediction) throws -> Bool {
    try answers(of: prediction).allSatisfy { stage in
      let asked = try StageAnswers(stage)
      guard let run = try store.run(asked.run) else { return false }
      return try !store.answeredSamples(of: run).isDisjoint(with: asked.places.keys)
    }
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
