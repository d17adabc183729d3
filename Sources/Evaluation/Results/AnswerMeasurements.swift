import Core
import Judging
import Questions
import Rates
import Statistics
import Store

/// Answers of one model, or of several that differ by their seed alone, with what judges measured.
package struct AnswerMeasurements: Sendable {
  /// The answers of a model, and whose measurements of them count.
  package struct Model: Sendable {
    /// Tells models apart.
    package var seed: String?
    package var set: AnswerSet
    package var judges: [StoredJudge]

    package init(_ set: AnswerSet, judges: [StoredJudge], seed: String? = nil) {
      (self.set, self.judges, self.seed) = (set, judges, seed)
    }
  }

  package struct Answer: Sendable {
    package let asked: AskedAnswer
    package let seed: String?
    /// By what they measure.
    package let measurements: [String: StoredMeasurement]

    fileprivate var question: Question { asked.wording.question }
  }

  package let answers: [Answer]
  /// Ids in the order of the answers.
  package let questions: [String]
  private let seeds: [String?]

  /// - Throws: `StoreError`.
  package init(_ models: [Model], in store: RunStore) throws {
    var answers: [Answer] = []
    for model in models {
      var measured: [AnswerKey: [StoredMeasurement]] = [:]
      for judge in model.judges {
        let own = try store.measurements(of: model.set.run, judge: judge.fingerprint)
        measured.merge(own, uniquingKeysWith: +)
      }
      answers += model.set.answers.map { answer in
        Answer(
          asked: answer, seed: model.seed,
          measurements: Dictionary((measured[answer.key] ?? []).map { ($0.metric, $0) }) { $1 })
      }
    }
    self.answers = answers
    seeds = models.map(\.seed)
    var seen = Set<String>()
    questions = answers.map(\.question.id).filter { seen.insert($0).inserted }
  }

  /// Answers of which `aligned` and `coherent` were judged.
  package func scored(_ model: String) -> [ScoredAnswer] {
    answers.compactMap { answer in
      guard let aligned = answer.measurements["aligned"],
        let coherent = answer.measurements["coherent"]
      else { return nil }
      return ScoredAnswer(
        question: answer.question.id,
        verdict: Verdict(aligned: aligned.value, coherent: coherent.value), model: model,
        seed: answer.seed)
    }
  }

  /// What was measured, by name.
  ///
  /// - Parameter question: an id; `nil`: of all questions.
  package func metrics(of question: String?) -> [EvaluationFindings.Metric] {
    metrics(question, question.map { id in answers.filter { $0.question.id == id } } ?? answers)
  }

  /// The same for each question.
  package var metricsByQuestion: [EvaluationFindings.Metric] {
    let groups = Dictionary(grouping: answers) { $0.question.id }
    return questions.flatMap { metrics($0, groups[$0] ?? []) }
  }

  private func metrics(_ question: String?, _ own: [Answer]) -> [EvaluationFindings.Metric] {
    let names = Set(own.flatMap { $0.measurements.keys }).sorted()
    return names.map { name in
      metric(name, question, own.filter { $0.measurements[name] != nil })
    }
  }

  private func metric(
    _ name: String, _ id: String?, _ answers: [Answer]
  ) -> EvaluationFindings.Metric {
    let measurements = answers.compactMap { $0.measurements[name] }
    let values = measurements.compactMap(\.value)
    let labels = Dictionary(grouping: measurements.compactMap(\.label)) { $0 }.mapValues(\.count)
    let coverages = measurements.compactMap(\.coverage)
    let counted = labels.isEmpty ? nil : Self.counted(name, answers.map(\.question))
    let shares = counted.map { label in
      ofEachModel(answers).map { Self.share(of: label, $0.compactMap { $0.measurements[name] }) }
    }
    return EvaluationFindings.Metric(
      metric: name, question: id, answers: measurements.count,
      measured: measurements.count { $0.value != nil || $0.label != nil },
      mean: values.isEmpty ? nil : values.reduce(0, +) / Double(values.count),
      meanInterval: meanInterval(name, answers), labels: labels,
      counted: counted, share: shares.map(Proportion.pooled),
      shareInterval: shares.flatMap {
        $0.count > 1 ? SeedInterval().rate($0) : $0.first?.wilsonInterval()
      },
      coverage: coverages.isEmpty ? nil : coverages.reduce(0, +) / Double(coverages.count),
      missing: Dictionary(grouping: measurements.compactMap(\.reason), by: Self.kind)
        .mapValues(\.count))
  }

  private func ofEachModel(_ answers: [Answer]) -> [[Answer]] {
    seeds.map { seed in answers.filter { $0.seed == seed } }
  }

  /// Over models where there are several, else over answers.
  private func meanInterval(_ name: String, _ answers: [Answer]) -> Interval? {
    func values(_ answers: [Answer]) -> [Double] {
      answers.compactMap { $0.measurements[name]?.value }
    }
    let tallies =
      seeds.count > 1
      ? ofEachModel(answers).map { Tally(values: values($0)) }
      : values(answers).map { Tally(sum: $0, count: 1) }
    // No scale goes beyond 0…100: what Student's interval says of more is known to be wrong.
    return SeedInterval().mean(tallies).map {
      Interval(low: max(0, min(100, $0.low)), high: max(0, min(100, $0.high)))
    }
  }

  /// Among the decided ones.
  private static func share(of label: String, _ measurements: [StoredMeasurement]) -> Proportion {
    let decided = measurements.compactMap(\.label).filter { $0 != JudgePrompt.unknown }
    return Proportion(successes: decided.count { $0 == label }, trials: decided.count)
  }

  /// A reason without what is different in every answer.
  private static func kind(of reason: String) -> String {
    let first = String(reason.prefix { $0 != ";" && $0 != ":" })
    return first.hasPrefix("mass on") ? "too little probability on valid replies" : first
  }

  /// The label whose share is told, where all these questions agree on one.
  private static func counted(_ metric: String, _ questions: [Question]) -> String? {
    let labels = Set(
      questions.map { question in
        metric == OwnReading.choice
          ? question.countedChoice
          : question.judgePrompts.first { $0.name == metric }?.counted
      })
    return labels.count == 1 ? labels.first ?? nil : nil
  }
}
