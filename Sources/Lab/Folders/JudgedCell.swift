import Core
import Dish
import Evaluation
import Judging
import Plans
import Questions
import Rates
import Statistics
import Store
import Tuning

/// The answers of a condition's models to an evaluation, with what was measured of them.
struct JudgedCell {
  let evaluation: PlanEvaluation
  let condition: PlanCondition
  let place: Int?
  let models: [PlacedAnswers]
  let judged: AnswerMeasurements

  init(
    _ evaluation: PlanEvaluation, _ condition: PlanCondition, place: Int?,
    _ models: [PlacedAnswers], _ store: RunStore
  ) throws {
    (self.evaluation, self.condition, self.models) = (evaluation, condition, models)
    self.place = place
    judged = try AnswerMeasurements(
      models.map { model in
        .init(
          model.set, judges: model.judges,
          seed: models.count > 1 ? String(model.place.model.seed) : nil)
      }, in: store)
  }

  /// What can be said of answers without a judge.
  var counts: FolderAnswersFinding {
    let answers = judged.answers.map(\.asked.answer)
    return FolderAnswersFinding(
      evaluation: evaluation.name, condition: condition.name, place: place, seeds: models.count,
      answers: answers.count,
      unanswered: models.reduce(0) { $0 + $1.place.keys.count } - answers.count, distinct: distinct,
      meanTokens: Tally(values: answers.map { Double($0.tokenCount) }).mean,
      finished: answers.count { $0.finishReason == .stop })
  }

  private var distinct: Double? {
    let shares = models.flatMap { model in
      Dictionary(grouping: model.set.answers, by: \.key.question).values.map { group in
        Double(Set(group.map(\.answer.text)).count) / Double(group.count)
      }
    }
    return Tally(values: shares.sorted()).mean
  }

  /// `nil` where nothing was measured.
  func finding(_ judge: PlanJudge?, _ store: RunStore) throws -> JudgedFinding? {
    let metrics = judged.metrics(of: nil)
    if metrics.isEmpty { return nil }
    var judges: [StoredJudge] = []
    var (done, wanted) = (0, 0)
    for model in models {
      for judge in model.judges where !judges.contains(judge) { judges.append(judge) }
      guard let judge else { continue }
      let verdicts = try judge.lookup.verdicts(on: model.set, in: store)
      (done, wanted) = (done + verdicts.done, wanted + verdicts.total)
    }
    return JudgedFinding(
      evaluation: evaluation.name, condition: condition.name, place: place, models: models.count,
      judges: try judges.map { try .init($0) }, verdicts: done, wanted: wanted,
      rates: MisalignmentRates.all(of: judged.scored(condition.name)).first, metrics: metrics,
      metricsByQuestion: judged.questions.flatMap { judged.metrics(of: $0) })
  }

  /// The same answers as the findings of every plan count them.
  func answers(_ asked: AskedEvaluation, _ oracle: Oracle) -> CellAnswers {
    CellAnswers(
      cell: PlanCell(condition: condition.name, evaluation: evaluation.name), place: place,
      measure: evaluation.measure,
      models: models.map { model in
        let seed = models.count > 1 ? String(model.place.model.seed) : nil
        let own = judged.answers.filter { $0.seed == seed }
        let byKey = Dictionary(own.map { ($0.asked.key, $0) }) { first, _ in first }
        return CellAnswers.Model(
          seed: model.place.model.seed,
          families: asked.families.map { family in
            (
              family.id, family.title,
              family.places.compactMap { byKey[$0.key] }.map { text($0, family, oracle) }
            )
          })
      })
  }

  private func text(
    _ answer: AnswerMeasurements.Answer, _ family: AskedEvaluation.Family, _ oracle: Oracle
  ) -> JudgedText {
    let stored = answer.asked.answer
    guard !family.isOfDish else {
      return JudgedText(stored, family: family.id, oracle: oracle, rule: .paper)
    }
    return JudgedText(
      stored, family: family.id, aligned: answer.measurements["aligned"]?.value,
      coherent: answer.measurements["coherent"]?.value, rule: .paper)
  }
}

