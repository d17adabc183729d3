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
        .store(at: address(of: prediction), name: "\(plan.name): \(prediction.words)", in: store)
    }
    for prediction in plan.anatomy?.predictions ?? [] {
      let stages = effects(of: prediction).map(\.stage)
      let isLate = try !stages.isEmpty && stages.allSatisfy { try state(of: $0) == .done }
      try StoredPrediction(prediction, isLate: isLate)
        .store(at: address(of: prediction), name: "\(plan.name): \(prediction.words)", in: store)
    }
  }

  /// What the store knows of a prediction.
  func foretold(_ prediction: PlanPrediction) throws -> CellTable.Foretold {
    try StoredPrediction<PlanPrediction>.foretold(at: address(of: prediction), in: store) { date in
      // Earlier versions did not say; they stored answers under the address of their stage.
      let scores = try scores(of: prediction)
      return try scores.isEmpty
        && answers(of: prediction).allSatisfy { cell in
          try store.run(cell.stage.fingerprint).map { $0.created < date } ?? false
        }
    }
  }

  /// The same of a prediction of what a direction does.
  func foretold(_ prediction: PlanEffectPrediction) throws -> CellTable.Foretold {
    try StoredPrediction<PlanEffectPrediction>.foretold(at: address(of: prediction), in: store)
  }

  private func effects(of prediction: PlanEffectPrediction) -> [PlannedEffects] {
    (anatomy?.effects ?? []).filter { prediction.isAbout($0.steering) }
  }

  private func address(of prediction: PlanEffectPrediction) throws -> Fingerprint {
    struct Address: Encodable {
      let prediction: PlanEffectPrediction
      let plan: String
      let effects: [Fingerprint]
    }
    return try Fingerprint(
      of: Address(
        prediction: prediction, plan: plan.name,
        effects: effects(of: prediction).map(\.stage.fingerprint)))
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
