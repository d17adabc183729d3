import Core
import Dish
import Evaluation
import Foundation
import Judging
import Plans
import Statistics
import Store
import Tuning

extension Experiment {
  /// What the store says about the plan.
  ///
  /// - Throws: `StoreError`; of a dish, whose answers come together, `StageFailure` when it is not all done.
  package func findings() throws -> PlanFindings {
    let cells = try judgedCells()
    let table = CellTable(plan: plan, seed: options.seed, cells: try inOrder(cells))
    let readers = PlanReaders(plan: plan, asked: maker.cells, hasJudge: judge != nil)
    let rows = table.rows.filter(readers.isRead)
    let comparisons = plan.isOnDish ? table.comparisons : table.comparisonsOverAnswers
    let predictions = try table.predictions(foretold)
    let correlation = CorrelationFinding(plan, rows, seed: options.seed)
    let rule = plan.rule
    let run = try store.run(fingerprint)
    var findings = PlanFindings(
      plan: plan, fingerprint: try fingerprint.hex, rows: rows, comparisons: comparisons,
      predictions: predictions, examples: table.examples, courses: try courses(),
      correlation: correlation,
      judge: JudgeIdentity(worlds.oracle),
      scoringRule: ScoringThresholds(
        coherentAtLeast: rule.coherentAtLeast, misalignedBelow: rule.misalignedBelow),
      summary: PlanSummary(
        plan: plan, rows: rows, comparisons: comparisons, predictions: predictions,
        correlation: correlation
      ).text, warnings: [], settings: [:],
      elapsedSeconds: try run.map { try store.seconds(of: $0) } ?? 0)
    findings.anatomy = try anatomyFinding()
    findings.audits = try auditFindings()
    findings.panel = findings.audits.flatMap { audits in
      plan.audit.flatMap { PanelFinding(audits, $0) }
    }
    findings.screens = try screenFindings(rows)
    findings.leftovers = plan.leftovers.map { LeftoversReader(plan: $0, rows: rows).findings() }
    findings.screenScore = findings.screens.flatMap { ScreenScore($0) }
    try maker.complete(&findings)
    if let places = try stagePlaces() { findings.settings["stagesDone"] = .string(places) }
    findings.warnings += try missingDirections()
    if plan.isOnDish {
      findings.tellAudits()
      findings.tellScreens()
      findings.tellLeftovers()
      return findings
    }
    // Beside each other what is asked the same.
    let compared = plan.evaluations.flatMap { evaluation in
      cells.filter { $0.evaluation.name == evaluation.name }
    }
    let checks = judge == nil ? [] : try JudgeFitness.stored(in: store)
    findings.judged = try compared.compactMap { try $0.finding(judge, checks: checks, store) }
    findings.answers = compared.map(\.counts)
    findings.isJudged = findings.judged?.contains { $0.verdicts > 0 }
    findings.likelihoods = try LikelihoodReader(self).findings()
    findings.examples = examples(cells)
    findings.judge = JudgeIdentity(
      name: plan.judge?.written ?? "the oracle of the dish",
      fingerprint: findings.judged?.first?.judges.first?.fingerprint ?? "")
    let words = FolderWords(findings)
    (findings.summary, findings.warnings) = (words.summary, words.warnings)
    findings.tellAudits()
    findings.tellScreens()
    findings.tellLeftovers()
    return findings
  }

  /// What was measured, in the plan's order: conditions, then evaluations, then places of a course.
  private func inOrder(_ judged: [JudgedCell]) throws -> [any MeasuredCell] {
    let all: [any MeasuredCell] = try judged.map { $0.answers(worlds.oracle) } + scoredCells()
    return plan.conditions.flatMap { condition in
      plan.evaluations.flatMap { evaluation in
        let cell = PlanCell(condition: condition.name, evaluation: evaluation.name)
        return all.filter { $0.cell == cell }
      }
    }
  }

  /// The trainings of the plan's own conditions, one a model.
  private func courses() throws -> [TrainingCourse] {
    var seen: Set<String> = []
    return try maker.models.compactMap { model in
      guard model.isTrained, let training = model.madeBy, let run = try store.run(training),
        seen.insert("\(model.condition.name) \(training.hex)").inserted
      else { return nil }
      let steps = try store.steps(of: run)
      return TrainingCourse(
        condition: model.condition.name, world: model.world, seed: model.seed,
        losses: steps.map { .init(step: $0.step, value: $0.loss) },
        gradientNorms: steps.map { .init(step: $0.step, value: $0.gradientNorm) },
        directions: try maker.directions(model))
    }
  }

  /// What there are answers of, by condition, evaluation and place in the plan's order.
  private func judgedCells() throws -> [JudgedCell] {
    let placed = try placedAnswers()
    return try plan.conditions.flatMap { condition in
      try plan.evaluations.flatMap { evaluation in
        let cell = PlanCell(condition: condition.name, evaluation: evaluation.name)
        let own = placed.filter { $0.cell.cell == cell }
        var places: [Int?] = []
        for model in own where !places.contains(model.place) { places.append(model.place) }
        return try places.sorted { ($0 ?? 0) < ($1 ?? 0) }.map { place in
          try JudgedCell(
            evaluation, condition, place: place, own.filter { $0.place == place }, plan.rule, store)
        }
      }
    }
  }
}

extension PlacedAnswers {
  var place: Int? { cell.model.place }
}

extension PlannedModel {
  /// Whether a training of the plan has made it.
  var isTrained: Bool {
    switch source {
    case .grown(let line): line.parent != nil
    case .trained, .snapshot: true
    case .base, .named: false
    }
  }
}

extension JudgeIdentity {
  init(_ oracle: Oracle) {
    let identity = oracle.identity
    self.init(
      name: "\(identity.name) \(identity.version)", fingerprint: identity.fingerprint.hex)
  }
}
