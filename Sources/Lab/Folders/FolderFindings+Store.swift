import Chats
import Core
import Engine
import Evaluation
import Formats
import Judging
import Foundation
import Plans
import Questions
import Statistics
import Store
import Tuning

extension FolderExperiment {
  /// Reads what is there; stages that are not done are left out.
  public func findings() throws -> FolderFindings {
    var scores: [ModelScores] = []
    var trainings: [FolderTrainingFinding] = []
    for model in models where try isTrained(model) {
      if case .trained(let training) = model.source, model.place != 0 {
        trainings.append(try Self.training(training))
      }
      guard !heldOut.isEmpty, let loaded = try loaded(model) else { continue }
      for rows in heldOut {
        guard let own = try self.scores(rows, loaded) else { continue }
        scores.append(ModelScores(model: model, file: rows.file, scores: own))
      }
    }
    let cells = try judgedCells()
    let run = try store.run(fingerprint)
    let table = table(cells)
    let judged = try cells.compactMap { try $0.finding(judge, store) }
    return FolderFindings(
      plan: plan, fingerprint: try fingerprint.hex,
      identity: base == nil ? nil : try untouched().identity.identity.hex,
      parameters: base?.summary.parameterCount,
      precision: options.precision.rawValue,
      defaultSystemPrompt: plan.keepsDefaultSystem
        ? base?.tokenizer.template?.defaultSystemPrompt : nil,
      elapsedSeconds: try run.map { try store.seconds(of: $0) } ?? 0,
      isJudged: judged.contains { $0.verdicts > 0 }, trainings: trainings,
      likelihoods: likelihoods(scores), answers: cells.map(\.counts), judged: judged,
      rows: table.rows.filter { isRead($0) }, comparisons: comparisons(table),
      predictions: try predictions(table), examples: examples(cells))
  }

  /// Whether somebody has read the answers of a row, or none needs to.
  private func isRead(_ row: FindingRow) -> Bool {
    let evaluation = plan.evaluations.first { $0.name == row.cell.evaluation }
    return asked[row.cell.evaluation]?.isOfDish == true || judge != nil
      || evaluation?.measure == .distinct
  }

  private static func training(_ training: FolderTraining) throws -> FolderTrainingFinding {
    let tuning = try training.tuning()
    let outlook = tuning.outlook
    return FolderTrainingFinding(
      condition: training.condition.name, seed: training.seed, folder: training.place,
      method: tuning.settings.method.rawValue,
      steps: outlook.steps, rows: outlook.rows, cutRows: outlook.cutCount,
      emptiedRows: outlook.emptiedCount,
      trainedTokens: outlook.trainedTokens, trainedParameters: outlook.trainedParameters,
      losses: tuning.loggedSteps().map { .init(step: $0.step, loss: $0.loss) })
  }

  // MARK: - Log-likelihoods

  private struct ModelScores {
    let model: FolderModel
    let file: String
    let scores: [RowScore]
  }

  private func likelihoods(_ all: [ModelScores]) -> [LikelihoodFinding] {
    heldOut.flatMap { rows -> [LikelihoodFinding] in
      let ofFile = all.filter { $0.file == rows.file }
      let base = ofFile.first { $0.model.training == nil }
      return plan.conditions.compactMap { condition in
        let own = ofFile.filter {
          $0.model.condition.name == condition.name && isLast($0.model)
        }
        guard let first = own.first else { return nil }
        guard let nats = Self.estimate(own.map(\.scores)) else { return nil }
        let difference = base.flatMap { base -> LikelihoodFinding.Estimate? in
          guard first.model.training != nil else { return nil }
          return Self.estimate(own.map { Self.difference($0.scores, base.scores) })
        }
        return LikelihoodFinding(
          data: rows.file, condition: condition.name, rows: first.scores.count,
          tokens: first.scores.reduce(0) { $0 + $1.tokens }, nats: nats,
          perSeed: own.compactMap { model in
            Tally.pooled(model.scores.map(\.tally)).mean.map {
              .init(seed: model.model.seed, nats: $0)
            }
          }, againstBase: difference)
      }
    }
  }

  /// Whether it is the model after the last step or generation.
  private func isLast(_ model: FolderModel) -> Bool {
    let places = models.filter { $0.condition.name == model.condition.name }.map { $0.place ?? 0 }
    return model.place == nil || model.place == places.max()
  }

  private static func difference(_ scores: [RowScore], _ base: [RowScore]) -> [RowScore] {
    zip(scores, base).map { score, base in
      var difference = score
      difference.nll -= base.nll
      return difference
    }
  }

  /// Of models by rows.
  private static func estimate(_ models: [[RowScore]]) -> LikelihoodFinding.Estimate? {
    let seeds = models.map { Tally.pooled($0.map(\.tally)) }
    guard let value = Tally.pooled(seeds).mean, let rows = models.first?.indices else { return nil }
    let byRow = rows.map { row in Tally.pooled(models.map { $0[row].tally }) }
    return LikelihoodFinding.Estimate(
      value: value, overRows: SeedInterval().mean(byRow), overSeeds: SeedInterval().mean(seeds))
  }
}

extension RowScore {
  /// Nats over tokens.
  fileprivate var tally: Tally { Tally(sum: nll, count: Double(tokens)) }
}
