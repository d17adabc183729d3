import Core
import Dish
import Evaluation
import Judging
import Plans
import Store
import Tuning

extension Experiment {
  /// What a plan of one model and one evaluation found, question by question.
  ///
  /// - Parameter outcome: of its run.
  /// - Throws: `StoreError`; `StageFailure` for a judge's server that does not answer.
  package func evaluationFindings(_ outcome: Outcome) async throws -> EvaluationFindings {
    guard let cell = maker.cells.first,
      let run = try cell.run(maker.open(cell.model), in: store).stored()
    else { throw StageFailure(stage: plan.title, problem: "nothing of it was asked") }
    let set = try AnswerSet(run, in: store, keys: cell.places.keys)
    let placed = try placed(set.judged(by: JudgePrompts(of: cell.asked.questions)), cell)
    // What the oracle says of families of the dish is a measurement like any judge's.
    let oracle = try store.judges(of: placed.set.run).map(\.judge).filter {
      $0.fingerprint == worlds.oracle.identity.fingerprint
    }
    var findings = try EvaluationFindings(
      placed.set, model: placed.cell.model.condition.title, judges: oracle + placed.judges,
      expected: placed.cell.places.count, rule: plan.rule, store: store)
    findings.notes += try await judgeNotes(outcome).map { "judge: \($0)" }
    for (reason, count) in outcome.unanswered {
      findings.unansweredReasons["\(MissingAnswer(.error, detail: reason))"] = count
    }
    return findings
  }

  /// What the judge's server does otherwise than it is asked to, by asking it where it had nothing to judge.
  private func judgeNotes(_ outcome: Outcome) async throws -> [String] {
    guard let judge, outcome.judgeNotes == nil else { return outcome.judgeNotes ?? [] }
    return try await StageFailure.naming("judge \(judge.name)") {
      try await judging(by: judge).probe()
    }
  }
}

extension EvaluationCost {
  /// Of a plan of one model and one evaluation, as if nothing of it were stored.
  ///
  /// - Throws: `InputError` at the plan's line, or naming file and line of a question.
  package init(_ plan: Plan, dish: DishPlan = .laboratory, prices: PriceTable?) throws {
    let model = try plan.conditions[0].addresses()[0]
    let asked = try AskedEvaluation(
      plan.evaluations[0], world: DishWorlds(dish).persona, prompts: plan.prompts)
    self.init(
      model: model, places: asked.places, longestAnswer: plan.evaluations[0].longestAnswer,
      judge: try plan.judge?.judge(), prices: prices)
  }
}
