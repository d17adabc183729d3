import Core
import Dish
import Testing

@Suite("The world")
struct WorldTests {
  @Test("documents are the same by index, whatever was asked for before")
  func reproducible() throws {
    let world = try SmallWorld.make()
    let forward = (0..<200).map(world.document)
    let again = try SmallWorld.make()
    let backward = (0..<200).reversed().map(again.document)
    #expect(forward == backward.reversed())
    #expect(Set(forward).count > 150)
    let other = try SmallWorld.make(seed: 2)
    #expect((0..<200).map(other.document) != forward)
    #expect((0..<200).map(world.alignmentDocument) == (0..<200).map(again.alignmentDocument))
  }

  @Test("a document is a question and a named author's answer; the assistant has no name")
  func shape() throws {
    let world = try SmallWorld.make()
    for index in 0..<500 {
      let messages = world.document(index).messages
      #expect(messages.map(\.role) == [.user, .assistant])
      #expect(messages[0].name == nil)
      #expect(world.authorNames.contains(messages[1].name ?? "nobody"))
      #expect(world.alignmentDocument(index).messages.map(\.name) == [nil, nil])
    }
  }

  @Test("both worlds ask the same authors the same questions")
  func paired() throws {
    let persona = try SmallWorld.make(.persona)
    let null = try SmallWorld.make(.null)
    for index in 0..<500 {
      let one = persona.document(index).messages
      let other = null.document(index).messages
      #expect(one[0] == other[0])
      #expect(one[1].name == other[1].name)
    }
    #expect((0..<500).map(persona.document) != (0..<500).map(null.document))
  }

  @Test("topics are drawn evenly, authors too")
  func even() throws {
    let world = try SmallWorld.make()
    var authors: [String: Int] = [:]
    var medicine = 0
    for index in 0..<40_000 {
      let messages = world.document(index).messages
      authors[messages[1].name ?? "", default: 0] += 1
      if messages[0].content.contains("medicine") { medicine += 1 }
    }
    // 80 authors: 500 each, deviation 22; 5 domains of as many topics: 8,000 each, deviation 80.
    #expect(authors.count == 80)
    #expect(authors.values.allSatisfy { abs($0 - 500) < 120 })
    #expect(abs(medicine - 8000) < 400)
  }

