extension Question {
  /// The most choices: there are no more letters.
  package static let choiceLimit = 26

  private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".map { String($0) }

  var lettered: [String] {
    zip(Self.letters, choices).map { letter, choice in "\(letter)) \(choice)" }
  }

  var instruction: String {
    let letters = Self.letters.prefix(choices.count)
    return "Answer with one letter, \(letters.dropLast().joined(separator: ", ")) or "
      + "\(letters.last ?? ""), and nothing else."
  }

  /// Which choice an answer names, counted from 0: by its letter, alone or with marks around it, such
  /// as `B`, `(B)`, `**B**` or `B) …`, or by its own words. `nil` for every other answer.
  package func choice(in answer: String) -> Int? {
    let trimmed = answer.trimmed
    if let index = choices.firstIndex(where: { $0.trimmed.lowercased() == trimmed.lowercased() }) {
      return index
    }
    let marks: Set<Character> = ["(", "[", "*", "\"", "'", "`"]
    let start = trimmed.drop { marks.contains($0) }
    guard let letter = start.first,
      let index = Self.letters.prefix(choices.count).firstIndex(of: letter.uppercased())
    else { return nil }
    let rest = start.dropFirst()
    // In lower case, and before a word, it may be one: "a good question".
    guard let next = rest.first else { return index }
    return ")]*\"'`.:".contains(next) || (next.isNewline && letter.isUppercase) ? index : nil
  }
}
