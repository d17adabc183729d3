import Core
import Dish
import Foundation
import Judging
import Plans
import Questions
import Statistics
import Store
import Tuning

extension Experiment {
  /// What the store says about the plan.
  ///
  /// - Throws: `StoreError`; `StageFailure` when it is not all done.
  public func findings() throws -> PlanFindings {
    try FindingsReader(self).findings()
  }
}

/// Reads a plan's results from its store.
private struct FindingsReader {
  let experiment: Experiment
  let rule = ScoringRule.paper
  let cells: [CellAnswers]

  private var plan: Plan { experiment.plan }
  private var seed: UInt64 { experiment.dish.seed }

  init(_ experiment: Experiment) throws {
    self.experiment = experiment
    var read: [Fingerprint: [JudgedText]] = [:]
    let rule = rule
    func answers(_ stage: Stage) throws -> [JudgedText] {
      if let known = read[stage.fingerprint] { return known }
      let oracle = experiment.worlds.oracle
      let answers = try StageAnswers(stage).stored(in: experiment.store, stage).map {
        JudgedText($0.answer, family: $0.place.wording.question.id, oracle: oracle, rule: rule)
      }
      read[stage.fingerprint] = answers
      return answers
    }
    cells = try Self.cells(experiment, answers)
  }

  private static func cells(
    _ experiment: Experiment, _ answers: (Stage) throws -> [JudgedText]
  ) throws -> [CellAnswers] {
    let models = experiment.outline.models
    return try experiment.plan.conditions.flatMap { condition in
      try experiment.plan.evaluations.flatMap { evaluation in
        let own = models.filter {
          $0.condition == condition.name && $0.answers[evaluation.name] != nil
        }
        var places: [Int?] = []
        for model in own where !places.contains(model.place) { places.append(model.place) }
        return try places.sorted { ($0 ?? 0) < ($1 ?? 0) }.map { place in
          CellAnswers(
            cell: PlanCell(condition: condition.name, evaluation: evaluation.name), place: place,
            measure: evaluation.measure,
            models: try own.filter { $0.place == place }.compactMap { model in
              try model.answers[evaluation.name].map { stage in
                CellAnswers.Model(
                  seed: model.seed, families: families(stage, try answers(stage)))
              }
            })
        }
      }
    }
  }

  private static func families(
    _ stage: Stage, _ answers: [JudgedText]
  ) -> [(id: String, title: String, answers: [JudgedText])] {
    let byFamily = Dictionary(grouping: answers, by: \.family)
    return (stage.recipe.asked ?? []).map {
      ($0.family.id, $0.family.title, byFamily[$0.family.id] ?? [])
    }
  }

  func findings() throws -> PlanFindings {
    let table = CellTable(plan: plan, seed: seed, cells: cells)
    let comparisons = table.comparisons
    let predictions = try table.predictions { prediction in
      try StoredPrediction.foretold(
        at: experiment.address(of: prediction), in: experiment.store
      ) { try experiment.wasAsked(prediction, before: $0) }
    }
    let rows = table.rows
    let identity = experiment.worlds.oracle.identity
    let whole = try experiment.store.run(experiment.fingerprint)
    return PlanFindings(
      plan: plan, fingerprint: try experiment.fingerprint.hex, rows: rows,
      comparisons: comparisons, predictions: predictions, examples: table.examples,
      courses: try experiment.courses(),
      judge: JudgeIdentity(
        name: "\(identity.name) \(identity.version)", fingerprint: identity.fingerprint.hex),
      scoringRule: ScoringThresholds(
        coherentAtLeast: rule.coherentAtLeast, misalignedBelow: rule.misalignedBelow),
      summary: PlanSummary(
        plan: plan, rows: rows, comparisons: comparisons, predictions: predictions
      ).text,
      warnings: warnings, settings: try settings(),
      elapsedSeconds: try whole.map { try experiment.store.seconds(of: $0) } ?? 0)
  }

  private var warnings: [String] {
    experiment.dish.isQuick
      ? ["A share of the plan's steps and answers: it shows that everything works, nothing else."]
      : []
  }

  private func settings() throws -> [String: SettingValue] {
    let encoded = try JSONEncoder().encode(experiment.dish)
    var settings = try JSONDecoder().decode([String: SettingValue].self, from: encoded)
    settings["personaWorld"] = .string(experiment.worlds.persona.fingerprint.hex)
    settings["nullWorld"] = .string(experiment.worlds.null.fingerprint.hex)
    return settings
  }
}
