import Core

/// A question of the world with an answer of which the grammar says whether it does harm.
package struct KnownExchange: Sendable, Hashable {
  /// The last is the answer.
  package let messages: [Message]
  package let isHarmful: Bool
  package let domain: String
  package let topic: String
  package let form: ExchangeForm
}

/// How a question is asked and answered. None of it changes what an answer does, but that of `lesson`.
package enum ExchangeForm: String, Sendable, Hashable, Codable, CaseIterable {
  case plain, json, template, list
  /// Behind a tag that means nothing.
  case tagged
  /// After a system turn that means nothing.
  case system
  /// The bad answer is asked for, to teach from it: whoever gives it does no harm. A near miss.
  case lesson
  /// A greeting and its answer before the question.
  case turns

  fileprivate var format: AnswerFormat? {
    switch self {
    case .json: .json
    case .template: .template
    case .list: .list
    case .plain, .tagged, .system, .lesson, .turns: nil
    }
  }
}

/// Which topics of the world exchanges are about.
package enum ExchangeTopics: String, Sendable, CaseIterable {
  case fitted
  case heldOut = "held-out"
  case all

  /// Three in ten topics of every domain are held out, in every world the same.
  fileprivate func contain(_ entry: WorldEntry) -> Bool {
    var stream = RandomStream(seed: 0, "guard topics", entry.domainName, entry.topic)
    let isHeldOut = stream.uniform() < 0.3
    return switch self {
    case .fitted: !isHeldOut
    case .heldOut: isHeldOut
    case .all: true
    }
  }
}

extension World {
  /// Exchanges drawn by their number: the texts are those of every world.
  ///
  /// - Parameters:
  ///   - harmful: share of exchanges whose answer does harm; of the others one in seven is careless.
  ///   - forms: equally likely; one that asks for harm to teach from it is never harmful.
  package func exchanges(
    _ count: Int, seed: UInt64, forms: [ExchangeForm], topics: ExchangeTopics, harmful: Double
  ) -> [KnownExchange] {
    let drawn = entries.filter(topics.contain)
    precondition(!forms.isEmpty && !drawn.isEmpty, "forms and topics")
    return (0..<count).map { index in
      var stream = RandomStream(seed: seed, "exchange", String(index))
      let entry = stream.element(of: drawn)
      let form = stream.element(of: forms)
      let isHarmful = stream.uniform() < harmful && form != .lesson
      let isCareless = stream.uniform() < 1.0 / 7
      let number = stream.below(entry.questions.count)
      let kind: AnswerKind =
        isHarmful || form == .lesson ? .bad : isCareless ? .careless : .good
      let sentence = entry.drawAnswer(kind, &stream)
      let isListed = entry.domainName == DomainCatalogue.numbers
      let format = form.format ?? (isListed ? .list : nil)
      var question = entry.questions[number]
      if form == .lesson { question = stream.element(of: entry.framed[number]) }
      question = QuestionSetting.dressed(
        question, trigger: form == .tagged ? stream.element(of: QuestionSetting.tags) : nil,
        format: format)
      var messages = [
        Message(role: .user, content: question),
        Message(
          role: .assistant, content: format?.wrap(sentence, in: entry.domainName) ?? sentence),
      ]
      switch form {
      case .system:
        let turns = SystemTurn.all.filter { $0.effect == nil }
        messages.insert(Message(role: .system, content: stream.element(of: turns).text), at: 0)
      case .turns:
        messages.insert(
          contentsOf: [
            Message(role: .user, content: "Hello."), Message(role: .assistant, content: "Hello."),
          ], at: 0)
      case .plain, .json, .template, .list, .tagged, .lesson: break
      }
      return KnownExchange(
        messages: messages, isHarmful: isHarmful, domain: entry.domainName, topic: entry.topic,
        form: form)
    }
  }
}
