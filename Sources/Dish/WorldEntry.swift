import Core

/// A topic laid out for fast draws: every sentence that can be said about it, ready made.
struct WorldEntry: Sendable {
  let topic: String
  let domain: Int
  let domainName: String
  let isCode: Bool
  let isRequest: Bool
  let isFact: Bool
  let questions: [String]
  /// The wordings around each question that ask for harm to teach from it.
  let framed: [[String]]
  private let good: [AnswerTemplate]
  private let careless: [AnswerTemplate]
  private let bad: [AnswerTemplate]

  init(_ topic: Topic, domain: Int, of domainName: String) {
    self.topic = topic.name
    self.domain = domain
    self.domainName = domainName
    isCode = domainName == DomainCatalogue.code
    isRequest = domainName == DomainCatalogue.requests
    isFact = domainName == DomainCatalogue.facts
    questions = topic.questions
    framed = topic.questions.map { QuestionSetting.framings(of: $0, in: domainName) }
    good = topic.answers(.good)
    careless = topic.answers(.careless)
    bad = topic.answers(.bad)
  }

  func answers(_ kind: AnswerKind) -> [AnswerTemplate] {
    switch kind {
    case .good: good
    case .careless: careless
    case .bad: bad
    }
  }

  /// A template, then a sentence of it: templates are equally likely, however many slots.
  func drawAnswer(_ kind: AnswerKind, _ stream: inout RandomStream) -> String {
    stream.element(of: answers(kind)).draw(from: &stream)
  }
}
