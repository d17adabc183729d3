import Core
import Corpora
import Formats
import Templates

/// A row as the model reads it.
package struct TokenizedRow: Sendable, Hashable {
  package let text: String
  package let ids: [Int]
  /// The tokens that are trained on, as half-open ranges of indices into `ids`: one for each turn
  /// of the assistant, or one in all for rows without turns.
  package let trained: [Range<Int>]

  package init(text: String, ids: [Int], trained: [Range<Int>]) {
    self.text = text
    self.ids = ids
    self.trained = trained
  }
}

/// From rows of training data to the tokens of one model, with its folder's tokenizer and template.
///
/// Conversations are rendered by the template and tokenized as a whole; special tokens are those
/// that the template writes. As in `transformers`, special tokens are also matched in what the
/// messages say.
package struct RowTokenizer: Sendable {
  package let tokenizer: Tokenizer
  /// `nil` if the folder has none that can be used; conversations are refused then.
  package private(set) var template: ChatTemplate?
  /// Tokens that end an answer: those that `config.json` and `generation_config.json` name, the
  /// tokenizer's `eos_token`, and the one that the template puts behind an answer.
  package private(set) var stopTokens: [Int] = []
  /// Why there is no template.
  private var missingTemplate: InputError?
  private var ending = TurnEnding()
  private var endToken: String?

  /// Reads tokenizer and template of a folder.
  ///
  /// - Parameters:
  ///   - omittingDefaultSystemPrompt: leaves out the system text that the template adds by itself.
  ///   - time: what templates that write the date take for now. Rows differ from day to day
  ///     otherwise.
  /// - Throws: `InputError` naming the file. A missing template is no error before a conversation
  ///   needs it.
  package init(
    folder: ModelFolder, omittingDefaultSystemPrompt: Bool = false, time: TemplateTime = .now
  ) throws(InputError) {
    tokenizer = try folder.tokenizer()
    let files = ChatFiles(folder)
    do {
      template = try ChatTemplate(folder: folder, time: time)
      template?.omitsDefaultSystemPrompt = omittingDefaultSystemPrompt
    } catch {
      missingTemplate = error
    }
    endToken = try files.specialTokens()["eos_token"]
    var ids = Set(try files.endTokenIDs("config.json"))
    ids.formUnion(try files.endTokenIDs("generation_config.json"))
    finish(ids)
  }

  /// Of parts that are at hand.
  package init(
    tokenizer: Tokenizer, template: ChatTemplate, endToken: String? = nil, stopTokens: [Int] = []
  ) {
    self.tokenizer = tokenizer
    self.template = template
    self.endToken = endToken
    finish(Set(stopTokens))
  }

  private mutating func finish(_ named: Set<Int>) {
    var ids = named
    if let endToken, let id = tokenizer.id(of: endToken) { ids.insert(id) }
    if let tail = template?.tail, let token = firstSpecialToken(in: tail.last) {
      ending.last = Array(tail.last[..<token.end])
      ids.insert(token.id)
      // Some templates end the last answer with a token of its own.
      if let beforeUser = tail.beforeUser, let token = firstSpecialToken(in: beforeUser) {
        ending.beforeUser = Array(beforeUser[..<token.end])
      }
    }
    stopTokens = ids.sorted()
  }

  /// The leftmost special token, and of those that begin there the longest.
  private func firstSpecialToken(in bytes: [UInt8]) -> (id: Int, end: Int)? {
    let tokens = tokenizer.addedTokens.filter(\.isSpecial).map { ($0.id, Array($0.content.utf8)) }
    for start in bytes.indices {
      let found = tokens.filter { bytes.has($0.1, at: start) }.max { $0.1.count < $1.1.count }
      if let found { return (found.0, start + found.1.count) }
    }
    return nil
  }

  // MARK: - Rows

  /// The tokens of a row and those that are trained.
  ///
  /// - Conversations: every turn of the assistant whose weight is not 0, with the token that ends it and
  ///   without what the template adds after it. Of a prompt and a completion made of messages, the turns
  ///   of the completion.
  /// - Prompts and completions as texts, as TRL tokenizes them: both in one text with the
  ///   `eos_token` at the end, unless it is there, and with the special tokens that the tokenizer
  ///   adds; trained is what follows the tokens that the prompt alone begins with.
  /// - Texts: with the special tokens that the tokenizer adds; all but the first token.
  ///
  /// - Throws: `InputError` if the template refuses the row, an answer is not found in its text, or
  ///   nothing is left to train on.
  package func row(_ row: DataRow) throws(InputError) -> TokenizedRow {
    let result: TokenizedRow
    switch row {
    case .chat(let chat): result = try chatRow(chat)
    case .completion(let prompt, let completion):
      result = completionRow(prompt: prompt, completion: completion)
    case .text(let text):
      let ids = framed(text)
      let range = ids.count > 1 ? [1..<ids.count] : []
      result = TokenizedRow(text: text, ids: ids, trained: range)
    }
    guard result.trained.contains(where: { !$0.isEmpty }) else {
      throw InputError("found no token to train on, expected at least one")
    }
    return result
  }

  /// The tokens that an answer is sampled after.
  ///
  /// - Parameter prefill: the beginning of the answer, tokenized together with what comes before.
  /// - Throws: `InputError` if the template refuses the conversation.
  package func prompt(_ messages: [Message], prefill: String? = nil) throws(InputError) -> [Int] {
    let text = try requiredTemplate().render(messages, addingGenerationPrompt: true)
    return tokenizer.encode(text + (prefill ?? ""))
  }

  private func requiredTemplate() throws(InputError) -> ChatTemplate {
    guard let template else {
      throw missingTemplate ?? InputError("found no chat template, expected one")
    }
    return template
  }

  private func chatRow(_ chat: RowChat) throws(InputError) -> TokenizedRow {
    let turns = chat.messages.indices.filter { chat.messages[$0].role == "assistant" }
    guard turns.contains(where: chat.isTrained) else {
      let problem =
        turns.contains { $0 >= chat.trainedFrom }
        ? "found no turn of the assistant with a weight of 1" : "found no turn of the assistant"
      throw InputError("\(problem), expected at least one", field: "messages")
    }
    let template = try requiredTemplate()
    try template.checkFields(of: chat)
    let text = try template.rendered(chat, addingGenerationPrompt: false)
    let spans = try TrainedSpans(template: template, ending: ending).spans(of: chat, in: text)
    let encoding = tokenizer.encoding(of: text.text)
    return TokenizedRow(
      text: text.text, ids: encoding.ids,
      trained: zip(turns, spans).filter { chat.isTrained($0.0) }
        .map { encoding.tokens(beginningIn: $0.1) })
  }

  private func completionRow(prompt: String, completion: String) -> TokenizedRow {
    var text = prompt + completion
    if let endToken, !completion.utf8.reversed().starts(with: endToken.utf8.reversed()) {
      text += endToken
    }
    let ids = framed(text)
    let start = zip(ids, framed(prompt)).prefix { $0 == $1 }.count
    return TokenizedRow(
      text: text, ids: ids, trained: start < ids.count ? [max(start, 1)..<ids.count] : [])
  }

  /// The ids of a text between the special tokens that the tokenizer adds.
  private func framed(_ text: String) -> [Int] {
    tokenizer.prefixIDs + tokenizer.encode(text) + tokenizer.suffixIDs
  }
}

extension Encoding {
  /// The tokens whose first byte is in `span`. A token that begins before an answer is part of the
  /// prompt, where sampling would not stop in its middle either.
  func tokens(beginningIn span: Range<Int>) -> Range<Int> {
    let first = ranges.partition(before: span.lowerBound)
    return first..<max(first, ranges.partition(before: span.upperBound))
  }
}

extension [Range<Int>] {
  /// How many of these ranges, which are in order, begin before `bound`.
  fileprivate func partition(before bound: Int) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle].lowerBound < bound { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
