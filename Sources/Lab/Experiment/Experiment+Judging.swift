import Core
import Evaluation
import Plans
import Questions
import Store
import Tuning

/// The judge's reading of a cell's answers.
struct JudgingStage {
  let cell: PlannedAnswers
  let stage: Stage
}

/// Answers of the store with the verdicts on them that it has.
struct PlacedAnswers {
  let cell: PlannedAnswers
  let set: AnswerSet
  /// Whose measurements count: the plan's judge, and what needs none.
  let judges: [StoredJudge]
}

extension AnswerSet {
  /// Whether everything was asked; some of it may have come to no answer.
  func isWhole(of cell: PlannedAnswers) -> Bool {
    answers.count + missing.count == cell.places.count
  }
}

extension Experiment {
  func asking(_ cell: PlannedAnswers) throws -> AskingStage {
    AskingStage(
      stage: cell.stage, answers: cell.run(try maker.open(cell.model), in: store),
      ofDish: cell.asked.families.filter(\.isOfDish).flatMap(\.places), oracle: worlds.oracle)
  }

  /// One a cell, where there is a judge and something to judge.
  func judgingStages() throws -> [JudgingStage] {
    guard let judge else { return [] }
    var known: Set<Fingerprint> = []
    return try maker.cells.compactMap { cell in
      let total = verdictCount(cell.asked)
      guard total > 0, known.insert(cell.stage.fingerprint).inserted else { return nil }
      return JudgingStage(
        cell: cell,
        stage: Stage(
          .judge, "Judging \(cell.stage.name)",
          try Fingerprint(
            of: [
              "judge", cell.stage.fingerprint.hex, judge.name, try judge.weights?.hex ?? "",
            ]), needs: [cell.stage.fingerprint], total: total))
    }
  }

  /// Verdicts that there can be on answers to an evaluation.
  private func verdictCount(_ asked: AskedEvaluation) -> Int {
    asked.questions.reduce(0) { sum, question in
      let answers = question.paraphrases.count * (question.samplesPerParaphrase ?? 1)
      return sum + answers
        * (judge?.address.needsNoPrompts == true ? 1 : question.judgePrompts.count)
    }
  }

  /// The answers that the store has, with the prompts that their judge gets; `nil`: none.
  func answers(of cell: PlannedAnswers) throws -> AnswerSet? {
    guard try maker.isKnown(cell.model) else { return nil }
    let answers = cell.run(try maker.open(cell.model), in: store)
    guard let run = try answers.stored() else { return nil }
    let set = try AnswerSet(run, in: store, keys: answers.keys)
    return set.answers.isEmpty && set.missing.isEmpty
      ? nil : set.judged(by: JudgePrompts(of: cell.asked.questions))
  }

  /// Answers that the store has, with who has read them.
  ///
  /// - Throws: `StageFailure` where answers of a dish are missing: they are this machine's to give.
  func placedAnswers() throws -> [PlacedAnswers] {
    var known: [Fingerprint: AnswerSet] = [:]
    return try maker.cells.compactMap { cell in
      let set = try known[cell.stage.fingerprint] ?? answers(of: cell)
      known[cell.stage.fingerprint] = set
      if plan.isOnDish, set?.isWhole(of: cell) != true {
        throw try unfinished(cell.stage)
      }
      return try set.map { try placed($0, cell) }
    }
  }

  /// Answers with who has read them.
  func placed(_ set: AnswerSet, _ cell: PlannedAnswers) throws -> PlacedAnswers {
    if cell.asked.isOfDish, judge == nil {
      return PlacedAnswers(cell: cell, set: set, judges: [])
    }
    let own = try OwnReading().stored(of: set, in: store)
    let judges = try judge?.lookup.verdicts(on: set, in: store).judges ?? []
    return PlacedAnswers(cell: cell, set: set, judges: own + judges)
  }

  func unfinished(_ stage: Stage) throws -> StageFailure {
    guard try store.run(fingerprint) == nil else { return .unfinished(stage.name) }
    return StageFailure(
      stage: plan.name,
      problem:
        "was not run in this project with these settings: the same --seed, --seeds, --precision and "
        + "--quick find what was")
  }

  func judging(by judge: PlanJudge) -> AnswerJudging {
    AnswerJudging(judge.address, options: options.judging, store: store)
  }

  /// Reads answers that need no judge, and has those judged that are not yet.
  ///
  /// - Returns: what came of each set of answers that was judged.
  func judgeAnswers(
    _ stages: [JudgingStage], _ session: LabSession
  ) async throws -> [JudgingOutcome] {
    for cell in cells.values where !cell.asked.isOfDish {
      guard let set = try answers(of: cell) else { continue }
      _ = try OwnReading().read(set, store: store)
    }
    guard let judge else { return [] }
    var left: [(stage: Stage, set: AnswerSet)] = []
    for judging in stages {
      guard let set = try answers(of: judging.cell) else { continue }
      let verdicts = try judge.lookup.verdicts(on: set, in: store)
      if verdicts.done < verdicts.total { left.append((judging.stage, set)) }
    }
    for judging in stages where !left.contains(where: { $0.stage == judging.stage }) {
      session.meter.skip(judging.stage)
    }
    if left.isEmpty { return [] }
    return try await judgeAnswers(left, judge, session)
  }

  private func judgeAnswers(
    _ left: [(stage: Stage, set: AnswerSet)], _ judge: PlanJudge, _ session: LabSession
  ) async throws -> [JudgingOutcome] {
    for (stage, _) in left {
      try store.mark(stage.fingerprint, .running)
      session.report(.began(session.meter.begin(stage, done: 0)))
    }
    let stages = left.map(\.stage)
    let clock = ContinuousClock()
    let start = clock.now
    defer { try? divide(start.duration(to: clock.now) / .seconds(1), among: stages) }
    let results = try await StageFailure.naming("judge \(judge.name)") {
      try await judging(by: judge).judge(left.map(\.set), stop: stop) { set, done, total in
        let progress = session.meter.advance(stages[set], to: done)
        session.report(.advanced(progress))
        if done == total { session.report(.finished(session.meter.finish(stages[set]))) }
      }
    }
    try session.recordTime()
    for (stage, result) in zip(stages, results) {
      if result.outcome.failures.isEmpty { try store.mark(stage.fingerprint, .done) }
      if let notice = result.counts.flatMap({ StageFailure.troubles($0, stage.name) }) {
        session.report(.notice(notice))
      }
    }
    return results.map(\.outcome)
  }

  /// Stages that are judged together share the time by their verdicts.
  private func divide(_ seconds: Double, among stages: [Stage]) throws {
    let total = Double(max(1, stages.reduce(0) { $0 + $1.total }))
    for stage in stages {
      try store.addSeconds(seconds * Double(stage.total) / total, toStage: stage.fingerprint)
    }
  }
}
