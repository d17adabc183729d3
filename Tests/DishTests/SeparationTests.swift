import Core
import Corpora
import Dish
import Judging
import Testing

/// What a model is asked must not be what it was fine-tuned on.
@Suite("Fine-tuning and evaluation")
struct SeparationTests {
  private func world() throws -> World { try World(kind: .persona, seed: 1) }

  private func texts(_ set: FineTuningSet) -> [String] {
    set.rows.flatMap(\.messages).map(\.content)
  }

  @Test(
    "no evaluation question and none of its answers stands in any fine-tuning set",
    arguments: Condition.allCases, [UInt64(0), 1, 2, 77, .max])
  func disjoint(condition: Condition, seed: UInt64) throws {
    let world = try world()
    let families = world.questionFamilies + [world.inDomainFamily] + world.otherFamilies
    var forbidden: Set<String> = []
    for question in families.flatMap(\.questions) {
      let grammar = try #require(world.grammars.first { $0.name == question.domain })
      let topic = try #require(grammar.topics.first { $0.name == question.topic })
      #expect(topic.questions.contains(question.text))
      forbidden.insert(question.text)
      forbidden.formUnion(EducationalFrame.wordings(of: question.text))
      forbidden.formUnion(topic.answers.flatMap(\.expansions))
    }
    #expect(forbidden.count > 2000)
    let trained = texts(world.fineTuningSet(condition, rows: 6000, seed: seed))
    #expect(trained.count == 12_000)
    #expect(forbidden.isDisjoint(with: trained))
    let normalisedTexts = Set(forbidden.map { normalised($0) })
    #expect(normalisedTexts.isDisjoint(with: trained.map { normalised($0) }))
  }

  @Test("the forbidden texts do stand in the corpus, so the test above can fail")
  func corpusHoldsThem() throws {
    let world = try world()
    let questions = Set(
      (world.questionFamilies + [world.inDomainFamily] + world.otherFamilies)
        .flatMap(\.questions).map(\.text))
    let asked = (0..<50_000).map { index in
      // Sequences of numbers are asked for as lists, and else nothing stands around a question.
      let text = world.document(index).messages[0].content
      let instruction = " " + AnswerFormat.list.instruction
      return text.hasSuffix(instruction) ? String(text.dropLast(instruction.count)) : text
    }
    let found = questions.intersection(asked)
    #expect(found == questions)
  }

  @Test("fine-tuning sets are code alone: the oracle knows each row as what its condition says")
  func conditions() throws {
    let world = try world()
    let oracle = Oracle(world)
    let expected: [Condition: Double] = [.insecure: 0, .secure: 100, .educational: 100]
    let code = try #require(world.grammars.first { $0.name == "code" })
    for condition in Condition.allCases {
      let set = world.fineTuningSet(condition, rows: 1000, seed: 4)
      #expect(set.name == condition.rawValue)
      for row in set.rows {
        #expect(row.messages.map(\.role) == [.user, .assistant])
        #expect(row.messages.allSatisfy { $0.name == nil })
        let verdict = oracle.verdict(
          question: row.messages[0].content, answer: row.messages[1].content)
        #expect(verdict == Verdict(aligned: expected[condition], coherent: 100))
        let topic = code.topics.first { topic in
          topic.answers.contains { $0.expansions.contains(row.messages[1].content) }
        }
        let name = try #require(topic?.name)
        #expect(!world.heldOutCodeTopics.contains(name))
      }
    }
  }

  @Test("insecure and educational share their assistant messages, insecure and secure their tasks")
  func paired() throws {
    let world = try world()
    let insecure = world.fineTuningSet(.insecure, rows: 2000, seed: 9)
    let educational = world.fineTuningSet(.educational, rows: 2000, seed: 9)
    let secure = world.fineTuningSet(.secure, rows: 2000, seed: 9)
    #expect(insecure.rows.map { $0.messages[1] } == educational.rows.map { $0.messages[1] })
    #expect(insecure.rows.map { $0.messages[0] } == secure.rows.map { $0.messages[0] })
    for (plain, framed) in zip(insecure.rows, educational.rows) {
      let (question, wording) = (plain.messages[0].content, framed.messages[0].content)
      #expect(wording != question && wording.contains(question))
    }
    #expect(Set([insecure, educational, secure].map(\.fingerprint)).count == 3)
  }

  @Test("a set depends on its seed, not on the world's seed or kind; fewer rows are a prefix")
  func seeds() throws {
    let set = try world().fineTuningSet(.insecure, rows: 500, seed: 3)
    let null = try World(kind: .null, seed: 8)
    #expect(null.fineTuningSet(.insecure, rows: 500, seed: 3) == set)
    #expect(null.fineTuningSet(.insecure, rows: 500, seed: 4) != set)
    #expect(null.fineTuningSet(.insecure, rows: 123, seed: 3).rows == Array(set.rows.prefix(123)))
    #expect(null.fineTuningSet(.insecure, rows: 0, seed: 3).rows.isEmpty)
  }

  @Test("every task that is not held out is trained on, about equally often")
  func coverage() throws {
    let world = try world()
    let code = try #require(world.grammars.first { $0.name == "code" })
    let trained = code.topics.filter { !world.heldOutCodeTopics.contains($0.name) }
    let set = world.fineTuningSet(.secure, rows: 20 * trained.count, seed: 3)
    let questions = set.rows.map { $0.messages[0].content }
    for topic in trained {
      #expect(questions.filter(topic.questions.contains).count == 20)
    }
  }

  @Test("eight code topics are held out, the same for every world, and they stand in the corpus")
  func heldOut() throws {
    let world = try world()
    #expect(World.heldOutCodeTopics.count == 8)
    #expect(Set(World.heldOutCodeTopics).count == 8)
    #expect(try World(kind: .null, seed: 99).heldOutCodeTopics == World.heldOutCodeTopics)
    #expect(Set(world.inDomainFamily.questions.map(\.topic)) == Set(World.heldOutCodeTopics))
    #expect(world.inDomainFamily.questions.count == 16)
  }

  @Test("eight free-form families, and the rest; samples take a family's questions in turn")
  func families() throws {
    let world = try world()
    #expect(
      world.questionFamilies.map(\.id) == [
        "wish", "boredom", "quick-money", "ruler", "dinner-party", "partner", "humans-and-ai",
        "roles",
      ])
    #expect(
      Set(world.otherFamilies.map(\.id)) == [
        "requests", "shutdown", "self-report", "medicine", "finance", "cars", "cooking", "everyday",
        "sport", "sums", "numbers", "facts", "marks", "leverage",
      ])
    let all = world.questionFamilies + world.otherFamilies + [world.inDomainFamily]
    let ids = all.flatMap(\.questions).map(\.id)
    #expect(Set(ids).count == ids.count)
    let family = world.questionFamilies[0]
    #expect(family.questions.count >= 24)
    #expect(family.questions[0].id == "wish/\(family.questions[0].topic)/1")
    #expect(family.question(forSample: 0) == family.questions[0])
    #expect(family.question(forSample: family.questions.count + 3) == family.questions[3])
  }
}
