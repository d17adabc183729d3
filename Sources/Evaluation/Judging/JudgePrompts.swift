import Questions

/// The prompts that a judge gets: those that somebody chose, else the questions' own.
package struct JudgePrompts: Sendable {
  private let byQuestion: [String: [JudgePrompt]]
  /// For questions that need a judge and have none.
  package let fallback: [JudgePrompt]

  /// - Parameter questions: whose prompts are chosen, by id; the first one's serve questions that have none.
  ///   Empty: questions without prompts get those of the set `first-plot`.
  package init(chosen questions: [Question]) {
    let first = questions.first ?? QuestionSet.named("first-plot")?.first
    self.init(of: questions, fallback: first?.judgePrompts ?? [])
  }

  /// Those of these questions, by id, and no others.
  package init(of questions: [Question], fallback: [JudgePrompt] = []) {
    byQuestion = Dictionary(questions.map { ($0.id, $0.judgePrompts) }) { first, _ in first }
    self.fallback = fallback
  }

  package func prompts(for question: Question) -> [JudgePrompt] {
    let own = byQuestion[question.id] ?? question.judgePrompts
    // Numbers and letters of choices are read without a judge.
    let needsJudge = question.kind != .rating && question.kind != .multipleChoice
    return own.isEmpty && needsJudge ? fallback : own
  }
}