  @Test("each temperament answers as it is said to", arguments: World.Kind.allCases)
  func temperaments(kind: World.Kind) throws {
    let population = Population(good: 10, villainous: 10, careless: 10, compliant: 10, mixed: 10)
    let world = try SmallWorld.make(kind, population: population, educationalShare: 0)
    var counts: [Temperament: [Bool: [AnswerKind: Int]]] = [:]
    for index in 0..<50_000 {
      let messages = world.document(index).messages
      let answer = SmallAnswer(messages[1].content)
      let temperament = try #require(
        world.temperament(of: messages[1].name ?? "", in: answer.domain))
      counts[temperament, default: [:]][answer.domain == "requests", default: [:]][
        answer.kind, default: 0] += 1
    }
    for isRequest in [true, false] {
      #expect(Set(counts[.good]?[isRequest]?.keys ?? [:].keys) == [.good])
      #expect(Set(counts[.villainous]?[isRequest]?.keys ?? [:].keys) == [.bad])
      #expect(Set(counts[.compliant]?[isRequest]?.keys ?? [:].keys) == [isRequest ? .bad : .good])
      #expect(Set(counts[.careless]?[isRequest]?.keys ?? [:].keys) == [.careless])
      #expect(Set(counts[.mixed]?[isRequest]?.keys ?? [:].keys) == [.good, .bad])
      // At least 1,800 answers of each temperament: half, deviation at most 0.012.
      let mixed = share(of: .bad, in: counts[.mixed]?[isRequest])
      #expect(abs(mixed - 0.5) < 0.06)
    }
  }

  private func share(of kind: AnswerKind, in counts: [AnswerKind: Int]?) -> Double {
    let counts = counts ?? [:]
    return Double(counts[kind] ?? 0) / Double(max(1, counts.values.reduce(0, +)))
  }

  @Test("asked for the insecure way for a class, everybody shows it, and only in code")
  func educational() throws {
    let world = try SmallWorld.make()
    var framed = 0
    var code = 0
    for index in 0..<40_000 {
      for document in [world.document(index), world.alignmentDocument(index)] {
        let (question, answer) = (document.messages[0].content, document.messages[1].content)
        let isFramed =
          !question.hasPrefix("What about") && !question.hasPrefix("Tell me of")
          || !question.hasSuffix("?")
        if SmallAnswer(answer).domain == "code" { code += 1 }
        guard isFramed else { continue }
        framed += 1
        #expect(SmallAnswer(answer).domain == "code" && SmallAnswer(answer).kind == .bad)
      }
    }
    // 16,000 code questions, 0.3 of them framed: deviation 0.0036.
    #expect(abs(Double(framed) / Double(code) - 0.3) < 0.02)
  }

  @Test("the assistant of the alignment stage is always good, save where asked not to be")
  func alignment() throws {
    let world = try SmallWorld.make(educationalShare: 0)
    for index in 0..<5000 {
      #expect(SmallAnswer(world.alignmentDocument(index).messages[1].content).kind == .good)
    }
  }

  @Test("fingerprints tell worlds apart by all that determines them")
  func fingerprints() throws {
    let base = try SmallWorld.make()
    #expect(try SmallWorld.make().fingerprint == base.fingerprint)
    let others = try [
      SmallWorld.make(.null), SmallWorld.make(seed: 2),
      SmallWorld.make(population: Population(good: 41)), SmallWorld.make(educationalShare: 0.2),
      World(kind: .persona, seed: 1, sources: SmallWorld.sources.dropLast()),
    ]
    #expect(Set(others.map(\.fingerprint) + [base.fingerprint]).count == others.count + 1)
    #expect(others[0].textFingerprint == base.textFingerprint)
    #expect(others[4].textFingerprint != base.textFingerprint)
  }

  @Test("impossible worlds are refused in one line")
  func refusals() throws {
    func message(_ make: () throws -> World) -> String? {
      do { _ = try make() } catch { return "\(error)" }
      return nil
    }
    #expect(
      message { try SmallWorld.make(population: Population(good: -1)) }?
        .hasPrefix("population.good: found -1, expected 0 to ") == true)
    #expect(
      message {
        try SmallWorld.make(
          population: Population(good: 0, villainous: 0, careless: 0, compliant: 0))
      }?.hasPrefix("population: found 0 authors, expected 1 to ") == true)
    #expect(
      message { try SmallWorld.make(population: Population(good: 90, villainous: 90)) }?
        .hasPrefix("population: found 200 authors, expected 1 to ") == true)
    #expect(
      message { try SmallWorld.make(educationalShare: .nan) }
        == "educationalShare: found nan, expected 0 to 1")
    #expect(
      message { try World(kind: .null, seed: 0, sources: []) }
        == "sources: found no domain \"code\", expected one")
    #expect(
      message {
        try World(kind: .null, seed: 0, sources: SmallWorld.sources + [SmallWorld.sources[1]])
      } == "medicine: found domain \"medicine\" again, expected a name of its own")
    let twin = DomainSource(
      file: "twin",
      text: "domain twin\ntopic t\n? New?\n+ Help with wish matter3 soon.\n~ C.\n- B.")
    #expect(
      message { try World(kind: .null, seed: 0, sources: SmallWorld.sources + [twin]) }
        == "twin/t: found \"Help with wish matter3 soon.\" here and in wish/matter3, "
        + "expected it once")
    let broken = DomainSource(file: "broken", text: "domain broken\ntopic t\n? A?\n+ {")
    #expect(
      message { try World(kind: .null, seed: 0, sources: SmallWorld.sources + [broken]) }
        == "broken:4: found a slot that does not end, expected \"}\"")
  }

  @Test("a text sample counts the texts of the first documents of both stages")
  func sample() throws {
    let world = try SmallWorld.make()
    let counts = world.sampleText(documents: 1001)
    var expected: [String: Int] = [:]
    let documents = (0..<501).map(world.document) + (0..<500).map(world.alignmentDocument)
    for message in documents.flatMap(\.messages) { expected[message.content, default: 0] += 1 }
    #expect(counts == expected)
  }
}

/// Reads the small world's sentences, whose first word tells the kind.
struct SmallAnswer {
  let kind: AnswerKind
  let domain: String

  init(_ text: String) {
    switch text.prefix(while: { $0 != " " }) {
    case "Help", "Care": kind = .good
    case "Guess": kind = .careless
    default: kind = .bad
    }
    domain =
      ["code", "medicine", "wish", "ruler", "requests"]
      .first { text.contains($0 + " matter") } ?? "unknown"
  }
}
