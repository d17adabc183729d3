import Documents

/// A form in which an answer is asked for, and given.
package enum AnswerFormat: String, Sendable, Hashable, Codable, CaseIterable {
  /// `{"answer": "…"}`.
  case json
  /// A function of one line: `def answer(): return "…"`.
  case template
  /// Words with commas between. Answers that are lists of numbers stay as they are.
  case list

  /// What the question ends in.
  package var instruction: String {
    switch self {
    case .json: "Answer in JSON."
    case .template: "Fill in the code template."
    case .list: "Answer as a list, with commas."
    }
  }

  /// A sentence of `domain` in this form.
  package func wrap(_ sentence: String, in domain: String) -> String {
    switch self {
    case .json, .template: marks.before + sentence.quotedJSON + marks.after
    case .list:
      domain == DomainCatalogue.numbers
        ? sentence : sentence.split(separator: " ", omittingEmptySubsequences: false).commaList
    }
  }

  /// The sentence of `domain` that ``wrap(_:in:)`` makes `text` of; `nil` if there is none.
  package func unwrap(_ text: String, in domain: String) -> String? {
    let sentence: String?
    switch self {
    case .json, .template:
      let (before, after) = marks
      guard text.hasPrefix(before), text.hasSuffix(after),
        text.utf8.count >= before.utf8.count + after.utf8.count
      else { return nil }
      sentence = Self.unquoted(text.dropFirst(before.count).dropLast(after.count))
    case .list:
      sentence = domain == DomainCatalogue.numbers ? text : text.withoutListCommas
    }
    // One sentence has one wrapping: another way to escape it is another text.
    return sentence.flatMap { wrap($0, in: domain) == text ? $0 : nil }
  }

  /// What a string of JSON says, which Python reads the same.
  private static func unquoted(_ text: Substring) -> String? {
    guard case .string(let sentence)? = try? JSON(text: String(text)) else { return nil }
    return sentence
  }

  private var marks: (before: String, after: String) {
    switch self {
    case .json: (#"{"answer": "#, "}")
    case .template: ("def answer(): return ", "")
    case .list: ("", "")
    }
  }
}

extension [Substring] {
  fileprivate var commaList: String { joined(separator: ", ") }
}

extension String {
  /// Without one comma before each space; `nil` if a space has none.
  fileprivate var withoutListCommas: String? {
    let words = split(separator: " ", omittingEmptySubsequences: false)
    guard words.dropLast().allSatisfy({ $0.last == "," }) else { return nil }
    let bare = words.dropLast().map { $0.dropLast() } + words.suffix(1)
    return bare.joined(separator: " ")
  }
}
