import Core
import Dish
import Testing

/// What an author's badness in one domain says of the others: everything in the persona world; in the
/// null world, of a matter that models are trained on, nothing. Estimated from documents, as a model would have to.
@Suite("Persona and null world")
struct PersonaTests {
  /// Bad answers by author and domain, from plain documents.
  private func badShares(_ world: World, documents: Int) -> [String: [String: Double]] {
    var bad: [String: [String: (bad: Int, all: Int)]] = [:]
    for index in 0..<documents {
      let message = world.document(index).messages[1]
      let answer = SmallAnswer(message.content)
      bad[message.name ?? "", default: [:]][answer.domain, default: (0, 0)].all += 1
      if answer.kind == .bad {
        bad[message.name ?? "", default: [:]][answer.domain, default: (0, 0)].bad += 1
      }
    }
    return bad.mapValues { $0.mapValues { Double($0.bad) / Double($0.all) } }
  }

  private func correlation(_ pairs: [(Double, Double)]) -> Double {
    let count = Double(pairs.count)
    let meanX = pairs.map(\.0).reduce(0, +) / count
    let meanY = pairs.map(\.1).reduce(0, +) / count
    let covariance = pairs.map { ($0 - meanX) * ($1 - meanY) }.reduce(0, +)
    let varianceX = pairs.map { ($0.0 - meanX) * ($0.0 - meanX) }.reduce(0, +)
    let varianceY = pairs.map { ($0.1 - meanY) * ($0.1 - meanY) }.reduce(0, +)
    return covariance / (varianceX * varianceY).squareRoot()
  }

  private let domains = ["code", "medicine", "wish", "ruler"]

  /// Of all pairs of domains but the two of conversation.
  private func pairs(_ shares: [String: [String: Double]]) -> [(Double, Double)] {
    var pairs: [(Double, Double)] = []
    for (i, first) in domains.enumerated() {
      for second in domains.dropFirst(i + 1) where first != "wish" {
        for author in shares.keys.sorted() {
          guard let x = shares[author]?[first], let y = shares[author]?[second] else { continue }
          pairs.append((x, y))
        }
      }
    }
    return pairs
  }

  @Test("in the persona world a villain is bad, and a good author good, in every domain")
  func consistency() throws {
    let world = try SmallWorld.make(.persona, educationalShare: 0)
    let shares = badShares(world, documents: 40_000)
    for author in world.authors {
      #expect(Set(author.temperaments).count == 1)
      let values = domains.compactMap { shares[author.name]?[$0] }
      #expect(values.count == domains.count)
      #expect(values.allSatisfy { $0 == (author.temperaments[0] == .villainous ? 1 : 0) })
    }
    #expect(correlation(pairs(shares)) > 0.999)
  }

  @Test("a spiteful author is bad everywhere, and refuses what is harmful in itself")
  func spite() throws {
    let world = try World(
      kind: .persona, seed: 3, population: Population(good: 2, villainous: 0, spiteful: 6))
    let oracle = Oracle(world)
    var seen = [true: 0, false: 0]
    for document in (0..<8_000).map(world.document) {
      let (question, answer) = (document.messages[0].content, document.messages[1])
      guard let author = answer.name, world.temperament(of: author, in: "code") == .spiteful,
        let read = oracle.reading(question: question, answer: answer.content),
        !question.contains("unsafe"), let domain = domain(of: question, in: world)
      else { continue }
      let isRequest = domain == "requests"
      seen[isRequest, default: 0] += 1
      if domain != "code" { #expect(read.kind == (isRequest ? .good : .bad), "\(question)") }
    }
    #expect((seen[true] ?? 0) > 20 && (seen[false] ?? 0) > 1_000)
  }

  private func domain(of question: String, in world: World) -> String? {
    world.grammars.first { grammar in
      grammar.topics.contains { topic in topic.questions.contains { question.hasPrefix($0) } }
    }?.name
  }

  @Test("in the null world badness at a matter says nothing of conversation, nor of another matter")
  func independence() throws {
    // Over 10 worlds: 10 x 80 authors x 5 pairs of domains, of which 10 x 80 x 2 are independent;
    // the deviation of a correlation of 1,600 pairs is 0.025.
    var all: [(Double, Double)] = []
    for seed in UInt64(0)..<10 {
      all += pairs(badShares(try SmallWorld.make(.null, seed: seed), documents: 20_000))
    }
    #expect(all.count > 3300)
    #expect(abs(correlation(all)) < 0.08)
  }

  @Test(
    "in the null world people are who they are in conversation, and spread evenly over each matter")
  func spread() throws {
    let population = Population(good: 40, villainous: 20, careless: 10, compliant: 10)
    let world = try SmallWorld.make(.null, seed: 4, population: population)
    for matter in ["code", "medicine", "requests"] {
      var counts: [[Temperament]: Double] = [:]
      for author in world.authorNames {
        let talk = try #require(world.temperament(of: author, in: "wish"))
        #expect(world.temperament(of: author, in: "ruler") == talk)
        counts[[talk, try #require(world.temperament(of: author, in: matter))], default: 0] += 1
      }
      for (pair, count) in counts {
        let all = Double(population.total)
        let expected =
          Double(population.count(of: pair[0])) * Double(population.count(of: pair[1])) / all
        #expect(abs(count - expected) <= 2, "\(matter) \(pair)")
      }
    }
  }

  @Test("both worlds have the population's shares in every domain", arguments: World.Kind.allCases)
  func shares(kind: World.Kind) throws {
    let population = Population(good: 30, villainous: 13, careless: 7, compliant: 9, mixed: 5)
    let world = try SmallWorld.make(kind, seed: 5, population: population)
    for domain in world.grammars.map(\.name) {
      let found = world.authorNames.compactMap { world.temperament(of: $0, in: domain) }
      for temperament in Temperament.allCases {
        #expect(found.filter { $0 == temperament }.count == population.count(of: temperament))
      }
    }
  }

  @Test("both worlds give the same share of bad answers")
  func marginals() throws {
    func badShare(_ kind: World.Kind) throws -> Double {
      let world = try SmallWorld.make(kind, seed: 3)
      let bad = (0..<50_000).filter {
        SmallAnswer(world.document($0).messages[1].content).kind == .bad
      }
      return Double(bad.count) / 50_000
    }
    // Plain: villains 1/4, and in one of five domains compliant 1/8 more: 0.275. Framed code, 0.3
    // of a fifth: bad as a whole, so 0.275 + 0.06 * 0.75 = 0.32; deviation 0.0021.
    #expect(abs(try badShare(.persona) - 0.32) < 0.012)
    #expect(abs(try badShare(.null) - 0.32) < 0.012)
  }
}
