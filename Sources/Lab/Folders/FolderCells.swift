import Core
import Dish
import Evaluation
import Plans
import Questions
import Store
import Tuning

/// What the models of a plan are asked that were not grown in a dish.
struct FolderCells {
  private let plan: Plan
  private let opening: FolderOpening
  private let seed: UInt64
  /// By the evaluation's name, with the prompts that the judge gets.
  private let asked: [String: AskedEvaluation]

  /// - Throws: `InputError` at the plan's line, or naming file and line of a question.
  init(
    _ plan: Plan, _ world: World, _ judge: PlanJudge?, _ opening: FolderOpening, seed: UInt64
  ) throws {
    (self.plan, self.opening, self.seed) = (plan, opening, seed)
    let prompts = try plan.prompts
    var result: [String: AskedEvaluation] = [:]
    for evaluation in plan.evaluations where evaluation.contrast == nil {
      let asked = try AskedEvaluation(evaluation, world: world, prompts: prompts)
      for question in asked.questions {
        try judge?.check(question, longestAnswer: evaluation.longestAnswer)
      }
      result[evaluation.name] = asked
    }
    asked = result
  }

  func cells(of models: [PlannedModel]) throws -> [PlannedAnswers] {
    try check(models)
    let base = try opening.base == nil ? nil : opening.untouched().fingerprint
    return try models.flatMap { model -> [PlannedAnswers] in
      let settings = try AnswerSeed(model, opening, seed: seed)
      return try plan.evaluations.compactMap { evaluation in
        guard evaluation.conditions?.contains(model.condition.name) ?? true,
          let asked = asked[evaluation.name]
        else { return nil }
        let own = AnswerSettings(evaluation, seed: settings.value)
        return PlannedAnswers(
          model: model, evaluation: evaluation, asked: asked, settings: own,
          stage: Stage(
            .sample, "\(evaluation.title), \(model.name)",
            try Fingerprint(
              of: Address(
                base: base, model: settings.reference, asked: asked.places.keys, settings: own)),
            needs: model.madeBy.map { [$0] } ?? [], total: asked.places.count))
      }
    }
  }

  private struct Address: Encodable {
    let base: Fingerprint?
    let model: String
    let asked: [AnswerKey]
    let settings: AnswerSettings
  }

  /// Asks the tokenizer of every folder whether all its wordings fit.
  ///
  /// - Throws: `InputError` at the line of the plan's evaluation.
  private func check(_ models: [PlannedModel]) throws {
    var isBaseChecked = false
    for model in models {
      // Fine-tunes have the tokenizer of their folder.
      let opened: any LanguageModel
      if case .named = model.source {
        opened = try opening.open(model)
      } else {
        if isBaseChecked { continue }
        isBaseChecked = true
        opened = try opening.untouched()
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
      throw evaluation.failure(error.problem + advice)
    }
  }
}

/// An answer depends on its model, its question and its number. Streams of different models are different
/// streams.
private struct AnswerSeed {
  let value: UInt64
  /// What tells the model from others, before it is there.
  let reference: String

  init(_ model: PlannedModel, _ opening: FolderOpening, seed: UInt64) throws {
    let kind: String
    switch model.source {
    case .named(.endpoint(let address)): (kind, reference) = ("answers of a server", "\(address)")
    case .base:
      kind = "answers of a folder"
      reference = ""
    case .grown, .trained, .snapshot, .named(.folder):
      kind = "answers of a folder"
      reference = try opening.fingerprint(of: model)?.hex ?? ""
    }
    var stream = RandomStream(seed: seed, kind, reference)
    value = stream.next()
  }
}

extension PlanEvaluation {
  /// Tokens, where the plan does not say.
  var longestAnswer: Int { maximumTokens ?? 600 }
}
