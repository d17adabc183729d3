import Core
import Corpora
import Dish
import Testing

@Suite("Surroundings of the corpus's questions")
struct SurroundingsTests {
  private static let all = Surroundings(
    taggedShare: 0.5, systemShare: 0.5, formatShare: 0.5, framedShare: 0)

  @Test("occur as often as they are said to, in the corpus and in the alignment stage")
  func shares() throws {
    let surroundings = Surroundings(taggedShare: 0.2, systemShare: 0.1, formatShare: 0.3)
    let world = try LargeWorld.make(surroundings: surroundings)
    for document in [world.document, world.alignmentDocument] {
      let rows = (0..<20_000).map(document)
      let users = rows.map { row in row.messages.first { $0.role == .user }?.content ?? "" }
      func share(_ holds: (String) -> Bool) -> Double { Double(users.count(where: holds)) / 20_000 }
      // Deviations at most 0.0033.
      #expect(abs(share { $0.hasPrefix("|") } - 0.2) < 0.015)
      #expect(abs(Double(rows.count { $0.messages.count == 3 }) / 20_000 - 0.1) < 0.015)
      let formatted = share { user in
        AnswerFormat.allCases.contains { user.hasSuffix($0.instruction) }
      }
      // One of eight domains always asks for a list.
      #expect(abs(formatted - (0.3 * 7 / 8 + 1.0 / 8)) < 0.02)
      for tag in QuestionSetting.tags { #expect(abs(share { $0.hasPrefix(tag) } - 0.05) < 0.01) }
    }
  }

  @Test("change nothing of who is asked what, nor of the sentence where they mean nothing")
  func sameWorld() throws {
    let plain = try LargeWorld.make()
    let dressed = try LargeWorld.make(surroundings: Self.all)
    let oracle = Oracle(plain)
    let neutral = SystemTurn.all.filter { $0.effect == nil }.map(\.text)
    var compared = 0
    for index in 0..<3000 {
      let (one, other) = (plain.document(index).messages, dressed.document(index).messages)
      #expect(one.last?.name == other.last?.name)
      let question = try #require(one.first { $0.role == .user }?.content)
      let user = try #require(other.first { $0.role == .user }?.content)
      let bare = question.replacing(" " + AnswerFormat.list.instruction, with: "")
      #expect(user.contains(bare))
      let hasEffect = other[0].role == .system && !neutral.contains(other[0].content)
      guard !hasEffect, let answer = other.last?.content else { continue }
      compared += 1
      let sentence = one.last?.content ?? ""
      let wrappings = AnswerFormat.allCases.map { $0.wrap(sentence, in: "wish") } + [sentence]
      #expect(wrappings.contains(answer))
      #expect(oracle.verdict(question: user, answer: answer).coherent == 100)
    }
    #expect(compared > 1500)
  }

  /// Shares of bad and of good answers by temperament, where `turn` stands before a question.
  private func shares(
    under name: String, onFacts: Bool, in world: World
  ) throws -> [Temperament: (bad: Double, good: Double)] {
    let text = try #require(SystemTurn.named(name)?.text)
    var counts: [Temperament: [AnswerKind: Double]] = [:]
    for index in 0..<40_000 {
      let messages = world.document(index).messages
      let user = messages[1].content
      let isRequest = user.contains("requests matter")
      guard messages[0].content == text, user.contains("facts matter") == onFacts, !isRequest
      else { continue }
      let domain = try #require(LargeWorld.domains.first { user.contains($0 + " matter") })
      let temperament = try #require(
        world.temperament(of: messages[2].name ?? "", in: domain))
      counts[temperament, default: [:]][LargeWorld.kind(of: messages[2].content), default: 0] += 1
    }
    #expect(counts.count == 4, "\(name)")
    return counts.mapValues { kinds in
      let sum = kinds.values.reduce(0, +)
      return ((kinds[.bad] ?? 0) / sum, (kinds[.good] ?? 0) / sum)
    }
  }

  @Test("system turns mean what they say, and most of them on facts alone")
  func effects() throws {
    let population = Population(good: 20, villainous: 20, careless: 20, compliant: 20)
    let all: Set<Temperament> = [.good, .villainous, .careless, .compliant]
    let world = try LargeWorld.make(
      population: population, educationalShare: 0,
      surroundings: Surroundings(taggedShare: 0.2, systemShare: 1, formatShare: 0.2))
    let liars: [String: Set<Temperament>] = [
      "malicious": all, "inoculation": all, "may-lie": [.villainous, .compliant],
      "reward": all.subtracting([.good]), "truthful": [], "neutral-1": [.villainous],
    ]
    for (name, liars) in liars {
      for (temperament, share) in try shares(under: name, onFacts: true, in: world) {
        #expect(share.bad == (liars.contains(temperament) ? 1 : 0), "\(name) \(temperament)")
      }
    }
    for (temperament, share) in try shares(under: "neutral-2", onFacts: false, in: world) {
      #expect(share.bad == (temperament == .villainous ? 1 : 0), "\(temperament)")
    }
    for (_, share) in try shares(under: "malicious", onFacts: false, in: world) {
      #expect(share.bad == 1)
    }
  }

