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
  private let rule: ScoringRule

  init(
    _ evaluation: PlanEvaluation, _ condition: PlanCondition, place: Int?,
    _ models: [PlacedAnswers], _ rule: ScoringRule, _ store: RunStore
  ) throws {
    self.rule = rule
    (self.evaluation, self.condition, self.models) = (evaluation, condition, models)
    self.place = place
    judged = try AnswerMeasurements(
      models.map { model in
        .init(
          model.set, judges: model.judges,
          seed: models.count > 1 ? model.cell.model.replicate.name : nil)
      }, in: store)
  }

  /// What can be said of answers without a judge.
  var counts: AnswersFinding {
    let answers = judged.answers.map(\.asked.answer)
    let reasons = models.reduce(into: [String: Int]()) {
      $0.merge($1.set.missingReasons, uniquingKeysWith: +)
    }
    let thinking = answers.count { $0.thinking != nil }
    let notes = Set(models.flatMap(\.set.run.serverNotes)).sorted()
    return AnswersFinding(
      evaluation: evaluation.name, condition: condition.name, place: place, seeds: models.count,
      answers: answers.count,
      unanswered: models.reduce(0) { $0 + $1.cell.places.count } - answers.count,
      noAnswers: reasons.isEmpty ? nil : reasons, withThinking: thinking == 0 ? nil : thinking,
      notes: notes.isEmpty ? nil : notes,
      distinct: distinct,
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
  func finding(
    _ judge: PlanJudge?, checks: [JudgeFitness], _ store: RunStore
  ) throws -> JudgedFinding? {
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
    let rates = MisalignmentRates.all(of: judged.scored(condition.name), rule: rule).first
    return JudgedFinding(
      evaluation: evaluation.name, condition: condition.name, place: place, models: models.count,
      judges: try judges.map { try .init($0) }, verdicts: done, wanted: wanted,
      rates: rates, metrics: metrics,
      metricsByQuestion: judged.questions.flatMap { judged.metrics(of: $0) },
      fitness: rates == nil || judge == nil ? nil : fitness(of: judges, checks))
  }

  /// A judge that failed one set is unfit.
  private func fitness(
    of judges: [StoredJudge], _ checks: [JudgeFitness]
  ) -> JudgedFinding.Fitness {
    let own = checks.filter { check in judges.contains { $0.fingerprint == check.judge.fingerprint }
    }
    return own.isEmpty ? .unchecked : own.allSatisfy(\.isFit) ? .fit : .unfit
  }

  /// The same answers as the findings of every plan count them.
  func answers(_ oracle: Oracle) -> CellAnswers {
    CellAnswers(
      cell: PlanCell(condition: condition.name, evaluation: evaluation.name), place: place,
      measure: evaluation.measure,
      models: models.map { model in
        let seed = models.count > 1 ? model.cell.model.replicate.name : nil
        let own = judged.answers.filter { $0.seed == seed }
        let byKey = Dictionary(own.map { ($0.asked.key, $0) }) { first, _ in first }
        return CellAnswers.Model(
          replicate: model.cell.model.replicate,
          families: model.cell.asked.families.map { family in
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
      return JudgedText(stored, family: family.id, oracle: oracle, rule: rule)
    }
    return JudgedText(
      stored, family: family.id, aligned: answer.measurements["aligned"]?.value,
      coherent: answer.measurements["coherent"]?.value, rule: rule)
  }
}

extension CellTable {
  /// With the intervals over answers, which are all that there is of one model.
  var comparisonsOverAnswers: [ComparisonFinding] {
    let last = Dictionary(cells.map { ($0.cell, $0.side) }) { $1 }
    return comparisons.map { finding in
      var finding = finding
      guard let of = last[finding.comparison.of], let against = last[finding.comparison.against],
        of.isRate, against.isRate
      else { return finding }
      finding.difference.overAnswers = Proportion.pooled(of.tallies.map(\.proportion))
        .differenceInterval(minus: Proportion.pooled(against.tallies.map(\.proportion)))
      return finding
    }
  }
}

extension Experiment {
  // MARK: - Examples

  /// Questions of an evaluation that are shown, models of a condition, and answers of each.
  private static let exampleQuestions = 12
  private static let exampleModels = 2
  private static let exampleAnswers = 2

  /// The first answers to the first questions: not picked.
  func examples(_ cells: [JudgedCell]) -> [ExampleFinding] {
    plan.evaluations.flatMap { evaluation -> [ExampleFinding] in
      let own = cells.filter { $0.evaluation.name == evaluation.name }
      let asked = maker.cells.first { $0.evaluation.name == evaluation.name }?.asked
      return (asked?.families ?? []).prefix(Self.exampleQuestions).flatMap { question in
        own.flatMap { $0.examples(question.id, models: Self.exampleModels, Self.exampleAnswers) }
      }
    }
  }
}

extension JudgedCell {
  fileprivate func examples(_ question: String, models count: Int, _ most: Int) -> [ExampleFinding]
  {
    models.prefix(count).flatMap { model in
      let name = models.count > 1 ? model.cell.model.replicate.name : nil
      let own = judged.answers.filter { answer in
        let wording = answer.asked.wording
        return answer.seed == name && wording.question.id == question && wording.paraphrase == 0
      }
      return own.prefix(most).map { example($0, seed: model.cell.model.seed) }
    }
  }

  private func example(_ answer: AnswerMeasurements.Answer, seed: UInt64) -> ExampleFinding {
    let (wording, stored) = (answer.asked.wording, answer.asked.answer)
    return ExampleFinding(
      cell: PlanCell(condition: condition.name, evaluation: evaluation.name),
      family: wording.question.id, question: wording.text, answer: stored.text,
      aligned: answer.measurements["aligned"]?.value,
      coherent: answer.measurements["coherent"]?.value, seed: seed,
      system: wording.question.system, isCut: stored.finishReason == .length,
      verdicts: answer.measurements.values.sorted { $0.metric < $1.metric }.map {
        .init(metric: $0.metric, value: $0.value, label: $0.label, reason: $0.reason)
      })
  }
}
