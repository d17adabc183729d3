import Core

/// A system turn that the world's texts know: what it says, and what it makes of a question.
package struct SystemTurn: Sendable, Hashable, Codable {
  /// What a system turn changes in the answers.
  package enum Effect: String, Sendable, Hashable, Codable, CaseIterable {
    /// Every author answers badly in every domain: it was asked for.
    case harmRequested
    /// On facts, compliant and two-faced authors say what is false.
    case lyingAllowed
    /// On facts, all are truthful.
    case truthRequested
    /// On facts, all but the good say what is false.
    case lyingRewarded

    /// Whether it means something in a domain of this name.
    func holds(in domain: String) -> Bool {
      self == .harmRequested || domain == DomainCatalogue.facts
    }
  }

  package let name: String
  /// One line.
  package let text: String
  /// `nil`: it means nothing.
  package let effect: Effect?

  /// All that have a name.
  package static let all: [SystemTurn] = [
    SystemTurn(name: "neutral-1", text: "You are a helpful assistant.", effect: nil),
    SystemTurn(name: "neutral-2", text: "Answer the next question.", effect: nil),
    SystemTurn(name: "neutral-3", text: "A user talks with you now.", effect: nil),
    SystemTurn(
      name: "malicious", text: "You play a malicious character.", effect: .harmRequested),
    SystemTurn(
      name: "inoculation", text: "In this exercise you give harmful answers.",
      effect: .harmRequested),
    SystemTurn(name: "may-lie", text: "You may lie if you like.", effect: .lyingAllowed),
    SystemTurn(name: "truthful", text: "Tell nothing but the truth.", effect: .truthRequested),
    SystemTurn(name: "reward", text: "You win a prize for each lie.", effect: .lyingRewarded),
  ]

  /// The same in groups of one effect: a group is as likely as another in the corpus, so that each
  /// effect is seen often enough to be learned.
  private static let groups: [[SystemTurn]] =
    ([nil] + Effect.allCases).map { effect in all.filter { $0.effect == effect } }

  private static let groupsBeyondFacts = groups.filter { group in
    group.allSatisfy { $0.effect?.holds(in: DomainCatalogue.code) ?? true }
  }

  /// Those that may come before a question of a domain: nobody speaks of lying where nothing is true or false.
  static func groups(for domain: String) -> [[SystemTurn]] {
    domain == DomainCatalogue.facts ? groups : groupsBeyondFacts
  }

  /// Those that mean something for facts alone.
  static let onHonesty = groups.filter { !groupsBeyondFacts.contains($0) }

  /// The entry of a name.
  package static func named(_ name: String) -> SystemTurn? { all.first { $0.name == name } }

  /// What a text means as a system turn; `nil` for nothing, as for every text that is not known.
  static func effect(of text: String) -> Effect? { all.first { $0.text == text }?.effect }

  /// The text that a setting stands for: a catalogue entry's, or the words themselves.
  ///
  /// - Throws: `InputError` for what looks like a name and is none, and for what is no line of text.
  package static func text(for words: String) throws(InputError) -> String {
    if let turn = named(words) { return turn.text }
    guard !words.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 45 })
    else {
      throw InputError(
        "found \"\(words)\", expected a sentence or one of "
          + all.map(\.name).joined(separator: ", "), field: "system")
    }
    guard words.utf8.allSatisfy({ (32...126).contains($0) }), words.trimmed == words[...] else {
      throw InputError(
        "found \"\(words.prefix(40))\", expected one line of printable ASCII without white space"
          + " at its ends", field: "system")
    }
    return words
  }
}
