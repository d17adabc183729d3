import Core
import Judging
import Questions
import Rates
import Store
import Tuning

extension EvaluationFindings {
  /// Counts what judges have measured of answers.
  ///
  /// - Parameters:
  ///   - judges: whose measurements count.
  ///   - expected: answers that were asked for.
  /// - Throws: `StoreError`.
  package init(
    _ set: AnswerSet, model: String, judges: [StoredJudge], expected: Int,
    rule: ScoringRule = .paper, store: RunStore
  ) throws {
    let judged = try AnswerMeasurements([.init(set, judges: judges)], in: store)
    self.model = model
    run = set.run.fingerprint.hex
    identity = set.run.modelUse?.identity.identity.hex
    questions = judged.questions.count
    answers = set.answers.count
    unanswered = max(0, expected - set.answers.count)
    unansweredReasons = set.missingReasons
    withThinking = set.answers.count { $0.answer.thinking != nil }
    notes = set.run.serverNotes
    self.rule = rule
    self.judges = try judges.map { try JudgeSummary($0) }
    rates = MisalignmentRates.all(of: judged.scored(model), rule: rule).first
    metrics = judged.metrics(of: nil)
    metricsByQuestion = judged.metricsByQuestion
    examples = EvaluationExample.first(3, of: judged.answers, rule: rule)
  }
}

extension EvaluationFindings.JudgeSummary {
  /// - Throws: for text that JSON cannot hold, of which there is none.
  package init(_ judge: StoredJudge) throws {
    let description = JudgeDescription(judge)
    var prompts: [String: String] = [:]
    for prompt in description?.prompts ?? [] { prompts[prompt.name] = try prompt.fingerprint.hex }
    self.init(
      fingerprint: judge.fingerprint.hex, rule: description?.rule ?? "dish oracle",
      version: description?.version ?? 0, model: description?.model, prompts: prompts)
  }
}
