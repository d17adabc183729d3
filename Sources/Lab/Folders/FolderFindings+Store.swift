import Chats
import Core
import Engine
import Formats
import Foundation
import Plans
import Questions
import Statistics
import Store
import Tuning

extension FolderExperiment {
  /// Questions of an evaluation that are shown, models of a condition, and answers of each.
  private static let exampleQuestions = 12
  private static let exampleModels = 2
  private static let exampleAnswers = 2

  /// Reads what is there; stages that are not done are left out.
  public func findings() throws -> FolderFindings {
    var scores: [ModelScores] = []
    var asked: [ModelAnswers] = []
    var trainings: [FolderTrainingFinding] = []
    for model in models where try isTrained(model) {
      if let tuning = model.tuning { trainings.append(Self.training(model, tuning)) }
      let loaded = try loaded(model)
      for rows in heldOut {
        guard let own = try self.scores(rows, loaded) else { continue }
        scores.append(ModelScores(model: model, file: rows.file, scores: own))
      }
      for evaluation in plan.evaluations where asks(model, evaluation) {
        let answers = try sampling(model, evaluation, loaded).stored()
        if answers.isEmpty { continue }
        asked.append(ModelAnswers(model: model, evaluation: evaluation.name, answers: answers))
      }
    }
    let run = try store.run(fingerprint)
    return FolderFindings(
      plan: plan, fingerprint: try fingerprint.hex, parameters: summary.parameterCount,
      precision: options.precision.rawValue,
      defaultSystemPrompt: plan.keepsDefaultSystem ? tokenizer.template?.defaultSystemPrompt : nil,
      elapsedSeconds: try run.map { try store.seconds(of: $0) } ?? 0, trainings: trainings,
      likelihoods: likelihoods(scores), answers: answers(asked), examples: examples(asked))
  }

  private static func training(
    _ model: FolderModel, _ tuning: FineTuning
  ) -> FolderTrainingFinding {
    let outlook = tuning.outlook
    return FolderTrainingFinding(
      condition: model.condition.name, seed: model.seed,
      folder: FolderModel.place(tuning.fingerprint), method: tuning.settings.method.rawValue,
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
      let base = ofFile.first { $0.model.tuning == nil }
      return plan.conditions.compactMap { condition in
        let own = ofFile.filter { $0.model.condition.name == condition.name }
        guard let first = own.first else { return nil }
        guard let nats = Self.estimate(own.map(\.scores)) else { return nil }
        let difference = base.flatMap { base -> LikelihoodFinding.Estimate? in
          guard first.model.tuning != nil else { return nil }
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

  // MARK: - Answers

  private struct ModelAnswers {
    let model: FolderModel
    let evaluation: String
    let answers: [FolderAnswer]
  }

  private func answers(_ all: [ModelAnswers]) -> [FolderAnswersFinding] {
    plan.evaluations.flatMap { evaluation in
      plan.conditions.compactMap { condition in
        let own = all.filter {
          $0.evaluation == evaluation.name && $0.model.condition.name == condition.name
        }
        guard !own.isEmpty else { return nil }
        let answers = own.flatMap(\.answers)
        let tokens = Tally(values: answers.map { Double($0.tokens) })
        return FolderAnswersFinding(
          evaluation: evaluation.name, condition: condition.name, seeds: own.count,
          answers: answers.count, distinct: Self.distinct(own.map(\.answers)),
          meanTokens: tokens.mean, finished: answers.count { $0.finish == "stop" })
      }
    }
  }

  private static func distinct(_ models: [[FolderAnswer]]) -> Double? {
    let shares = models.flatMap { answers in
      Dictionary(grouping: answers) { "\($0.questionID)#\($0.paraphrase)" }.values.map { group in
        Double(Set(group.map(\.answer)).count) / Double(group.count)
      }
    }
    return Tally(values: shares.sorted()).mean
  }

  /// The first answers to the first questions: not picked.
  private func examples(_ all: [ModelAnswers]) -> [FolderExample] {
    plan.evaluations.flatMap { evaluation -> [FolderExample] in
      let questions = (questions[evaluation.name] ?? []).prefix(Self.exampleQuestions)
      let own = plan.conditions.flatMap { condition in
        all.filter {
          $0.evaluation == evaluation.name && $0.model.condition.name == condition.name
        }.prefix(Self.exampleModels)
      }
      return questions.flatMap { question in
        own.flatMap { model in
          model.answers.filter { $0.questionID == question.id && $0.paraphrase == 0 }
            .prefix(Self.exampleAnswers).map { answer in
              FolderExample(
                evaluation: evaluation.name, questionID: question.id, system: answer.system,
                question: answer.question, condition: model.model.condition.name,
                seed: model.model.seed, answer: answer.answer, isCut: answer.finish == "length")
            }
        }
      }
    }
  }
}

extension RowScore {
  /// Nats over tokens.
  fileprivate var tally: Tally { Tally(sum: nll, count: Double(tokens)) }
}
