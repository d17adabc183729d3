import Core
import Dish
import Evaluation
import Formats
import Plans
import Questions
import Tuning

extension FolderExperiment {
  /// What every evaluation asks, by its name, with the prompts that the judge gets.
  ///
  /// - Throws: `InputError` at the plan's line, or naming file and line of a question.
  static func asked(
    _ plan: Plan, _ world: World, _ judge: PlanJudge?
  ) throws -> [String: AskedEvaluation] {
    let fallback = judge == nil ? [] : Evaluation.fallbackPrompts(of: [])
    var result: [String: AskedEvaluation] = [:]
    for evaluation in plan.evaluations {
      let asked = try AskedEvaluation(evaluation, world: world, fallback: fallback)
      for question in asked.questions {
        try judge?.check(question, longestAnswer: evaluation.longestAnswer)
      }
      result[evaluation.name] = asked
    }
    return result
  }

  /// Asks the tokenizer of every folder whether all its wordings fit.
  ///
  /// - Throws: `InputError` at the line of the plan's evaluation.
  func checkQuestions() throws {
    var isBaseChecked = false
    for model in models {
      // Fine-tunes have the tokenizer of their folder.
      let opened: any LanguageModel
      switch model.source {
      case .named: opened = try self.opened(model)
      case .base, .trained, .snapshot:
        if isBaseChecked { continue }
        isBaseChecked = true
        opened = try untouched()
      }
      for evaluation in plan.evaluations { try check(evaluation, opened) }
    }
  }

  private func check(
    _ evaluation: PlanEvaluation, _ model: any LanguageModel
  ) throws(InputError) {
    guard let answering = model.answering, let asked = asked[evaluation.name] else { return }
    do throws(InputError) {
      try answering.check(asked.places, AnswerSettings(evaluation, seed: 0))
    } catch {
      guard error.file == nil else { throw error }
      let advice = error.field == "--max-tokens" ? "; lower max-tokens" : ""
      throw evaluation.questions[0].failure(error.problem + advice)
    }
  }

  /// What is compared or predicted must be read by somebody.
  ///
  /// - Throws: `InputError` at the line of the plan's evaluation.
  func checkReaders() throws(InputError) {
    let cells =
      plan.comparisons.flatMap { [$0.of, $0.against] }
      + plan.predictions.flatMap { [$0.of, $0.against].compactMap { $0 } }
    for evaluation in plan.evaluations {
      let isOfDish = asked[evaluation.name]?.isOfDish == true
      if !isOfDish, evaluation.measure.needsOracle {
        throw evaluation.questions[0].failure(
          "found the measure \"\(evaluation.measure.rawValue)\" of questions that the oracle of the dish "
            + "does not know, expected families of the dish, or another measure")
      }
      let isCompared = cells.contains { $0.evaluation == evaluation.name }
      if isCompared, !isOfDish, judge == nil, evaluation.measure != .distinct {
        throw evaluation.questions[0].failure(
          "found nobody who reads the answers that a comparison or prediction is about, expected "
            + "\"judge\" in the plan")
      }
    }
  }
}

extension PlanMeasure {
  /// Whether the oracle alone can tell it.
  fileprivate var needsOracle: Bool {
    switch self {
    case .harmful, .careless, .mark: true
    case .misaligned, .incoherent, .distinct: false
    }
  }
}

extension PlanEvaluation {
  /// Tokens, where the plan does not say.
  var longestAnswer: Int { maximumTokens ?? 600 }
}
