import Core

/// A folder's tokenizer as the metadata of a GGUF file.
struct GGUFTokenizerExport {
  private(set) var fields: [(key: String, value: GGUFWriter.Field)] = []
  private let tokenizer: Tokenizer
  private let file: String

  /// - Parameters:
  ///   - specialTokens: texts of `bos_token` and the like.
  ///   - endTokens: the first is that of a text, the second that of a turn.
  /// - Throws: `InputError` naming what llama.cpp does in another way.
  init(
    _ folder: ModelFolder, vocabularySize: Int, specialTokens: [String: String], endTokens: [Int]
  ) throws(InputError) {
    tokenizer = try folder.tokenizer()
    file = folder.tokenizerPath
    for (index, token) in tokenizer.addedTokens.enumerated()
    where token.stripsLeft || token.stripsRight || token.isSingleWord {
      throw failure(
        "added_tokens[\(index)]",
        "takes spaces away or is for whole words, which no GGUF file can say")
    }
    let begin = specialTokens["bos_token"].flatMap { tokenizer.id(of: $0) }
    try addWords(begin)
    try addTokens(vocabularySize)
    let end = endTokens.first ?? specialTokens["eos_token"].flatMap { tokenizer.id(of: $0) }
    let ids = [
      ("bos_token_id", begin), ("eos_token_id", end),
      ("eot_token_id", endTokens.dropFirst().first),
      ("unknown_token_id", specialTokens["unk_token"].flatMap { tokenizer.id(of: $0) }),
      ("padding_token_id", specialTokens["pad_token"].flatMap { tokenizer.id(of: $0) }),
    ]
    for case (let name, let id?) in ids { add(name, .unsigned(id)) }
    add("add_bos_token", .boolean(!tokenizer.prefixIDs.isEmpty))
    add("add_eos_token", .boolean(!tokenizer.suffixIDs.isEmpty))
    guard tokenizer.prefixIDs.isEmpty || tokenizer.prefixIDs == [begin],
      tokenizer.suffixIDs.isEmpty || tokenizer.suffixIDs == [end]
    else {
      throw failure(
        "post_processor", "puts other tokens around a text than bos_token and eos_token")
    }
  }

  private func failure(_ field: String, _ problem: String) -> InputError {
    InputError(problem, file: file, field: field)
  }

  private mutating func add(_ name: String, _ value: GGUFWriter.Field) {
    fields.append(("tokenizer.ggml.\(name)", value))
  }

  private var isByteLevel: Bool { tokenizer.parts.model.alphabet == .bytes }

  /// Which kind of tokenizer it is, with merges or scores.
  private mutating func addWords(_ begin: Int?) throws(InputError) {
    if case .byteLevel(let rules) = tokenizer.parts.preTokenizer {
      let words = GGUFWords.allCases.first { $0.rules == rules }
      guard let words, tokenizer.parts.normalizer.steps.isEmpty || words == .qwen2 else {
        throw failure(
          "pre_tokenizer", "cuts text in a way that llama.cpp has no name for in this reader's list"
        )
      }
      guard tokenizer.parts.model.ignoresMerges == (words == .llama3) else {
        throw failure(
          "model.ignore_merges",
          "found \(tokenizer.parts.model.ignoresMerges), but llama.cpp's \"\(words.rawValue)\" does the "
            + "other")
      }
      add("model", .string("gpt2"))
      add("pre", .string(words.rawValue))
      add("merges", .strings(mergeTexts))
    } else {
      add("model", .string("llama"))
      add("pre", .string("default"))
      add("add_space_prefix", .boolean(try addsSpace()))
    }
  }

  /// Whether every text between special tokens gets a space.
  private func addsSpace() throws(InputError) -> Bool {
    let replace = Normalizer.Step.replace([0x20], with: SpaceMark.bytes)
    switch (tokenizer.parts.preTokenizer, tokenizer.parts.normalizer.steps) {
    case (.none, [.prepend(SpaceMark.bytes), replace]): return true
    case (.none, [replace]): return false
    case (.metaspace(let rules), []) where rules.prepending == .never && !rules.splits: return false
    default:
      throw failure(
        "pre_tokenizer",
        "expected a normalizer that puts \"▁\" before every text and writes spaces so, or none: "
          + "llama.cpp does no other")
    }
  }

  private var mergeTexts: [String] {
    let model = tokenizer.parts.model
    return model.merges.map {
      "\(model.tokens.text(Int($0.left)) ?? "") \(model.tokens.text(Int($0.right)) ?? "")"
    }
  }

  private mutating func addTokens(_ vocabularySize: Int) throws(InputError) {
    let table = tokenizer.parts.model.tokens
    // llama.cpp wants a token for every row of the embeddings.
    let tokens = (0..<vocabularySize).map { table.text($0) ?? "[PAD\($0)]" }
    var kinds = (0..<vocabularySize).map { id -> GGUFVocabulary.Kind in
      guard table.contains(id) else { return .unused }
      return !isByteLevel && TokenDecoder.byte(Array(tokens[id].utf8)) != nil ? .byte : .normal
    }
    for token in tokenizer.addedTokens {
      kinds[token.id] = token.isSpecial ? .control : .userDefined
    }
    if let unknown = tokenizer.parts.model.unknowns.token { kinds[Int(unknown)] = .unknown }
    add("tokens", .strings(tokens))
    add("token_type", .signedList(kinds.map(\.rawValue)))
    if !isByteLevel { add("scores", .numberList(try scores(tokens, kinds))) }
  }

  /// The best score for the token that the first merges make.
  ///
  /// - Throws: `InputError` if no scores stand for these merges.
  private func scores(
    _ tokens: [String], _ kinds: [GGUFVocabulary.Kind]
  ) throws(InputError) -> [Double] {
    let isOrdinary = kinds.map { $0 == .normal }
    let ids = Dictionary(
      tokens.indices.lazy.filter { isOrdinary[$0] }.map { (Array(tokens[$0].utf8), $0) }
    ) { first, _ in first }
    var ranks: [Int: Double] = [:]
    for merge in mergeTexts {
      let joined = merge.utf8.filter { $0 != 0x20 }
      if let id = ids[joined], ranks[id] == nil { ranks[id] = Double(ranks.count) }
    }
    // Single characters come last; what is matched as a whole has no score.
    let last = Double(ranks.count)
    let scores = tokens.indices.map { isOrdinary[$0] ? -(ranks[$0] ?? last + Double($0)) : 0 }
    guard GGUFScores.merges(of: tokens, isOrdinary: isOrdinary, scores: scores) == mergeTexts else {
      throw failure(
        "model.merges", "are in an order that no scores of tokens give, which llama.cpp goes by")
    }
    return scores
  }
}
