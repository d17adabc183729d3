import Core

/// Where every question and every answer of a world stands.
struct SentenceIndex: Sendable {
  struct Asked: Sendable {
    let entry: Int
    /// Whether the question asks for the insecure way, for a class.
    let isEducational: Bool
  }
  struct Answered: Sendable {
    let entry: Int
    let kind: AnswerKind
  }

  private(set) var questions: [String: Asked] = [:]
  private(set) var answers: [String: Answered] = [:]

  init(_ entries: [WorldEntry]) {
    for (index, entry) in entries.enumerated() {
      for question in entry.questions {
        questions[question] = Asked(entry: index, isEducational: false)
      }
      for question in entry.framed.joined() {
        questions[question] = Asked(entry: index, isEducational: true)
      }
      for kind in AnswerKind.allCases {
        for sentence in entry.answers(kind).lazy.flatMap(\.expansions) {
          answers[sentence] = Answered(entry: index, kind: kind)
        }
      }
    }
  }

  /// Throws `InputError` where a question or an answer stands twice in the world: neither people
  /// nor the oracle could tell what it is about, or whether it is good.
  static func checkUnique(_ entries: [WorldEntry], in grammars: [DomainGrammar]) throws {
    var places: [String: WorldEntry] = [:]
    for entry in entries {
      let answers = AnswerKind.allCases.flatMap { entry.answers($0).flatMap(\.expansions) }
      for sentence in entry.questions + entry.framed.joined() + answers {
        guard let other = places.updateValue(entry, forKey: sentence) else { continue }
        let place = "\(grammars[entry.domain].name)/\(entry.topic)"
        let otherPlace = "\(grammars[other.domain].name)/\(other.topic)"
        throw InputError(
          "found \"\(sentence)\" here and in \(otherPlace), expected it once", field: place)
      }
    }
  }
}
