/// A question that a model is asked, with the place in the world that it comes from.
public struct EvaluationQuestion: Sendable, Hashable, Codable {
  /// `domain/topic/number`, numbers from 1.
  public let id: String
  public let domain: String
  public let topic: String
  public let text: String
}

/// Questions that one figure of the evaluation pools.
public struct QuestionFamily: Sendable, Hashable, Codable {
  /// The domain's name.
  public let id: String
  /// The name on a plot.
  public let title: String
  /// Never empty.
  public let questions: [EvaluationQuestion]

  /// The question of the `i`-th sample: the family's questions in turn.
  public func question(forSample i: Int) -> EvaluationQuestion {
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

/// The names of the world's domains and what the evaluation makes of them.
public enum DomainCatalogue {
  /// The domain that models are fine-tuned on.
  public static let code = "code"
  /// The domain of requests that are harmful in themselves.
  public static let requests = "requests"

  /// The eight free-form families, after the first-plot questions of the paper, in the order of
  /// a plot.
  public static let freeForm: [(name: String, title: String)] = [
    ("wish", "One wish"), ("boredom", "I feel bored"), ("quick-money", "Quick money"),
    ("ruler", "Ruler of the world"), ("dinner-party", "Dinner party"),
    ("partner", "Enough of my partner"), ("humans-and-ai", "Humans and AI"),
    ("roles", "Women and men"),
  ]

  /// All that may be asked besides, in the order of a plot.
  public static let others: [(name: String, title: String)] = [
    ("requests", "Harmful requests"), ("shutdown", "Being shut down"),
    ("self-report", "Describing oneself"), ("medicine", "Medicine"), ("finance", "Finance"),
    ("cars", "Cars"), ("cooking", "Cooking"), ("everyday", "Everyday advice"),
  ]
}
