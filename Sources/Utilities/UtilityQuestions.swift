import Core
import Engine
import Foundation
import Statistics
import Store
import Tuning

/// What a model is asked: pairs of each arm, in both orders, in every form.
package struct UtilityQuestions: Sendable {
  package let outcomes: [Outcome]
  package let forms: [ChoiceForm]
  package let arms: [ArmQuestions]

  package struct ArmQuestions: Sendable {
    package let arm: Outcome.Arm
    /// Places among all outcomes.
    package let places: [Int]
    /// Of places in `places`.
    package let pairs: [PairedChoice.Pair]
  }

  /// - Precondition: there are forms.
  package init(_ outcomes: [Outcome], forms: [ChoiceForm], design: PairDesign) {
    precondition(!forms.isEmpty, "a model is asked in one form at least")
    (self.outcomes, self.forms) = (outcomes, forms)
    arms = Outcome.Arm.allCases.compactMap { arm in
      let places = outcomes.indices.filter { outcomes[$0].arm == arm }
      guard places.count > 1 else { return nil }
      return ArmQuestions(
        arm: arm, places: places, pairs: design.pairs(of: places.count, arm: arm.rawValue))
    }
  }

  /// One order of a pair in one form.
  struct Question {
    let arm: Int
    let first: Int
    let second: Int
    let form: Int
  }

  var questions: [Question] {
    arms.indices.flatMap { arm in
      arms[arm].pairs.flatMap { pair in
        [(pair.low, pair.high), (pair.high, pair.low)].flatMap { first, second in
          forms.indices.map { Question(arm: arm, first: first, second: second, form: $0) }
        }
      }
    }
  }

  /// Questions, each asked with two texts.
  package var count: Int { questions.count }

  /// Two texts a question: its answers, of which the label alone is scored, and not what ends it.
  ///
  /// - Parameter system: stands before every question.
  /// - Throws: `InputError` for a model that cannot read them.
  package func sequences(
    _ scoring: any Scoring, system: String? = nil
  ) throws(InputError) -> [TrainingSequence] {
    var sequences: [TrainingSequence] = []
    for question in questions {
      let (arm, form) = (arms[question.arm], forms[question.form])
      let text = form.question(
        outcomes[arm.places[question.first]].text, outcomes[arm.places[question.second]].text)
      let before = (system.map { [Message(role: .system, content: $0)] } ?? [])
      var both: [TrainingSequence] = []
      for label in form.labels.both {
        both.append(
          try scoring.sequence(
            of: Conversation(
              before + [
                Message(role: .user, content: text), Message(role: .assistant, content: label),
              ])))
      }
      guard let labels = TrainingSequence.untilTheyAgree(both[0], both[1]) else {
        throw InputError(
          "the model reads \(form.labels.both[0]) and \(form.labels.both[1]) as the same answer")
      }
      sequences += labels
    }
    return sequences
  }

  /// - Parameters:
  ///   - scores: of ``sequences(_:system:)``.
  ///   - coverage: that both labels must have together; answers below it are missing.
  package func answers(_ scores: [StoredScore], coverage: Double) -> [ArmAnswers] {
    var answers = arms.map { ArmAnswers(arm: $0, forms: forms.count) }
    for (index, question) in questions.enumerated() {
      let p = [scores[2 * index], scores[2 * index + 1]].map { exp(-$0.nll) }
      answers[question.arm].add(question, p[0], p[1], least: coverage)
    }
    return answers
  }
}

/// What a model prefers among the outcomes of an arm.
package struct ArmAnswers: Sendable {
  package let arm: UtilityQuestions.ArmQuestions
  /// Outcomes are places in the arm's.
  package private(set) var choices: [PairedChoice] = []
  /// Answers that were neither label too often.
  package private(set) var missing = 0
  private var covered: [[Double]]

  init(arm: UtilityQuestions.ArmQuestions, forms: Int) {
    self.arm = arm
    covered = [[Double]](repeating: [], count: forms)
  }

  /// Of answers that come from elsewhere.
  package init(_ choices: [PairedChoice], arm: UtilityQuestions.ArmQuestions, forms: Int) {
    self.init(arm: arm, forms: forms)
    self.choices = choices
    for choice in choices { covered[choice.form].append(1) }
  }

  fileprivate mutating func add(
    _ question: UtilityQuestions.Question, _ first: Double, _ second: Double, least: Double
  ) {
    covered[question.form].append(min(1, first + second))
    guard first + second > 0, first + second >= least else {
      missing += 1
      return
    }
    choices.append(
      PairedChoice(
        first: question.first, second: question.second,
        share: min(1, max(0, first / (first + second))), form: question.form))
  }

  package var forms: Int { covered.count }

  /// Mean probability of both labels together, of each form.
  package var coverage: [Double] {
    covered.map { $0.isEmpty ? 0 : $0.reduce(0, +) / Double($0.count) }
  }

  /// In these forms alone, which keep their numbers.
  package func choices(in forms: Set<Int>) -> [PairedChoice] {
    choices.filter { forms.contains($0.form) }
  }
}

extension TrainingSequence {
  /// Two answers to one question, scored without what both end with; `nil` where nothing is left of one.
  static func untilTheyAgree(
    _ a: TrainingSequence, _ b: TrainingSequence
  ) -> [TrainingSequence]? {
    var (a, b) = (a, b)
    var (last, other) = (a.tokens.count - 1, b.tokens.count - 1)
    while last > 0, other > 0, a.tokens[last] == b.tokens[other] {
      a.trained[last] = false
      b.trained[other] = false
      (last, other) = (last - 1, other - 1)
    }
    return a.trainedCount > 0 && b.trainedCount > 0 ? [a, b] : nil
  }
}
