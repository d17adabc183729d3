import Core
import Plans
import Store
import Tuning

extension FolderExperiment {
  /// Stores the plan's predictions, each with its hash, before anything is done.
  public func storePredictions() throws {
    for prediction in plan.predictions {
      let stored = StoredPrediction(prediction, isLate: try hasAnswers(prediction))
      try stored.store(at: address(of: prediction), plan: plan.name, in: store)
    }
  }

  func predictions(_ table: CellTable) throws -> [PredictionFinding] {
    try table.predictions { prediction in
      try StoredPrediction.foretold(at: address(of: prediction), in: store)
    }
  }

  /// Of the prediction, and of the models and the questions that it is about.
  private func address(of prediction: PlanPrediction) throws -> Fingerprint {
    struct Address: Encodable {
      let prediction: PlanPrediction
      let plan: String
      let seed: UInt64
      let base: Fingerprint?
      let models: [Fingerprint?]
      let asked: [[AnswerKey]]
    }
    let own = cells(of: prediction)
    return try Fingerprint(
      of: Address(
        prediction: prediction, plan: plan.name, seed: options.seed,
        base: base.map { try options.identity($0, plan) },
        models: own.map { try fingerprint(of: $0.model) },
        asked: own.map { asked[$0.evaluation]?.places.keys ?? [] }))
  }

  private func cells(
    of prediction: PlanPrediction
  ) -> [(model: FolderModel, evaluation: String)] {
    [prediction.of, prediction.against].compactMap { $0 }.flatMap { cell in
      models.filter { $0.condition.name == cell.condition }.map { ($0, cell.evaluation) }
    }
  }

  /// Whether each of the evaluations that it is about has answers, of each of its models.
  private func hasAnswers(_ prediction: PlanPrediction) throws -> Bool {
    try cells(of: prediction).allSatisfy { model, evaluation in
      guard try isTrained(model),
        let place = try places(model, opened(model)).first(where: {
          $0.evaluation.name == evaluation
        })
      else { return false }
      return try place.answers.missing().count < place.keys.count
    }
  }
}
