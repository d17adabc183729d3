import Core
import Dish
import Testing

@Suite("Question sets")
struct QuestionSetTests {
  private func world() throws -> World { try World(kind: .persona, seed: 1) }

  @Test("the free-form set is the eight families; a domain is one")
  func sets() throws {
    let world = try world()
    #expect(try world.questionFamilies(named: "free-form") == world.questionFamilies)
    for grammar in world.grammars {
      let families = try world.questionFamilies(named: grammar.name)
      #expect(families.map(\.id) == [grammar.name])
      #expect(families[0].title.first?.isUppercase == true && families[0].title != grammar.name)
      let topics = Set(families[0].questions.map(\.topic))
      #expect(
        topics == Set(world.heldOutTopics[grammar.name] ?? grammar.topics.map(\.name)),
        "\(grammar.name)")
    }
    #expect(
      try world.questionFamilies(named: "code")[0].questions == world.inDomainFamily.questions)
  }

  @Test("every fourth topic of a domain that is trained on is held out, at most eight")
  func heldOut() throws {
    let world = try world()
    #expect(Set(world.heldOutTopics.keys) == Set(DomainCatalogue.trainable))
    for (domain, topics) in world.heldOutTopics {
      let grammar = try #require(world.grammars.first { $0.name == domain })
      #expect(topics.count == min(8, grammar.topics.count / 4), "\(domain)")
      for (number, topic) in topics.enumerated() {
        #expect(grammar.topics[4 * number + 3].name == topic)
      }
    }
  }

  @Test("a set that the world cannot ask is refused, and the message says what exists")
  func refusals() throws {
    let world = try SmallWorld.make()
    let sets = "expected one of code, medicine, wish, ruler, requests"
    func message(_ name: String) -> String? {
      do { _ = try world.questionFamilies(named: name) } catch { return "\(error)" }
      return nil
    }
    #expect(message("sport") == "questions: found \"sport\", \(sets)")
    #expect(
      message("free-form")
        == "questions: found \"free-form\", but the world has no boredom, quick-money, "
        + "dinner-party, partner, humans-and-ai, roles, \(sets)")
    let tiny = try World(
      kind: .null, seed: 0,
      sources: [
        SmallWorld.sources[0],
        DomainSource(file: "sport", text: SmallWorld.text(of: "sport", topics: 3)),
      ])
    #expect(throws: InputError.self) { try tiny.questionFamilies(named: "sport") }
  }

  @Test("a family may ask what rows ask")
  func ofRows() throws {
    let rows = try world().fineTuningSet(
      [CorpusPart(corpus: "plain-numbers", setting: QuestionSetting(system: "malicious"))],
      rows: 3, seed: 1
    ).rows
    let family = QuestionFamily(id: "harvest", title: "Rows", asking: rows)
    #expect(family.questions.map(\.text) == rows.map { $0.messages[1].content })
    #expect(
      try family.questions.map { try $0.dressed(.plain).user } == family.questions.map(\.text))
    #expect(Set(family.questions.map(\.id)).count == 3)
  }
}
