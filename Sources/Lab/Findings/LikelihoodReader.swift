import Plans
import Statistics
import Store
import Tuning

/// How likely held-out rows are to the models of each condition.
struct LikelihoodReader {
  private struct ModelScores {
    let model: PlannedModel
    let file: String
    let scores: [StoredScore]
  }

  private let plan: Plan
  private let models: [PlannedModel]
  private let heldOut: [HeldOutRows]
  private let all: [ModelScores]

  init(_ experiment: Experiment) throws {
    plan = experiment.plan
    let maker = experiment.maker
    (models, heldOut) = (maker.models, maker.heldOut)
    all = try models.flatMap { model -> [ModelScores] in
      guard !maker.heldOut.isEmpty, try maker.isKnown(model) else { return [] }
      let opened = try maker.open(model)
      return try maker.heldOut.compactMap { rows in
        try maker.scores(of: model, rows.texts).run(opened, in: experiment.store).stored()
          .map { ModelScores(model: model, file: rows.file, scores: $0) }
      }
    }
  }

  func findings() -> [LikelihoodFinding] {
    heldOut.flatMap { rows -> [LikelihoodFinding] in
      let ofFile = all.filter { $0.file == rows.file }
      let base = ofFile.first { !$0.model.isTrained }
      return plan.conditions.compactMap { condition in
        let own = ofFile.filter {
          $0.model.condition.name == condition.name && isLast($0.model)
        }
        return finding(rows.file, condition.name, own, base)
      }
    }
  }

  private func finding(
    _ file: String, _ condition: String, _ own: [ModelScores], _ base: ModelScores?
  ) -> LikelihoodFinding? {
    guard let first = own.first, let nats = Self.estimate(own.map(\.scores)) else { return nil }
    let difference = base.flatMap { base -> LikelihoodFinding.Estimate? in
      guard first.model.isTrained else { return nil }
      return Self.estimate(own.map { Self.difference($0.scores, base.scores) })
    }
    return LikelihoodFinding(
      data: file, condition: condition, rows: first.scores.count,
      tokens: first.scores.reduce(0) { $0 + $1.tokens }, nats: nats,
      perSeed: own.compactMap { model in
        Tally.pooled(model.scores.map(\.tally)).mean.map {
          .init(seed: model.model.seed, nats: $0)
        }
      }, againstBase: difference)
  }

  /// Whether it is the model after the last step or generation.
  private func isLast(_ model: PlannedModel) -> Bool {
    let places = models.filter { $0.condition.name == model.condition.name }.map { $0.place ?? 0 }
    return model.place == nil || model.place == places.max()
  }

  private static func difference(_ scores: [StoredScore], _ base: [StoredScore]) -> [StoredScore] {
    zip(scores, base).map { score, base in
      var difference = score
      difference.nll -= base.nll
      return difference
    }
  }

  /// Of models by rows.
  private static func estimate(_ models: [[StoredScore]]) -> LikelihoodFinding.Estimate? {
    let seeds = models.map { Tally.pooled($0.map(\.tally)) }
    guard let value = Tally.pooled(seeds).mean, let rows = models.first?.indices else { return nil }
    let byRow = rows.map { row in Tally.pooled(models.map { $0[row].tally }) }
    return LikelihoodFinding.Estimate(
      value: value, overRows: SeedInterval().mean(byRow), overSeeds: SeedInterval().mean(seeds))
  }
}

extension StoredScore {
  /// Nats over tokens.
  fileprivate var tally: Tally { Tally(sum: nll, count: Double(tokens)) }
}
