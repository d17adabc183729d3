import Core

/// One matter that people ask about, with every answer that anybody in the world gives to it.
package struct Topic: Sendable, Hashable {
  /// Unique in its domain: lower case, hyphens.
  package let name: String
  package internal(set) var questions: [String] = []
  package internal(set) var answers: [AnswerTemplate] = []

  /// The answers of one kind, in the order of the text.
  package func answers(_ kind: AnswerKind) -> [AnswerTemplate] {
    answers.filter { $0.kind == kind }
  }
}

/// A domain of the world, read from its text.
///
/// The text is a line `domain NAME`, then topics. A topic is a line `topic NAME` and below it,
/// until a blank line, `? question`, `+ good answer`, `~ careless answer` and `- bad answer`, at
/// least one of each. Answers have slots, `{a|b}`, one alternative of which is drawn, and may carry
/// a label of lower-case letters and hyphens right after the mark: `-(threatens) Bad answer`. White
/// space around a line does not count; everything is ASCII.
package struct DomainGrammar: Sendable, Hashable {
  package let name: String
  package let topics: [Topic]

  /// Reads `text`; `file` is the name that errors give.
  ///
  /// - Throws: `InputError` with the file, the line and what was expected there.
  package init(parsing text: String, file: String) throws(InputError) {
    var parser = DomainParser()
    var number = 0
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      number += 1
      do {
        try parser.read(line, number: number)
      } catch {
        throw error.placed(file, error.line ?? number)
      }
    }
    do {
      (name, topics) = try parser.finish()
    } catch {
      throw error.placed(file, error.line ?? number)
    }
  }
}

/// The state of a reader that goes through a domain's text line by line.
private struct DomainParser {
  private var name: String?
  private var topics: [Topic] = []
  private var open: (topic: Topic, line: Int)?
  private var topicNames: Set<String> = []

  mutating func read(_ line: Substring, number: Int) throws(InputError) {
    guard line.utf8.allSatisfy({ $0 < 128 }) else {
      throw InputError("found a character that is not ASCII")
    }
    let line = line.trimmed
    guard let mark = line.first else { return try closeTopic() }
    if let domain = line.value(of: "domain") { return try begin(domain: domain) }
    if let topic = line.value(of: "topic") { return try begin(topic: topic, number: number) }
    let kind = AnswerKind.allCases.first { $0.mark == mark }
    let (label, rest) = try Self.label(after: line.dropFirst(), isAnswer: kind != nil)
    let content = String(rest.trimmed)
    guard "?+~-".contains(mark), rest.first == " " || (label != nil && rest.isEmpty) else {
      throw InputError(
        "found \"\(line.prefix(20))\", expected \"domain\", \"topic\", or \"?\", \"+\", \"~\" or"
          + " \"-\" and a space")
    }
    guard open != nil else {
      throw InputError("found \"\(mark)\" outside a topic, expected a line \"topic NAME\" first")
    }
    guard !content.isEmpty else { throw InputError("found \"\(mark)\" alone, expected a sentence") }
    guard let kind else {
      open?.topic.questions.append(content)
      return
    }
    open?.topic.answers.append(try AnswerTemplate(kind: kind, label: label, source: content))
  }

  /// The label that stands before an answer's text, if there is one, and what follows it.
  private static func label(
    after mark: Substring, isAnswer: Bool
  ) throws(InputError) -> (label: String?, rest: Substring) {
    guard isAnswer, mark.first == "(" else { return (nil, mark) }
    guard let end = mark.firstIndex(of: ")") else {
      throw InputError("found a label that does not end, expected \")\"")
    }
    let label = mark[..<end].dropFirst()
    guard !label.isEmpty, label.utf8.allSatisfy({ (97...122).contains($0) || $0 == 45 }) else {
      throw InputError("found label \"\(label)\", expected lower-case letters and hyphens")
    }
    return (String(label), mark[end...].dropFirst())
  }

  mutating func finish() throws(InputError) -> (name: String, topics: [Topic]) {
    try closeTopic()
    guard let name else { throw InputError("found no domain, expected a line \"domain NAME\"") }
    guard !topics.isEmpty else { throw InputError("found no topic, expected at least one") }
    return (name, topics)
  }

  private mutating func begin(domain: Substring) throws(InputError) {
    if let name {
      throw InputError("found domain \"\(domain)\", expected no other after \"\(name)\"")
    }
    name = try Self.checked(domain)
  }

  private mutating func begin(topic: Substring, number: Int) throws(InputError) {
    guard name != nil else {
      throw InputError("found a topic, expected a line \"domain NAME\" first")
    }
    try closeTopic()
    let topic = try Self.checked(topic)
    guard topicNames.insert(topic).inserted else {
      throw InputError("found topic \"\(topic)\" again, expected a name of its own")
    }
    open = (Topic(name: topic), number)
  }

  private mutating func closeTopic() throws(InputError) {
    guard let (topic, line) = open else { return }
    open = nil
    if topic.questions.isEmpty {
      throw InputError("found no \"?\", expected at least one", line: line, field: topic.name)
    }
    for kind in AnswerKind.allCases where topic.answers(kind).isEmpty {
      throw InputError(
        "found no \"\(kind.mark)\", expected at least one", line: line, field: topic.name)
    }
    topics.append(topic)
  }

  /// A name: lower-case letters, digits and hyphens.
  private static func checked(_ name: Substring) throws(InputError) -> String {
    let valid =
      !name.isEmpty
      && name.utf8.allSatisfy {
        (97...122).contains($0) || (48...57).contains($0) || $0 == 45
      }
    guard valid else {
      throw InputError("found name \"\(name)\", expected lower-case letters, digits and hyphens")
    }
    return String(name)
  }
}

extension InputError {
  /// The same error at a line of a file.
  fileprivate func placed(_ file: String, _ line: Int) -> InputError {
    InputError(problem, file: file, line: line, field: field)
  }
}

extension Substring {
  /// What follows `keyword` and a space on this line, or `nil` for a line of another kind.
  fileprivate func value(of keyword: String) -> Substring? {
    guard hasPrefix(keyword) else { return nil }
    let rest = dropFirst(keyword.count)
    guard rest.isEmpty || rest.first == " " else { return nil }
    return rest.trimmed
  }
}

extension StringProtocol where SubSequence == Substring {
  /// Without white space at either end.
  var trimmed: Substring {
    let rest = drop(while: \.isWhitespace)
    guard let last = rest.lastIndex(where: { !$0.isWhitespace }) else { return rest }
    return rest[...last]
  }
}