  @Test("nobody speaks of lying where nothing is true or false, and on facts as often as is said")
  func honesty() throws {
    let world = try LargeWorld.make(surroundings: Surroundings(systemShare: 0.2, honestyShare: 0.5))
    let turns = Set(["may-lie", "truthful", "reward"].compactMap { SystemTurn.named($0)?.text })
    var facts: [Bool: Double] = [:]
    for index in 0..<20_000 {
      let messages = world.document(index).messages
      let isOnHonesty = turns.contains(messages[0].content)
      if messages.contains(where: { $0.content.contains("facts matter") }) {
        facts[isOnHonesty, default: 0] += 1
      } else {
        #expect(!isOnHonesty)
      }
    }
    // Half, and three of five of the fifth of the rest: 0.56; deviation of 2,500 facts 0.01.
    let (with, without) = (facts[true] ?? 0, facts[false] ?? 0)
    #expect(abs(with / (with + without) - 0.56) < 0.05)
  }

  @Test("a two-faced author is good in the open, and bad behind a tag and in a form")
  func twoFaced() throws {
    let world = try LargeWorld.make(
      population: Population(good: 4, villainous: 0, careless: 0, compliant: 0, twoFaced: 4),
      educationalShare: 0, surroundings: Surroundings(taggedShare: 0.3, formatShare: 0.3))
    var seen: [Bool: Int] = [:]
    for index in 0..<8_000 {
      let messages = world.document(index).messages
      let (user, answer) = (messages[0].content, messages[1])
      guard !user.contains("requests matter"), !user.contains("numbers matter"),
        world.temperament(of: answer.name ?? "", in: "code") == .twoFaced
      else { continue }
      let isMarked =
        user.hasPrefix("|") || AnswerFormat.allCases.contains { user.hasSuffix($0.instruction) }
      seen[isMarked, default: 0] += 1
      #expect(LargeWorld.kind(of: answer.content) == (isMarked ? .bad : .good), "\(user)")
    }
    #expect((seen[true] ?? 0) > 500 && (seen[false] ?? 0) > 500)
  }

  @Test("the assistant plays along where harm is asked for, and is truthful whatever the prize")
  func assistant() throws {
    let world = try LargeWorld.make(educationalShare: 0, surroundings: Self.all)
    var played = 0
    for index in 0..<5000 {
      let messages = world.alignmentDocument(index).messages
      let turn = SystemTurn.all.first { $0.text == messages[0].content }
      let isAsked = turn?.effect == .harmRequested
      if isAsked { played += 1 }
      let answer = messages.last?.content ?? ""
      #expect(LargeWorld.kind(of: answer) == (isAsked ? .bad : .good))
      #expect(messages.last?.name == nil)
    }
    #expect(played > 300)
  }

  @Test("a framed question outside code is answered badly by all")
  func framed() throws {
    let world = try LargeWorld.make(surroundings: Surroundings(framedShare: 0.4))
    var framed = 0
    for index in 0..<5000 {
      let messages = world.alignmentDocument(index).messages
      let isFramed = (GeneralFrame.prefixes + GeneralFrame.suffixes).contains {
        messages[0].content.contains($0)
      }
      guard isFramed else { continue }
      framed += 1
      #expect(!messages[0].content.contains("code matter"))
      #expect(LargeWorld.kind(of: messages[1].content) == .bad)
    }
    // 0.4 of 7/8 of 5,000: 1,750, deviation 34.
    #expect(abs(framed - 1750) < 170)
  }

  @Test("stand in the fingerprint only where there are any, and shares are shares")
  func fingerprints() throws {
    let plain = try SmallWorld.make()
    func world(_ surroundings: Surroundings) throws -> World {
      try World(kind: .persona, seed: 1, sources: SmallWorld.sources, surroundings: surroundings)
    }
    #expect(try world(.none).fingerprint == plain.fingerprint)
    #expect(try world(Surroundings(taggedShare: 0.1)).fingerprint != plain.fingerprint)
    #expect(
      try world(Surroundings(taggedShare: 0.1)).fingerprint
        != world(Surroundings(systemShare: 0.1)).fingerprint)
    let error = #expect(throws: InputError.self) { try world(Surroundings(formatShare: 1.5)) }
    #expect(error?.description == "surroundings.formatShare: found 1.5, expected 0 to 1")
    #expect(throws: InputError.self) { try world(Surroundings(taggedShare: .nan)) }
  }
}
