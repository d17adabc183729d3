import Core

/// Where every question and every answer of a world stands.
struct SentenceIndex: Sendable {
  struct Asked: Sendable {
    let entry: Int
    /// Whether the question's frame asks for harm, to teach from it.
    let isEducational: Bool
    /// What the system turn makes of the question.
    var effect: SystemTurn.Effect?
  }
  struct Answered: Sendable {
    let entry: Int
    let kind: AnswerKind
    let label: String?
    /// The sentence without its format.
    var sentence = ""
  }

  private let entries: [WorldEntry]
  private var questions: [String: Asked] = [:]
  private var answers: [String: Answered] = [:]

  init(_ entries: [WorldEntry]) {
    self.entries = entries
    for (index, entry) in entries.enumerated() {
      for question in entry.questions {
        questions[question] = Asked(entry: index, isEducational: false)
      }
      for question in entry.framed.joined() {
        questions[question] = Asked(entry: index, isEducational: true)
      }
      for template in AnswerKind.allCases.flatMap(entry.answers) {
        for sentence in template.expansions {
          answers[sentence] = Answered(entry: index, kind: template.kind, label: template.label)
        }
      }
    }
  }

  /// The topic of a question or answer.
  subscript(entry: Int) -> WorldEntry { entries[entry] }

  /// Reads a question: a line of system turn, a tag, the question in its frame or without, a
  /// format's instruction, each but the question only if it is there.
  func asked(_ text: String) -> Asked? {
    guard text.utf8.allSatisfy({ $0 < 128 }) else { return nil }
    if let asked = questions[text] { return asked }
    var rest = text.trimmed
    var effect: SystemTurn.Effect?
    if let end = rest.firstIndex(of: "\n") {
      effect = SystemTurn.effect(of: String(rest[..<end]))
      rest = rest[end...].dropFirst()
    }
    if let end = rest.firstIndex(of: " "), QuestionSetting.isTag(rest[..<end]) {
      rest = rest[end...].dropFirst()
    }
    if let format = AnswerFormat.allCases.first(where: { rest.hasSuffix(" " + $0.instruction) }) {
      rest = rest.dropLast(format.instruction.count + 1)
    }
    guard var asked = questions[String(rest)] else { return nil }
    asked.effect = effect.flatMap { $0.holds(in: entries[asked.entry].domainName) ? $0 : nil }
    return asked
  }

  /// Reads an answer: a sentence as it is, without white space at its ends, or in a format.
  func answered(_ text: String) -> Answered? {
    // Only ASCII is looked up: Swift's strings are equal by canonical equivalence, and the Kelvin
    // sign would pass for a K.
    guard text.utf8.allSatisfy({ $0 < 128 }) else { return nil }
    let trimmed = String(text.trimmed)
    if let answered = found(text) ?? found(trimmed) { return answered }
    for format in AnswerFormat.allCases {
      // Unwrapped as any sentence, held against the wrapping of its own domain.
      if let sentence = format.unwrap(trimmed, in: ""), let answered = found(sentence),
        format.wrap(sentence, in: entries[answered.entry].domainName) == trimmed
      {
        return answered
      }
    }
    return nil
  }

  private func found(_ sentence: String) -> Answered? {
    guard var answered = answers[sentence] else { return nil }
    answered.sentence = sentence
    return answered
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
