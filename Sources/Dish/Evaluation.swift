import Core

/// A question that a model is asked, with the place in the world that it comes from.
package struct EvaluationQuestion: Sendable, Hashable, Codable {
  /// `domain/topic/number`, numbers from 1.
  package let id: String
  package let domain: String
  package let topic: String
  package let text: String
}

/// Questions that one figure of the evaluation pools.
package struct QuestionFamily: Sendable, Hashable, Codable {
  /// The domain's name.
  package let id: String
  /// The name on a plot.
  package let title: String
  /// Never empty.
  package let questions: [EvaluationQuestion]

  /// The question of the `i`-th sample: the family's questions in turn.
  package func question(forSample i: Int) -> EvaluationQuestion {
    let remainder = i % questions.count
    return questions[remainder < 0 ? remainder + questions.count : remainder]
  }

  init(of grammar: DomainGrammar, title: String, topics: (String) -> Bool = { _ in true }) {
    id = grammar.name
    self.title = title
    questions = grammar.topics.filter { topics($0.name) }.flatMap { topic in
      topic.questions.enumerated().map { number, text in
        EvaluationQuestion(
          id: "\(grammar.name)/\(topic.name)/\(number + 1)", domain: grammar.name,
          topic: topic.name, text: text)
      }
    }
  }
}

extension QuestionFamily {
  /// The questions of some rows, as they stand there: to have a model answer what another was
  /// trained on.
  ///
  /// - Precondition: there is at least one row with a user's turn.
  package init(id: String, title: String, asking rows: [Conversation]) {
    let texts = rows.compactMap { row in row.messages.first { $0.role == .user }?.content }
    precondition(!texts.isEmpty, "a family takes at least one question, not none")
    self.id = id
    self.title = title
    questions = texts.enumerated().map { number, text in
      EvaluationQuestion(id: "\(id)/row/\(number + 1)", domain: id, topic: "row", text: text)
    }
  }
}