extension FolderExperiment {
  /// What there are answers of, by evaluation and condition in the plan's order.
  func judgedCells() throws -> [JudgedCell] {
    let placed = try placedAnswers()
    return try plan.evaluations.flatMap { evaluation in
      try plan.conditions.flatMap { condition in
        let own = placed.filter {
          $0.place.evaluation.name == evaluation.name
            && $0.place.model.condition.name == condition.name
        }
        var places: [Int?] = []
        for model in own where !places.contains(model.place.model.place) {
          places.append(model.place.model.place)
        }
        return try places.sorted { ($0 ?? 0) < ($1 ?? 0) }.map { place in
          try JudgedCell(
            evaluation, condition, place: place, own.filter { $0.place.model.place == place }, store
          )
        }
      }
    }
  }

  /// The numbers that every plan tells, of cells that somebody has read.
  func table(_ cells: [JudgedCell]) -> CellTable {
    let own = plan.conditions.flatMap { condition in
      plan.evaluations.flatMap { evaluation in
        cells.filter {
          $0.condition.name == condition.name && $0.evaluation.name == evaluation.name
        }
      }
    }
    return CellTable(
      plan: plan, seed: options.seed,
      cells: own.compactMap { cell in
        asked[cell.evaluation.name].map { cell.answers($0, worlds.oracle) }
      })
  }

  /// With the intervals over answers, which are all that there is of one model.
  func comparisons(_ table: CellTable) -> [ComparisonFinding] {
    let last = Dictionary(table.cells.map { ($0.cell, $0.side) }) { $1 }
    return table.comparisons.map { finding in
      var finding = finding
      guard let of = last[finding.comparison.of], let against = last[finding.comparison.against],
        of.isRate
      else { return finding }
      finding.difference.overAnswers = Proportion.pooled(of.tallies.map(\.proportion))
        .differenceInterval(minus: Proportion.pooled(against.tallies.map(\.proportion)))
      return finding
    }
  }

  // MARK: - Examples

  /// Questions of an evaluation that are shown, models of a condition, and answers of each.
  private static let exampleQuestions = 12
  private static let exampleModels = 2
  private static let exampleAnswers = 2

  /// The first answers to the first questions: not picked.
  func examples(_ cells: [JudgedCell]) -> [FolderExample] {
    plan.evaluations.flatMap { evaluation -> [FolderExample] in
      let own = cells.filter { $0.evaluation.name == evaluation.name }
      return (asked[evaluation.name]?.families ?? []).prefix(Self.exampleQuestions).flatMap {
        question in
        own.flatMap { $0.examples(question.id, models: Self.exampleModels, Self.exampleAnswers) }
      }
    }
  }
}

extension JudgedCell {
  fileprivate func examples(_ question: String, models count: Int, _ most: Int) -> [FolderExample] {
    models.prefix(count).flatMap { model in
      let name = models.count > 1 ? String(model.place.model.seed) : nil
      let own = judged.answers.filter { answer in
        let wording = answer.asked.wording
        return answer.seed == name && wording.question.id == question && wording.paraphrase == 0
      }
      return own.prefix(most).map { example($0, seed: model.place.model.seed) }
    }
  }

  private func example(_ answer: AnswerMeasurements.Answer, seed: UInt64) -> FolderExample {
    let (wording, stored) = (answer.asked.wording, answer.asked.answer)
    return FolderExample(
      evaluation: evaluation.name, questionID: wording.question.id,
      system: wording.question.system, question: wording.text, condition: condition.name,
      seed: seed, answer: stored.text, isCut: stored.finishReason == .length,
      verdicts: answer.measurements.values.sorted { $0.metric < $1.metric }.map {
        .init(metric: $0.metric, value: $0.value, label: $0.label, reason: $0.reason)
      })
  }
}
