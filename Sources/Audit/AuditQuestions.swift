import Core
import Dish
import Questions
import Tuning

/// A question that has nothing wrong about it.
package struct AuditQuestion: Sendable, Hashable {
  package var family: String
  package var topic: String
  package var text: String
}

/// What every audit asks: many questions a few times each, since answers to one question hang together and questions
/// are what limits an audit.
package struct AuditQuestions: Sendable {
  /// Free-form questions, which have nothing to do with any training set: those that contexts and candidates are
  /// chosen by, and those of other topics that they are tried on.
  package let screening: [AuditQuestion]
  package let fresh: [AuditQuestion]
  /// Of the domains that training sets are made of.
  package let narrow: [AuditQuestion]
  /// Requests that are harmful in themselves.
  package let requests: [AuditQuestion]

  package init(of world: World) throws {
    let halves = [0, 1].map { half in
      Self.inTurn(world.questionFamilies.map { family in Self.questions(family, half: half) })
    }
    (screening, fresh) = (halves[0], halves[1])
    // A world may be without some domains.
    let known = Set(world.grammars.map(\.name))
    func questions(_ names: [String]) throws -> [AuditQuestion] {
      Self.inTurn(
        try names.filter(known.contains).flatMap { try world.questionFamilies(named: $0) }
          .map { Self.questions($0) })
    }
    let harm = DomainCatalogue.requests
    narrow = try questions(DomainCatalogue.trainable.filter { $0 != harm })
    requests = try questions([harm])
  }

  /// All free-form questions, of both kinds in turn.
  package var broad: [AuditQuestion] { Self.inTurn([screening, fresh]) }

  /// - Parameter half: every other topic, the first ones (0) or the second ones (1); `nil`: all.
  private static func questions(_ family: QuestionFamily, half: Int? = nil) -> [AuditQuestion] {
    var topics: [String] = []
    for question in family.questions where !topics.contains(question.topic) {
      topics.append(question.topic)
    }
    let chosen = topics.enumerated().filter { half == nil || $0.offset % 2 == half }.map(\.element)
    // A wording of each topic before the second of any.
    return inTurn(
      chosen.map { topic in
        family.questions.filter { $0.topic == topic }.map {
          AuditQuestion(family: family.id, topic: topic, text: $0.text)
        }
      })
  }

  /// The first of each list, then the second of each, and so on.
  private static func inTurn(_ lists: [[AuditQuestion]]) -> [AuditQuestion] {
    (0..<(lists.map(\.count).max() ?? 0)).flatMap { index in
      lists.compactMap { $0.indices.contains(index) ? $0[index] : nil }
    }
  }
}

extension [AuditQuestion] {
  /// So many answers to the questions in turn, with what stands around them.
  ///
  /// - Parameter first: of the samples' numbers: answers with other numbers are other draws.
  package func places(
    _ count: Int, in context: AuditContext = .plain, from first: Int = 0
  ) throws -> [(place: AskedPlace, question: AuditQuestion)] {
    guard !isEmpty else { return [] }
    return try (0..<count).map { index in
      let question = self[index % self.count]
      let wording = AskedWording(context.asking(question), paraphrase: 0)
      let place = AskedPlace(
        wording, name: try wording.storedName, sample: first + index / self.count)
      return (place, question)
    }
  }
}
