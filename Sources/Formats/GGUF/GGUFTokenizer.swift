import Core
import Documents

/// `tokenizer.json` and `tokenizer_config.json`, as a GGUF file's metadata say them.
struct GGUFTokenizer: Sendable {
  /// Of tokens.
  let count: Int
  let json: JSON
  let configuration: JSON

  /// - Throws: `InputError` naming the key that is missing, or says what is not supported.
  init(_ metadata: GGUFMetadata) throws(InputError) {
    let vocabulary = try GGUFVocabulary(metadata)
    count = vocabulary.tokens.count
    let kind = try Kind(metadata)
    var ends = Ends()
    ends.begin = try vocabulary.token("bos_token_id", metadata)
    ends.end = try vocabulary.token("eos_token_id", metadata)
    ends.addsBegin = try metadata.boolean("tokenizer.ggml.add_bos_token") ?? kind.addsBegin
    ends.addsEnd = try metadata.boolean("tokenizer.ggml.add_eos_token") ?? false
    let unknown = try vocabulary.token("unknown_token_id", metadata)
    var object: JSONObject = ["version": "1.0", "truncation": nil, "padding": nil]
    object.members.append(.init("added_tokens", Self.addedTokens(vocabulary)))
    object.members += kind.parts.members
    object.members.append(.init("post_processor", ends.postProcessor(vocabulary.tokens)))
    object.members.append(
      .init("model", try kind.model(vocabulary, metadata, unknown: unknown)))
    json = .object(object)
    // What does not fit together is found here, under the name of the file.
    _ = try Tokenizer(json: json, file: metadata.file)
    var settings: JSONObject = [
      "tokenizer_class": "PreTrainedTokenizerFast",
      "bos_token": ends.begin.map(JSON.string) ?? .null,
      "eos_token": ends.end.map(JSON.string) ?? .null,
      "unk_token": unknown.map(JSON.string) ?? .null,
      "pad_token": try vocabulary.token("padding_token_id", metadata).map(JSON.string) ?? .null,
      "add_bos_token": .boolean(ends.addsBegin), "add_eos_token": .boolean(ends.addsEnd),
      "clean_up_tokenization_spaces": false,
      "model_input_names": ["input_ids", "attention_mask"],
    ]
    if let template = try metadata.string("tokenizer.chat_template") {
      settings.members.append(.init("chat_template", .string(template)))
    }
    configuration = .object(settings)
  }

  func write(to folder: ModelFolder) throws(InputError) {
    try json.write(to: folder.tokenizerPath)
    try configuration.write(to: folder.tokenizerConfigurationPath)
  }

  private static func addedTokens(_ vocabulary: GGUFVocabulary) -> JSON {
    .array(
      vocabulary.tokens.indices.filter { vocabulary.kinds[$0].isAdded }.map { id in
        [
          "id": .integer(id), "content": .string(vocabulary.tokens[id]), "single_word": false,
          "lstrip": false, "rstrip": false, "normalized": false,
          "special": .boolean(vocabulary.kinds[id].isSpecial),
        ]
      })
  }
}

extension GGUFTokenizer {
  /// The tokens that a single text gets around it.
  private struct Ends {
    var begin: String?
    var end: String?
    var addsBegin = false
    var addsEnd = false

    func postProcessor(_ tokens: [String]) -> JSON {
      let before = addsBegin ? begin : nil
      let after = addsEnd ? end : nil
      guard before != nil || after != nil else { return .null }
      func special(_ token: String?) -> [JSON] {
        token.map { [["SpecialToken": ["id": .string($0), "type_id": 0]]] } ?? []
      }
      func sequence(_ id: String, _ type: Int) -> JSON {
        ["Sequence": ["id": .string(id), "type_id": .integer(type)]]
      }
      var ids = JSONObject()
      for token in [before, after].compactMap({ $0 }) where ids[token] == nil {
        let id = tokens.firstIndex { $0.utf8.elementsEqual(token.utf8) } ?? 0
        ids.members.append(
          .init(
            token,
            [
              "id": .string(token), "ids": [.integer(id)], "tokens": [.string(token)],
            ]))
      }
      let first = special(before) + [sequence("A", 0)] + special(after)
      return [
        "type": "TemplateProcessing", "single": .array(first),
        "pair": .array(first + special(before) + [sequence("B", 1)] + special(after)),
        "special_tokens": .object(ids),
      ]
    }
  }
}
