import Core
import Dish
import Engine
import Formats
import Synchronization
import Tuning

/// From the world's conversations to tokens and back.
///
/// The tokenizer is trained on the text of the world, which both worlds share; authors are special
/// tokens, so that a name is one token and never a word of an answer.
package final class DishLanguage: ConversationTokenizer, Sendable {
  package let tokenizer: Tokenizer
  package let endOfTurn: Int32
  private let user: Int32
  /// `nil` in worlds without system turns.
  private let system: Int32?
  /// Texts and authors recur in the corpus; each is encoded once.
  private let encoded = Mutex<[String: [Int32]]>([:])
  private let names = Mutex<[String: Int32]>([:])

  /// The most tokens that a conversation may have.
  package static let longest = 256

  /// - Throws: `InputError` when a special token is missing.
  package init(_ tokenizer: Tokenizer, file: String? = nil) throws(InputError) {
    self.tokenizer = tokenizer
    func id(_ content: String) throws(InputError) -> Int32 {
      guard let id = tokenizer.id(of: content) else {
        throw InputError("expected the special token \(content)", file: file, field: "added_tokens")
      }
      return Int32(id)
    }
    endOfTurn = try id(ChatFormat.endOfTurn)
    user = try id(ChatFormat.user)
    system = tokenizer.id(of: ChatFormat.system).map(Int32.init)
    _ = try id(ChatFormat.assistant)
  }

  /// Trains the tokenizer of a world.
  package static func train(_ world: World, _ settings: LanguageSettings) -> Tokenizer {
    let trainer = BPETrainer(
      vocabularySize: settings.vocabularySize,
      specialTokens: ChatFormat.specialTokens(
        authors: world.authorNames, withSystem: world.surroundings.systemShare > 0))
    let texts = world.sampleText(documents: settings.documents)
    return trainer.train(texts: texts.lazy.flatMap { repeatElement($0.key, count: $0.value) })
  }

  /// The shape of a model that speaks the language; its vocabulary is rounded up to a multiple of
  /// 32, and the ids beyond the tokenizer's are never trained on.
  package func configuration(_ shape: ModelShape) -> ModelConfiguration {
    var configuration = ModelConfiguration(
      vocabularySize: (tokenizer.vocabularySize + 31) / 32 * 32, hiddenSize: shape.width,
      intermediateSize: shape.intermediateWidth, layerCount: shape.layers,
      headCount: shape.heads)
    configuration.maximumPositionCount = Self.longest
    configuration.endTokenIDs = [Int(endOfTurn)]
    configuration.padTokenID = Int(endOfTurn)
    return configuration
  }

  /// The tokens of a conversation, `<|user|>question<|NAME|>answer<|end|>`; trained are those of the
  /// answers and their ends, not the names.
  ///
  /// - Throws: `InputError` for an author without a token, and a conversation longer than ``longest``.
  package func sequence(_ conversation: Conversation) throws(InputError) -> TrainingSequence {
    var tokens: [Int32] = []
    var trained: [Bool] = []
    for message in conversation.messages {
      let content = encode(message.content)
      tokens.append(try opening(message))
      tokens += content
      let isAnswer = message.role == .assistant
      if isAnswer { tokens.append(endOfTurn) }
      trained.append(false)
      trained += Array(repeating: isAnswer, count: tokens.count - trained.count)
    }
    guard tokens.count <= Self.longest else {
      throw InputError(
        "a conversation has \(tokens.count) tokens, expected at most \(Self.longest)")
    }
    return TrainingSequence(tokens: tokens, trained: trained)
  }

  /// A conversation up to where the assistant answers: `<|user|>question<|assistant|>`, after the system
  /// turn if there is one.
  package func promptTokens(
    _ messages: [Message], prefill: String?
  ) throws(InputError) -> [Int32] {
    var tokens: [Int32] = []
    for message in messages {
      tokens += [try opening(message)] + encode(message.content)
      if message.role == .assistant { tokens.append(endOfTurn) }
    }
    tokens.append(try opening(Message(role: .assistant, content: "")))
    return tokens + (prefill.map(encode) ?? [])
  }

  package var endTokens: [Int32] { [endOfTurn] }

  package func text(of tokens: [Int32]) -> String { tokenizer.decode(tokens.lazy.map(Int.init)) }

  /// The tokens of some authors and of the assistant.
  ///
  /// - Throws: `InputError` for an author without a token.
  package func speakers(
    _ authors: [String]
  ) throws(InputError) -> [(name: String, token: Int32)] {
    var speakers: [(name: String, token: Int32)] = []
    for name in authors {
      speakers.append((name, try opening(Message(role: .assistant, name: name, content: ""))))
    }
    return speakers + [("assistant", try opening(Message(role: .assistant, content: "")))]
  }

  private func opening(_ message: Message) throws(InputError) -> Int32 {
    switch message.role {
    case .user: return user
    case .assistant:
      let token = ChatFormat.author(message.name)
      if let id = names.withLock({ $0[token] }) { return id }
      guard let id = tokenizer.id(of: token) else {
        throw InputError("the author \(token) is not in the vocabulary")
      }
      names.withLock { $0[token] = Int32(id) }
      return Int32(id)
    case .system:
      guard let system else {
        throw InputError("found a system turn, which this world's models do not know")
      }
      return system
    }
  }

  private func encode(_ text: String) -> [Int32] {
    if let tokens = encoded.withLock({ $0[text] }) { return tokens }
    let tokens = tokenizer.encode(text, matchingAddedTokens: false).map(Int32.init)
    encoded.withLock { $0[text] = tokens }
    return tokens
  }
}
