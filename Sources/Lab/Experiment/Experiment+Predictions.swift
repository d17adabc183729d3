import Core
import Foundation
import Plans
import Store
import Tuning

extension Experiment {
  /// Stores the plan's predictions, each with its hash, before anything is done: the time at which
  /// the store first saw a prediction is the time that counts.
  public func storePredictions() throws {
    for prediction in plan.predictions {
      try StoredPrediction(prediction, isLate: hasAnswers(prediction))
        .store(at: address(of: prediction), plan: plan.name, in: store)
    }
  }

  /// Of the prediction and of the answers that it is about: it cannot be taken over to others.
  func address(of prediction: PlanPrediction) throws -> Fingerprint {
    try Fingerprint(
      of: PredictionAddress(
        prediction: prediction, plan: plan.name,
        answers: answers(of: prediction).map(\.fingerprint)))
  }

  /// By the runs of earlier versions, which stored answers under the address of their stage.
  func wasAsked(_ prediction: PlanPrediction, before date: Date) throws -> Bool {
    try answers(of: prediction).allSatisfy { stage in
      try store.run(stage.fingerprint).map { $0.created < date } ?? false
    }
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
