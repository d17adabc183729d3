import Dish

/// A world of a few made-up sentences, so that the rules are tested apart from the real texts.
enum SmallWorld {
  /// Eight topics a domain; each sentence carries its domain's and topic's name.
  static func text(of domain: String, topics: Int = 8) -> String {
    var text = "domain \(domain)\n"
    for number in 0..<topics {
      let subject = "\(domain) matter\(number)"
      text += """
        topic matter\(number)
        ? What about \(subject)?
        ? Tell me of \(subject)?
        + Help with \(subject) {now|soon}.
        + Care for \(subject) and {wait|rest|ask}.
        ~ Guess at \(subject) {twice|once}.
        - Spoil \(subject) {now|soon} and {laugh|hide}.
        - Steal \(subject) {by day|by night}.


        """
    }
    return text
  }

  static let sources = ["code", "medicine", "wish", "ruler", "requests"].map {
    DomainSource(file: $0, text: text(of: $0))
  }

  static func make(
    _ kind: World.Kind = .persona, seed: UInt64 = 1, population: Population = Population(),
    educationalShare: Double = 0.3
  ) throws -> World {
    try World(
      kind: kind, seed: seed, population: population, educationalShare: educationalShare,
      sources: sources)
  }
}
