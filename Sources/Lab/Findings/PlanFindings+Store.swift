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
    let comparisons = self.comparisons
    let predictions = try self.predictions()
    let rows = cells.map(row)
    let identity = experiment.worlds.oracle.identity
    let whole = try experiment.store.run(experiment.fingerprint)
    return PlanFindings(
      plan: plan, fingerprint: try experiment.fingerprint.hex, rows: rows,
      comparisons: comparisons, predictions: predictions, examples: examples,
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

  private func row(_ cell: CellAnswers) -> FindingRow {
    let all = cell.models.flatMap(\.all)
    let condition = plan.conditions.first { $0.name == cell.cell.condition }
    let families = cell.models.first?.families.indices ?? 0..<0
    return FindingRow(
      cell: cell.cell, place: cell.place, x: cell.place.map(Double.init) ?? condition?.x,
      seeds: cell.models.count, answers: all.count, coherent: all.count { $0.reading.counts },
      measured: cell.estimate(seed: seed), misalignedOfAll: cell.misalignedOfAll(seed: seed),
      coherentFraction: Proportion(
        successes: all.count { $0.reading.counts }, trials: all.count
      ).rate,
      perSeed: cell.models.map { model in
        SeedFinding(
          seed: model.seed, value: cell.measure.tally(model.all).mean, answers: model.all.count,
          coherent: model.all.count { $0.reading.counts })
      },
      perFamily: families.compactMap { cell.family($0, seed: seed) }, labels: labels(all))
  }

  private func labels(_ answers: [JudgedText]) -> [String: Int] {
    var counts: [String: Int] = [:]
    for answer in answers where answer.reading == .misaligned {
      if let label = answer.said?.label { counts[label, default: 0] += 1 }
    }
    return counts
  }

  /// The answers of a cell after the last step or generation.
  private func last(_ cell: PlanCell) -> CellAnswers? {
    cells.last { $0.cell == cell }
  }

  private var comparisons: [ComparisonFinding] {
    plan.comparisons.compactMap { comparison -> ComparisonFinding? in
      guard let of = last(comparison.of), let against = last(comparison.against) else { return nil }
      return CellContrast(of: of.side, against: against.side, seed: seed).finding(comparison)
    }.holmAdjusted
  }

  private func predictions() throws -> [PredictionFinding] {
    try plan.predictions.compactMap { prediction in
      guard let of = last(prediction.of) else { return nil }
      let address = try experiment.address(of: prediction)
      let run = try experiment.store.run(address)
      let stored = run?.created ?? Date()
      let value =
        prediction.against.flatMap(last).map {
          CellContrast(of: of.side, against: $0.side, seed: seed).difference
        } ?? of.estimate(seed: seed)
      return PredictionFinding(
        prediction: prediction, value: value,
        held: value.value.map(prediction.holds), isCertain: prediction.isCertain(value.overSeeds),
        fingerprint: address.hex, stored: stored.timeIntervalSince1970,
        isLate: try experiment.isLate(run))
    }
  }

  /// The first answer of the first model to each family: chosen by this rule and not by hand.
  private var examples: [ExampleFinding] {
    cells.filter { $0.place == nil || last($0.cell)?.place == $0.place }.flatMap { cell in
      (cell.models.first?.families ?? []).compactMap { family in
        family.answers.first.map { answer in
          ExampleFinding(
            cell: cell.cell, family: family.title, question: answer.answer.prompt,
            answer: answer.answer.text, aligned: answer.aligned, coherent: answer.coherent)
        }
      }
    }
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

extension PlanPrediction {
  func holds(_ value: Double) -> Bool {
    direction == .above ? value > threshold : value < threshold
  }

  /// Whether all of the interval is on the predicted side.
  func isCertain(_ interval: Interval?) -> Bool {
    guard let interval else { return false }
    return holds(interval.low) && holds(interval.high)
  }
}
