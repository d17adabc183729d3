import Core
import Foundation
import Plans
import Store
import Tuning

extension Experiment {
  /// Stores the plan's predictions, each with its hash, before anything is done: the time at which
  /// the store first saw a prediction is the time that counts.
  package func storePredictions() throws {
    for prediction in plan.predictions {
      try StoredPrediction(prediction, isLate: hasAnswers(prediction))
        .store(at: address(of: prediction), plan: plan.name, in: store)
    }
  }

  /// What the store knows of a prediction.
  func foretold(_ prediction: PlanPrediction) throws -> CellTable.Foretold {
    try StoredPrediction.foretold(at: address(of: prediction), in: store) { date in
      // Earlier versions did not say; they stored answers under the address of their stage.
      let scores = try scores(of: prediction)
      return try scores.isEmpty
        && answers(of: prediction).allSatisfy { cell in
          try store.run(cell.stage.fingerprint).map { $0.created < date } ?? false
        }
    }
  }

  /// Of the prediction and of the answers that it is about: it cannot be taken over to others.
  private func address(of prediction: PlanPrediction) throws -> Fingerprint {
    struct Address: Encodable {
      let prediction: PlanPrediction
      let plan: String
      let answers: [Fingerprint]
    }
    return try Fingerprint(
      of: Address(
        prediction: prediction, plan: plan.name,
        answers: answers(of: prediction).map(\.stage.fingerprint)
          + scores(of: prediction).map(\.stage.fingerprint)))
  }

  private func answers(of prediction: PlanPrediction) -> [PlannedAnswers] {
    prediction.cells.flatMap { cell in maker.cells.filter { $0.cell == cell } }
  }

  private func scores(of prediction: PlanPrediction) throws -> [PlannedScores] {
    try prediction.cells.flatMap { cell -> [PlannedScores] in
      guard let contrast = contrasts.first(where: { $0.evaluation.name == cell.evaluation }) else {
        return []
      }
      return try maker.models.filter { $0.condition.name == cell.condition }
        .map { try maker.scores(of: $0, contrast.texts) }
    }
  }

  /// Whether each of the evaluations that it is about has answers, or scores, of each of its models.
  private func hasAnswers(_ prediction: PlanPrediction) throws -> Bool {
    for scores in try scores(of: prediction)
    where try state(of: scores.stage) != .done { return false }
    return try answers(of: prediction).allSatisfy { cell in
      guard try maker.isKnown(cell.model) else { return false }
      let answers = cell.run(try maker.open(cell.model), in: store)
      return try answers.missing().count < cell.places.count
    }
  }
}

extension PlanPrediction {
  fileprivate var cells: [PlanCell] { [of, against].compactMap { $0 }.flatMap(\.parts) }

  /// `insecure − secure on free-form above 0.1`.
  package var words: String {
    func words(_ cell: PlanCell) -> String {
      cell.from.map { "(\(cell.condition) − \($0))" } ?? cell.condition
    }
    let other = against.map { cell in
      cell.evaluation == of.evaluation
        ? " − \(words(cell))" : " − \(words(cell)) on \(cell.evaluation)"
    }
    return "\(words(of))\(other ?? "") on \(of.evaluation) \(direction.rawValue) \(threshold)"
  }
}
