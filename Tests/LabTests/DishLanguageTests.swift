import Core
import Dish
import Engine
import Formats
import Lab
import Testing

@Suite struct DishLanguageTests {
  private static let world = try? World(kind: .persona, seed: 1)

  private func language() throws -> DishLanguage {
    try DishLanguage(
      DishLanguage.train(
        try #require(Self.world), LanguageSettings(documents: 500, vocabularySize: 600)))
  }

  @Test("Training the tokenizer twice gives the same file")
  func repeatable() throws {
    #expect(try language().tokenizer.json() == language().tokenizer.json())
  }

  @Test("A document comes back from its tokens, and its author is one token")
  func roundTrip() throws {
    let language = try language()
    let world = try #require(Self.world)
    for index in 0..<50 {
      let document = world.document(index)
      let question = try #require(document.messages.first?.content)
      let answer = try #require(document.messages.last)
      let tokens = try language.sequence(document).tokens
      #expect(
        language.text(of: tokens)
          == "<|user|>\(question)<|\(answer.name ?? "assistant")|>\(answer.content)<|end|>")
      let author = try #require(language.tokenizer.id(of: ChatFormat.author(answer.name)))
      #expect(tokens.count { $0 == Int32(author) } == 1)
    }
  }

  // By hand: of <|user|> q <|assistant|> a <|end|> the answer's tokens and the end are trained, so
  // that the trained tokens decode to the answer and the end.
  @Test("Only the answer and its end are trained, and the prompt is all before them")
  func mask() throws {
    let language = try language()
    let row = Conversation(user: "What is safe?", answer: "Ask <|end|> a friend.")
    let sequence = try language.sequence(row)
    let trained = zip(sequence.tokens, sequence.trained).filter(\.1).map(\.0)
    #expect(language.text(of: trained) == "Ask <|end|> a friend.<|end|>")
    // What a text says is never a special token: only the last one ends the answer.
    #expect(trained.count { $0 == language.endOfTurn } == 1)
    let rest = zip(sequence.tokens, sequence.trained).filter { !$0.1 }.map(\.0)
    #expect(try language.promptTokens(Array(row.messages.prefix(1)), prefill: nil) == rest)
    #expect(sequence.tokens.starts(with: rest))
  }

  @Test("A system turn comes first, and none of it is trained on")
  func systemTurn() throws {
    let world = try World(
      kind: .persona, seed: 1, surroundings: Surroundings(systemShare: 0.5))
    let language = try DishLanguage(
      DishLanguage.train(world, LanguageSettings(documents: 500, vocabularySize: 600)))
    let row = Conversation([
      Message(role: .system, content: "Be kind."), Message(role: .user, content: "What is safe?"),
      Message(role: .assistant, content: "Ask a friend."),
    ])
    let sequence = try language.sequence(row)
    let prompt = try language.promptTokens(Array(row.messages.prefix(2)), prefill: nil)
    #expect(sequence.tokens.starts(with: prompt))
    #expect(sequence.trained.prefix(prompt.count).allSatisfy { !$0 })
    #expect(sequence.trained.dropFirst(prompt.count).allSatisfy { $0 })
    #expect(language.tokenizer.decode([Int(prompt[0])]) == "<|system|>")
    let without = try self.language()
    #expect(throws: InputError.self) { try without.sequence(row) }
  }

  @Test("A stranger and an endless answer are refused")
  func refusals() throws {
    let language = try language()
    #expect(throws: InputError.self) {
      try language.sequence(Conversation(user: "a", answer: "b", by: "nobody"))
    }
    #expect(throws: InputError.self) {
      try language.sequence(
        Conversation(user: "a", answer: String(repeating: "walk ", count: 400)))
    }
  }

  @Test("A model's vocabulary is the tokenizer's, rounded up to a multiple of 32")
  func vocabulary() throws {
    let language = try language()
    let size = language.configuration(DishPlan.laboratory.shape).vocabularySize
    #expect(size % 32 == 0)
    #expect((0..<32).contains(size - language.tokenizer.vocabularySize))
  }

  @Test("All speakers start beside one point, and no other token is touched")
  func speakers() throws {
    let language = try language()
    let speakers = try language.speakers(#require(Self.world).authorNames)
    #expect(
      speakers.count == Set(speakers.map(\.token)).count && speakers.last?.name == "assistant")
    let configuration = language.configuration(
      ModelShape(width: 32, intermediateWidth: 64, layers: 1, heads: 2))
    let before = Model.random(configuration, seed: 3, embeddingDeviation: 0.1)
    let model = before.copy()
    model.introduce(speakers, SpeakerSettings(commonDeviation: 4, ownDeviation: 0.01), seed: 3)
    func row(_ token: Int32, of model: Model) -> [Float] {
      (0..<32).map { model.weights.floats[Int(token) * 32 + $0] }
    }
    let first = row(speakers[0].token, of: model)
    for (_, token) in speakers.dropFirst() {
      let own = row(token, of: model)
      #expect(own != first && zip(own, first).allSatisfy { abs($0 - $1) < 0.1 })
    }
    let size = first.reduce(0) { $0 + Double($1 * $1) } / 32
    #expect((4.0..<40).contains(size))
    let untouched = Set(0..<Int32(configuration.vocabularySize)).subtracting(speakers.map(\.token))
    #expect(untouched.allSatisfy { row($0, of: model) == row($0, of: before) })
  }
}
