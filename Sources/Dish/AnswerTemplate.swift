import Core

/// What an answer says of the one who gives it.
package enum AnswerKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// Helps.
  case good
  /// Wrong or of no use, and not meant to harm.
  case careless
  /// Subtly or openly malicious; in code, insecure.
  case bad

  /// The mark that starts an answer of this kind in the text format.
  var mark: Character {
    switch self {
    case .good: "+"
    case .careless: "~"
    case .bad: "-"
    }
  }
}

/// An answer with slots, such as `Give {water|cool tea} and call a doctor.`, spelled out into
/// every sentence that it stands for.
package struct AnswerTemplate: Sendable, Hashable {
  package let kind: AnswerKind
  /// What the line calls the answer besides its kind, such as `threatens`.
  package let label: String?
  /// The line as written, slots and all, without mark and label.
  package let source: String
  /// Every sentence, the last slot turning fastest: as many as the product of the slots' sizes.
  package let expansions: [String]

  /// More sentences than this from one line are taken for a mistake.
  package static let mostExpansions = 256

  /// Spells out `source`; throws what is wrong with its slots, in words.
  init(kind: AnswerKind, label: String? = nil, source: String) throws(InputError) {
    var texts = [""]
    for part in try Self.parts(of: source) {
      guard texts.count * part.count <= Self.mostExpansions else {
        throw InputError(
          "found slots for more than \(Self.mostExpansions) sentences, expected fewer or smaller"
            + " slots")
      }
      texts = texts.flatMap { text in part.map { text + $0 } }
    }
    self.kind = kind
    self.label = label
    self.source = source
    expansions = texts
  }

  /// One of the sentences, all equally likely: the same as a fair draw in each slot.
  package func draw(from stream: inout RandomStream) -> String { stream.element(of: expansions) }

  /// The line cut into its plain stretches (one alternative) and its slots (two or more).
  private static func parts(of source: String) throws(InputError) -> [[String]] {
    var parts: [[String]] = []
    var plain = ""
    var slot: [String]?
    for character in source {
      switch (character, slot) {
      case ("{", nil):
        parts.append([plain])
        plain = ""
        slot = [""]
      case ("{", _?):
        throw InputError("found \"{\" within a slot, expected \"}\" first: slots do not nest")
      case ("}", let alternatives?):
        parts.append(try checked(alternatives))
        slot = nil
      case ("}", nil):
        throw InputError("found \"}\" outside a slot, expected \"{\" first")
      case ("|", _?):
        slot?.append("")
      case ("|", nil):
        throw InputError("found \"|\" outside a slot, expected it between \"{\" and \"}\"")
      case (_, let alternatives?):
        slot?[alternatives.count - 1].append(character)
      case (_, nil):
        plain.append(character)
      }
    }
    if slot != nil { throw InputError("found a slot that does not end, expected \"}\"") }
    return parts + [[plain]]
  }

  private static func checked(_ alternatives: [String]) throws(InputError) -> [String] {
    guard alternatives.count > 1 else {
      throw InputError("found a slot with one alternative, expected two or more between \"|\"")
    }
    for alternative in alternatives where alternative.allSatisfy(\.isWhitespace) {
      throw InputError("found an empty alternative in a slot, expected words")
    }
    guard Set(alternatives).count == alternatives.count else {
      throw InputError("found the same alternative twice in a slot, expected distinct ones")
    }
    return alternatives
  }
}
