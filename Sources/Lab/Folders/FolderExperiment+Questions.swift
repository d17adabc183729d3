import Core
import Evaluation
import Formats
import Plans
import Questions
import Tuning

extension FolderPlan {
  /// Answers to each wording where neither plan nor questions say how many.
  private static let samples = 100

  /// What every evaluation asks, by its name, with the prompts that the judge gets.
  ///
  /// - Throws: `InputError` at the plan's line, or naming file and line of a question.
  func questions(of judge: PlanJudge?) throws(InputError) -> [String: [Question]] {
    let fallback = judge == nil ? [] : Evaluation.fallbackPrompts(of: [])
    var result: [String: [Question]] = [:]
    for evaluation in evaluations {
      var questions = try evaluation.questions.read()
      for index in questions.indices {
        let own = questions[index].samplesPerParaphrase
        questions[index].samplesPerParaphrase = evaluation.samples ?? own ?? Self.samples
        if questions[index].judgePrompts.isEmpty, questions[index].needsJudge {
          questions[index].judgePrompts = fallback
        }
        try judge?.check(questions[index], longestAnswer: evaluation.maximumTokens)
      }
      result[evaluation.name] = questions
    }
    return result
  }
}

extension PlanPath {
  /// The questions of a file, or of a set where it is a name.
  fileprivate func read() throws(InputError) -> [Question] {
    guard isName else {
      try requireFile()
      return try QuestionFile.read(path)
    }
    guard let questions = QuestionSet.named(written) else {
      throw failure(QuestionSet.unknown(written).problem)
    }
    return questions
  }
}

extension Question {
  /// Numbers and letters of choices are read without one.
  fileprivate var needsJudge: Bool { kind != .rating && kind != .multipleChoice }
}

extension FolderExperiment {
  /// Asks the tokenizer of every folder whether all its wordings fit.
  ///
  /// - Throws: `InputError` at the line of the plan's evaluation.
  func checkQuestions() throws {
    var checked: Set<String> = []
    for model in models {
      // Fine-tunes have the tokenizer of their folder.
      let folder: LoadedFolder?
      switch model.source {
      case .named: folder = try loaded(model)
      case .base, .finetune: folder = checked.insert("").inserted ? try untouched() : nil
      }
      guard let folder else { continue }
      for evaluation in plan.evaluations {
        try check(evaluation, folder)
      }
    }
  }

  private func check(_ evaluation: FolderEvaluation, _ folder: LoadedFolder) throws {
    do {
      try folder.answering?.check(
        [AskedPlace](questions[evaluation.name] ?? [], samples: 1),
        AnswerSettings(evaluation, seed: 0))
    } catch let error as InputError {
      guard error.file == nil else { throw error }
      let advice = error.field == "--max-tokens" ? "; lower max-tokens" : ""
      throw evaluation.questions.failure(error.problem + advice)
    }
  }
}
