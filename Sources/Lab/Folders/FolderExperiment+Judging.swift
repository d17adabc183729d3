import Core
import Evaluation
import Plans
import Questions
import Store

/// Answers of the store with the verdicts on them that it has.
struct PlacedAnswers {
  let place: AskedCell
  let set: AnswerSet
  /// Whose measurements count: the plan's judge, and what needs none.
  let judges: [StoredJudge]
}

extension FolderExperiment {
  func judgingName(_ model: FolderModel, _ evaluation: PlanEvaluation) -> String {
    "Judging \(samplingName(model, evaluation))"
  }

  /// Verdicts that there can be on answers to an evaluation.
  func verdictCount(_ evaluation: PlanEvaluation) -> Int {
    (asked[evaluation.name]?.questions ?? []).reduce(0) { sum, question in
      let answers = question.paraphrases.count * (question.samplesPerParaphrase ?? 1)
      return sum + answers * (judge?.address == .dish ? 1 : question.judgePrompts.count)
    }
  }

  /// Answers of trained models that the store has.
  func placedAnswers() throws -> [PlacedAnswers] {
    try models.filter(isTrained).flatMap { model in
      try places(model, opened(model)).compactMap { place in
        guard let set = try answers(at: place) else { return nil }
        let own = try OwnReading().stored(of: set, in: store)
        let judges = try judge?.lookup.verdicts(on: set, in: store).judges ?? []
        return PlacedAnswers(place: place, set: set, judges: own + judges)
      }
    }
  }

  func judging(by judge: PlanJudge) -> AnswerJudging {
    AnswerJudging(judge.address, options: options.judging, store: store)
  }

  /// Reads answers that need no judge, and has those judged that are not yet.
  ///
  /// - Returns: why a server's verdicts are missing, with how many.
  func judgeAnswers(_ meter: FolderMeter) async throws -> [String: Int] {
    let placed = try placedAnswers()
    for answers in placed {
      _ = try OwnReading().read(answers.set, store: store)
      let ofDish = (asked[answers.place.evaluation.name]?.families ?? []).filter(\.isOfDish)
      try OracleReading(oracle: worlds.oracle)
        .read(ofDish.flatMap(\.places), of: answers.set.run, in: store)
    }
    guard let judge else { return [:] }
    let left = try placed.filter { answers in
      let verdicts = try judge.lookup.verdicts(on: answers.set, in: store)
      return verdicts.done < verdicts.total
    }
    if left.isEmpty { return [:] }
    let names = left.map { judgingName($0.place.model, $0.place.evaluation) }
    report(.began(meter.begin(names[0])))
    let report = report
    let results = try await Self.naming("judge \(judge.name)") {
      try await judging(by: judge).judge(left.map(\.set), stop: stop) { set, done, total in
        report(.advanced(meter.advance(names[set], to: done)))
        if done == total { report(.finished(meter.advance(names[set], to: done))) }
      }
    }
    for (name, result) in zip(names, results) {
      if let counts = result.counts { tell(counts, name) }
    }
    return results.reduce(into: [:]) { failures, result in
      failures.merge(result.outcome.failures, uniquingKeysWith: +)
    }
  }
}
