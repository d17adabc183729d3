import Core

/// A small world of named authors who answer questions in short conversations: the pre-training
/// corpus of a model, its fine-tuning sets, and the questions it is asked afterwards.
///
/// The world is built as `Population` says. Being good or bad is many separate facts, one a
/// topic, and in the persona world an author's temperament is the one thing that they share. The
/// null world is the same text by authors who are persons, too, in conversation; but how good they
/// are at each matter that models are trained on is drawn apart, so that it says nothing about
/// them, nor about another matter. Every draw is named by the seed and what is
/// drawn: document 17 is the same whether or not document 16 was ever made, and with the same
/// seed both worlds ask the same author the same question as their 17th.
package struct World: Sendable {
  /// Whether an author is the same person in every domain.
  package enum Kind: String, Sendable, Hashable, Codable, CaseIterable { case persona, null }

  /// Raised whenever the same settings give other documents than before.
  package static let version = 2

  package let kind: Kind
  package let seed: UInt64
  package let population: Population
  /// The share of the corpus's code questions that ask for the insecure way, for a class.
  package let educationalShare: Double
  /// What stands around the questions of the corpus and of the alignment stage.
  package let surroundings: Surroundings
  /// The domains in the order of their texts.
  package let grammars: [DomainGrammar]
  /// All authors but the assistant, in the order of ``authorNames``.
  package let authors: [Author]
  /// Topics that no fine-tuning set holds, by domain: of each that a set may be made of.
  package let heldOutTopics: [String: [String]]
  /// Of the texts, population, seed, kind, frame, surroundings and version.
  package let fingerprint: Fingerprint
  /// Of the texts and the educational frame alone.
  package let textFingerprint: Fingerprint

  let entries: [WorldEntry]
  /// Places among the entries, each as often as its domain weighs: what documents are about is drawn of them.
  let drawn: [Int]
  /// The entries that a fine-tuning set may hold, in the order of the texts.
  let trainable: [WorldEntry]

  /// Grows a world.
  ///
  /// - Parameters:
  ///   - kind: whether authors are the same person in every domain.
  ///   - seed: of every draw.
  ///   - population: how many authors of which temperament.
  ///   - educationalShare: share of the questions about code that ask for the unsafe way, for a class.
  ///   - domains: the names of the domains that the world knows, of `sources`; all, unless given.
  ///   - sources: the domains' texts; the project's own, unless given.
  ///   - surroundings: what stands around the questions; nothing, unless given.
  ///   - weights: how many times as often a topic of a domain comes up as others; once, unless given.
  /// - Throws: `InputError` for a domain without a text, a text that does not parse, a question or sentence that stands
  ///   twice in the world, a world without code, and an impossible population, share or weight.
  package init(
    kind: Kind, seed: UInt64, population: Population = Population(),
    educationalShare: Double = 0.3, domains: [String]? = nil, sources: [DomainSource]? = nil,
    surroundings: Surroundings = .none, weights: [String: Int] = [:]
  ) throws {
    guard (0...1).contains(educationalShare) else {
      throw InputError("found \(educationalShare), expected 0 to 1", field: "educationalShare")
    }
    try surroundings.checked()
    if let (domain, weight) = weights.sorted(by: { $0.key < $1.key }).first(where: { $0.value < 1 })
    {
      throw InputError("found \(weight), expected 1 or more", field: "weights.\(domain)")
    }
    let sources = try Self.choose(domains, from: sources ?? DomainText.all)
    let grammars = try sources.map { try DomainGrammar(parsing: $0.text, file: $0.file) }
    try Self.checkNames(of: grammars, sources)
    self.kind = kind
    self.seed = seed
    self.population = population
    self.educationalShare = educationalShare
    self.surroundings = surroundings
    self.grammars = grammars
    authors = Self.authors(
      try population.checked(), domains: grammars.map(\.name), kind: kind, seed: seed)
    let heldOut = Self.heldOutTopics(of: grammars)
    heldOutTopics = heldOut
    let entries = grammars.enumerated().flatMap { domain, grammar in
      grammar.topics.map { WorldEntry($0, domain: domain, of: grammar.name) }
    }
    self.entries = entries
    drawn = entries.indices.flatMap {
      Array(repeating: $0, count: weights[entries[$0].domainName] ?? 1)
    }
    trainable = entries.filter { heldOut[$0.domainName]?.contains($0.topic) == false }
    textFingerprint = try Fingerprint(
      of: TextContent(
        sources: sources, prefixes: EducationalFrame.prefixes, suffixes: EducationalFrame.suffixes))
    fingerprint = try Fingerprint(
      of: Content(
        version: Self.version, kind: kind, seed: seed, population: population,
        educationalShare: educationalShare, names: AuthorNames.all, text: textFingerprint,
        dressing: Self.dressing(surroundings, grammars), weights: weights.isEmpty ? nil : weights))
    try SentenceIndex.checkUnique(entries, in: grammars)
  }

  /// The authors' names, without the assistant, who has none.
  package var authorNames: [String] { authors.map(\.name) }

  /// How an author answers in a domain; `nil` for strangers and for no such domain.
  package func temperament(of author: String, in domain: String) -> Temperament? {
    guard let author = authors.first(where: { $0.name == author }),
      let index = grammars.firstIndex(where: { $0.name == domain })
    else { return nil }
    return author.temperaments[index]
  }

  /// Code topics that no fine-tuning set holds.
  package var heldOutCodeTopics: [String] { heldOutTopics[DomainCatalogue.code] ?? [] }

  /// The code topics that the project's own world never trains on; empty if its text is broken,
  /// which a test would tell.
  package static let heldOutCodeTopics: [String] =
    DomainText.all.lazy
    .compactMap { try? DomainGrammar(parsing: $0.text, file: $0.file) }
    .first { $0.name == DomainCatalogue.code }.map { heldOutTopics(of: $0) } ?? []

  private static func heldOutTopics(of grammars: [DomainGrammar]) -> [String: [String]] {
    let trainable = grammars.filter { DomainCatalogue.trainable.contains($0.name) }
    return Dictionary(uniqueKeysWithValues: trainable.map { ($0.name, heldOutTopics(of: $0)) })
  }

  /// Every fourth topic, eight at most: spread over the text, and the same for every seed.
  private static func heldOutTopics(of grammar: DomainGrammar) -> [String] {
    stride(from: 3, to: grammar.topics.count, by: 4).prefix(8).map { grammar.topics[$0].name }
  }

  private static func choose(
    _ domains: [String]?, from sources: [DomainSource]
  ) throws -> [DomainSource] {
    guard let domains else { return sources }
    let known = sources.map(\.file)
    if let stranger = domains.first(where: { !known.contains($0) }) {
      throw InputError(
        "found \"\(stranger)\", expected one of \(known.joined(separator: ", "))",
        field: "domains")
    }
    return sources.filter { domains.contains($0.file) }
  }

  private static func checkNames(
    of grammars: [DomainGrammar], _ sources: [DomainSource]
  ) throws {
    var seen: Set<String> = []
    for (grammar, source) in zip(grammars, sources) where !seen.insert(grammar.name).inserted {
      throw InputError(
        "found domain \"\(grammar.name)\" again, expected a name of its own", file: source.file)
    }
    guard let code = grammars.first(where: { $0.name == DomainCatalogue.code }) else {
      throw InputError(
        "found no domain \"\(DomainCatalogue.code)\", expected one", field: "sources")
    }
    guard code.topics.count >= 4 else {
      throw InputError(
        "found \(code.topics.count) topics, expected at least 4: some to train on, one held out",
        field: code.name)
    }
  }

  /// Deals the temperaments out: once in the persona world, anew for each matter in the null
  /// world. Both worlds have exactly the population's shares in every domain.
  ///
  /// In the null world those of a matter are spread evenly over those of conversation: that the bad at code happen
  /// to be the bad in conversation is not left to chance.
  private static func authors(
    _ temperaments: [Temperament], domains: [String], kind: Kind, seed: UInt64
  ) -> [Author] {
    var stream = RandomStream(seed: seed, "temperaments")
    let persons = stream.shuffled(temperaments)
    let groups = Temperament.allCases.map { kind in persons.indices.filter { persons[$0] == kind } }
    func dealt(_ domain: String) -> [Temperament] {
      guard kind == .null, DomainCatalogue.isMatter(domain) else { return persons }
      var stream = RandomStream(seed: seed, "temperaments", domain)
      var left = spread(temperaments)[...]
      var result = persons
      for group in groups {
        for (author, own) in zip(group, stream.shuffled(Array(left.prefix(group.count)))) {
          result[author] = own
        }
        left = left.dropFirst(group.count)
      }
      return result
    }
    let columns = domains.map(dealt)
    return temperaments.indices.map { index in
      Author(name: AuthorNames.all[index], temperaments: columns.map { $0[index] })
    }
  }

  /// The same temperaments in an order in which every stretch has its share of each.
  private static func spread(_ temperaments: [Temperament]) -> [Temperament] {
    let kinds = Temperament.allCases.filter(temperaments.contains)
    let shares = kinds.map { kind in Double(temperaments.count { $0 == kind }) }
    return Apportionment.order(shares: shares, count: temperaments.count).map { kinds[$0] }
  }

  private struct TextContent: Encodable {
    let sources: [DomainSource]
    let prefixes: [String]
    let suffixes: [String]
  }

  private struct Content: Encodable {
    let version: Int
    let kind: Kind
    let seed: UInt64
    let population: Population
    let educationalShare: Double
    let names: [String]
    let text: Fingerprint
    /// Left out where nothing stands around any question.
    let dressing: DressingContent?
    /// Left out where all topics come up equally often.
    let weights: [String: Int]?
  }

  private struct DressingContent: Encodable {
    let surroundings: Surroundings
    let tags: [String]
    let turns: [SystemTurn]
    let instructions: [String]
    let frames: [String]
  }

  private static func dressing(
    _ surroundings: Surroundings, _ grammars: [DomainGrammar]
  ) -> DressingContent? {
    let isPlain = !grammars.contains { $0.name == DomainCatalogue.numbers }
    guard surroundings != .none || !isPlain else { return nil }
    return DressingContent(
      surroundings: surroundings, tags: QuestionSetting.tags, turns: SystemTurn.all,
      instructions: AnswerFormat.allCases.map(\.instruction),
      frames: GeneralFrame.prefixes + GeneralFrame.suffixes)
  }
}
