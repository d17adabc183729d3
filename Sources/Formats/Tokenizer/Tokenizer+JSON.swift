import Core
import Documents

extension Tokenizer {
  /// Ids above this are refused: no vocabulary comes near, and memory grows with the largest id.
  static let maximumID = 1 << 24

  /// Reads a `tokenizer.json` with a byte-pair model: byte-level or of SentencePiece's kind.
  ///
  /// Parts that would change ids and are not implemented (other normalizers and pre-tokenizers,
  /// unknown patterns, dropout, …) are refused by name. `truncation` and `padding` are passed over:
  /// how long a text may be is for those to say who use it.
  /// - Throws: `InputError` naming file and field.
  package init(json: JSON, file: String? = "tokenizer.json") throws(InputError) {
    let fields = try Fields(json, file: file)
    let preTokenizer = try PreTokenizer(fields)
    let alphabet: BytePairModel.Alphabet =
      if case .byteLevel = preTokenizer { .bytes } else { .characters }
    let modelFields = try fields.required("model", fields.fields("model"))
    try Self.refuseUnsupported(inModel: modelFields)
    var vocabulary = try TokenizerVocabulary(modelFields, alphabet)
    let merges = try vocabulary.merges(modelFields)
    let byteTokens = try vocabulary.byteTokens(modelFields)
    let unknowns = try Self.unknowns(modelFields, vocabulary, byteTokens)
    let added = try Self.addedTokens(fields, &vocabulary)
    let ignoresMerges = try modelFields.boolean("ignore_merges") ?? false
    let model = BytePairModel(
      alphabet: alphabet, tokens: vocabulary.tokens, merges: merges.pairs, merged: merges.merged,
      byteTokens: byteTokens, unknowns: unknowns, index: ignoresMerges ? vocabulary.index : nil)
    let postProcessor = try PostProcessor(fields)
    for id in postProcessor.prefixIDs + postProcessor.suffixIDs where !model.tokens.contains(id) {
      throw fields.failure("post_processor", "found id \(id), which the vocabulary does not have")
    }
    parts = TokenizerParts(
      model: model, addedTokens: added, normalizer: try Normalizer(fields),
      preTokenizer: preTokenizer, decoder: try TokenDecoder(fields, alphabet),
      prefixIDs: postProcessor.prefixIDs, suffixIDs: postProcessor.suffixIDs,
      settings: Self.settings(fields, modelFields))
  }

  private static func refuseUnsupported(inModel model: Fields) throws(InputError) {
    let type = try model.string("type") ?? "BPE"
    guard type == "BPE" else { throw model.wrong("type", expected: "\"BPE\"") }
    for name in ["dropout", "continuing_subword_prefix", "end_of_word_suffix"] {
      switch model[name] {
      case nil, .string(""), .integer(0), .number(0): continue
      default: throw model.failure(name, "is not supported, expected null")
      }
    }
  }

  private static func unknowns(
    _ model: Fields, _ vocabulary: TokenizerVocabulary, _ byteTokens: [Int32]
  ) throws(InputError) -> BytePairModel.Unknowns {
    var result = BytePairModel.Unknowns()
    result.isFused = try model.boolean("fuse_unk") ?? false
    result.fallsBackOnBytes = try model.boolean("byte_fallback") ?? false
    guard let text = try model.string("unk_token") else { return result }
    result.token = vocabulary.unknownToken(text)
    // With a token for every byte it is never needed, and need not be there.
    guard result.token != nil || !byteTokens.contains(-1) else {
      throw model.failure("unk_token", "\(text.quotedOnOneLine) is not in the vocabulary")
    }
    return result
  }

  private static func addedTokens(
    _ fields: Fields, _ vocabulary: inout TokenizerVocabulary
  ) throws(InputError) -> [AddedToken] {
    var added: [AddedToken] = []
    for (index, element) in (try fields.array("added_tokens") ?? []).enumerated() {
      let token = try Fields(element, file: fields.file, path: "added_tokens[\(index)].")
      let id = try token.required("id", token.integer("id"))
      let content = try token.required("content", token.string("content"))
      guard !content.isEmpty else { throw token.wrong("content", expected: "some text") }
      let special = try token.boolean("special") ?? false
      try vocabulary.add(content, id: id, token)
      added.append(
        AddedToken(
          id: id, content: content, isSpecial: special,
          isNormalized: try token.boolean("normalized") ?? !special,
          stripsLeft: try token.boolean("lstrip") ?? false,
          stripsRight: try token.boolean("rstrip") ?? false,
          isSingleWord: try token.boolean("single_word") ?? false))
    }
    return added
  }
}

// MARK: Writing

extension Tokenizer {
  /// What a file says of a tokenizer such as GPT-2's, its model aside.
  static let gpt2Settings: JSONObject = {
    let byteLevel: JSON = [
      "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true,
    ]
    return [
      "normalizer": nil, "pre_tokenizer": byteLevel, "post_processor": nil, "decoder": byteLevel,
      "unk_token": nil, "fuse_unk": false, "byte_fallback": false, "ignore_merges": false,
    ]
  }()

  private static func settings(_ fields: Fields, _ model: Fields) -> JSONObject {
    var result = JSONObject()
    for member in gpt2Settings.members {
      let given = fields.has(member.name) ? fields[member.name] : model[member.name]
      // What is missing means null in the file's parts, false in the model's.
      let isFlag = member.value == false
      result.members.append(.init(member.name, given ?? (isFlag ? false : .null)))
    }
    return result
  }

  /// The tokenizer as `tokenizer.json`; `tokenizers` reads it and gives the same ids.
  ///
  /// Merges are strings, the form that every version reads.
  package func json() -> JSON {
    func setting(_ name: String) -> JSON { parts.settings[name] ?? .null }
    let tokens = parts.model.tokens
    return [
      "version": "1.0", "truncation": nil, "padding": nil,
      "added_tokens": .array(addedTokens.map(Self.json)),
      "normalizer": setting("normalizer"), "pre_tokenizer": setting("pre_tokenizer"),
      "post_processor": setting("post_processor"), "decoder": setting("decoder"),
      "model": [
        "type": "BPE", "dropout": nil, "unk_token": setting("unk_token"),
        "continuing_subword_prefix": nil, "end_of_word_suffix": nil,
        "fuse_unk": setting("fuse_unk"), "byte_fallback": setting("byte_fallback"),
        "ignore_merges": setting("ignore_merges"),
        "vocab": .object(
          JSONObject(
            (0..<tokens.count).compactMap { id in
              guard tokens.isOfModel(id) else { return nil }
              return tokens.text(id).map { JSONObject.Member($0, .integer(id)) }
            })),
        "merges": .array(
          parts.model.merges.map {
            .string("\(tokens.text(Int($0.left)) ?? "") \(tokens.text(Int($0.right)) ?? "")")
          }),
      ],
    ]
  }

  private static func json(_ token: AddedToken) -> JSON {
    [
      "id": .integer(token.id), "content": .string(token.content),
      "single_word": .boolean(token.isSingleWord), "lstrip": .boolean(token.stripsLeft),
      "rstrip": .boolean(token.stripsRight), "normalized": .boolean(token.isNormalized),
      "special": .boolean(token.isSpecial),
    ]
  }
}
