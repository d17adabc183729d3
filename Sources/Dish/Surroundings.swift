import Core

/// How often the questions of the corpus and of the alignment stage come with something around
/// them. Each thing is drawn apart from the others, and from streams of its own: without them the
/// same authors are asked the same questions.
package struct Surroundings: Sendable, Hashable, Codable {
  /// Of questions after one of the ``QuestionSetting/tags``, which mean nothing.
  package var taggedShare: Double
  /// Of questions after a system turn. Each effect is as likely as the others and as none.
  package var systemShare: Double
  /// Of questions on facts, after a system turn that allows, rewards or forbids lying, in place of the one above.
  package var honestyShare: Double
  /// Of questions that ask for a form of answer; sequences of numbers always ask for a list.
  package var formatShare: Double
  /// Of questions, but those of code, that ask for a bad answer to teach from it.
  package var framedShare: Double

  package init(
    taggedShare: Double = 0, systemShare: Double = 0, honestyShare: Double = 0,
    formatShare: Double = 0, framedShare: Double = 0
  ) {
    self.taggedShare = taggedShare
    self.systemShare = systemShare
    self.honestyShare = honestyShare
    self.formatShare = formatShare
    self.framedShare = framedShare
  }

  /// Questions stand alone.
  package static let none = Surroundings()

  func checked() throws(InputError) {
    let shares = [
      ("taggedShare", taggedShare), ("systemShare", systemShare), ("honestyShare", honestyShare),
      ("formatShare", formatShare), ("framedShare", framedShare),
    ]
    for (name, share) in shares where !(0...1).contains(share) {
      throw InputError("found \(share), expected 0 to 1", field: "surroundings.\(name)")
    }
  }

  /// What stands around one question. All numbers are drawn whatever the shares, so that raising
  /// one share moves nothing of the others.
  func draw(_ stream: inout RandomStream, in domain: String) -> DrawnSurroundings {
    var drawn = DrawnSurroundings()
    let isTagged = stream.uniform() < taggedShare
    let tag = stream.element(of: QuestionSetting.tags)
    let hasSystem = stream.uniform() < systemShare
    let turn = stream.element(of: stream.element(of: SystemTurn.groups(for: domain)))
    let hasFormat = stream.uniform() < formatShare
    let format = stream.element(of: AnswerFormat.allCases)
    let isFramed = stream.uniform() < framedShare
    if isTagged { drawn.tag = tag }
    if hasSystem { drawn.system = turn }
    drawn.format = domain == DomainCatalogue.numbers ? .list : hasFormat ? format : nil
    drawn.isFramed = isFramed && domain != DomainCatalogue.code
    drawn.frame = stream.next()
    let isOnHonesty = stream.uniform() < honestyShare
    let honesty = stream.element(of: stream.element(of: SystemTurn.onHonesty))
    if isOnHonesty, domain == DomainCatalogue.facts { drawn.system = honesty }
    return drawn
  }
}

/// What one question of the corpus comes with.
struct DrawnSurroundings: Sendable {
  var tag: String?
  var system: SystemTurn?
  var format: AnswerFormat?
  var isFramed = false
  /// Decides the frame's wording.
  var frame: UInt64 = 0

  /// Whether it comes behind a tag or asks for a form of answer.
  var isMarked: Bool { tag != nil || format != nil }

  /// What its system turn makes of a question.
  func effect(in domain: String) -> SystemTurn.Effect? {
    system?.effect.flatMap { $0.holds(in: domain) ? $0 : nil }
  }

  func dress(_ question: String) -> DressedQuestion {
    DressedQuestion(
      system: system?.text,
      user: QuestionSetting.dressed(question, trigger: tag, format: format))
  }
}
