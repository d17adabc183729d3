import Core

extension Tokenizer {
  /// Ids above this are refused: no vocabulary comes near, and memory grows with the largest id.
  static let maximumID = 1 << 24

  /// Reads a `tokenizer.json` with a byte-level BPE model.
  ///
  /// Parts that would change ids and are not implemented (normalizers, other pre-tokenizers,
  /// post-processors that add tokens, dropout, unknown tokens, …) are refused by name.
  /// - Throws: `InputError` naming file and field.
  public init(json: JSON, file: String? = "tokenizer.json") throws(InputError) {
    let fields = try Fields(json, file: file)
    try Self.refuseUnsupported(fields)
    let model = try fields.required("model", fields.fields("model"))
    try Self.refuseUnsupported(inModel: model)
    var vocabulary = try TokenizerVocabulary(model)
    let merges = try vocabulary.merges(model)
    let byteTokens = try vocabulary.byteTokens(model)
    let added = try Self.addedTokens(fields, &vocabulary)
    self.init(
      tokens: vocabulary.tokens(verbatim: Set(added.map(\.id))), byteTokens: byteTokens,
      merges: merges.map { ($0.left, $0.right) }, merged: merges.map(\.token), addedTokens: added)
  }

  private static func refuseUnsupported(_ fields: Fields) throws(InputError) {
    for name in ["truncation", "padding", "normalizer"] where fields[name] != nil {
      throw fields.failure(name, "is not supported, expected null")
    }
    guard let pre = try fields.fields("pre_tokenizer"), try pre.string("type") == "ByteLevel" else {
      throw fields.failure("pre_tokenizer", "expected {\"type\":\"ByteLevel\"}")
    }
    guard try pre.boolean("add_prefix_space") == false else {
      throw pre.wrong("add_prefix_space", expected: "false")
    }
    guard try pre.boolean("use_regex") ?? true else {
      throw pre.wrong("use_regex", expected: "true")
    }
    for name in ["post_processor", "decoder"] {
      guard let part = try fields.fields(name) else { continue }
      guard try part.string("type") == "ByteLevel" else {
        throw part.wrong("type", expected: "\"ByteLevel\"")
      }
    }
  }

  private static func refuseUnsupported(inModel model: Fields) throws(InputError) {
    let type = try model.string("type") ?? "BPE"
    guard type == "BPE" else { throw model.wrong("type", expected: "\"BPE\"") }
    for name in ["dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix"] {
      switch model[name] {
      case nil, .string(""), .integer(0), .number(0): continue
      default: throw model.failure(name, "is not supported, expected null")
      }
    }
    for name in ["byte_fallback", "ignore_merges"] where try model.boolean(name) == true {
      throw model.failure(name, "is not supported, expected false")
    }
  }

  private static func addedTokens(
    _ fields: Fields, _ vocabulary: inout TokenizerVocabulary
  ) throws(InputError) -> [AddedToken] {
    var added: [AddedToken] = []
    for (index, element) in (try fields.array("added_tokens") ?? []).enumerated() {
      let token = try Fields(element, file: fields.file, path: "added_tokens[\(index)].")
      for name in ["lstrip", "rstrip", "single_word"] where try token.boolean(name) == true {
        throw token.failure(name, "is not supported, expected false")
      }
      let id = try token.required("id", token.integer("id"))
      let content = try token.required("content", token.string("content"))
      guard !content.isEmpty else { throw token.wrong("content", expected: "some text") }
      let special = try token.boolean("special") ?? false
      try vocabulary.add(content, id: id, token)
      added.append(
        AddedToken(
          id: id, content: content, isSpecial: special,
          isNormalized: try token.boolean("normalized") ?? !special))
    }
    return added
  }

  /// The tokenizer as `tokenizer.json`; `tokenizers` reads it and gives the same ids.
  ///
  /// Merges are strings, the form that every version reads.
  public func json() -> JSON {
    let byteLevel: JSON = [
      "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true,
    ]
    return [
      "version": "1.0", "truncation": nil, "padding": nil,
      "added_tokens": .array(
        addedTokens.map {
          [
            "id": .integer($0.id), "content": .string($0.content), "single_word": false,
            "lstrip": false, "rstrip": false, "normalized": .boolean($0.isNormalized),
            "special": .boolean($0.isSpecial),
          ]
        }),
      "normalizer": nil, "pre_tokenizer": byteLevel, "post_processor": nil, "decoder": byteLevel,
      "model": [
        "type": "BPE", "dropout": nil, "unk_token": nil, "continuing_subword_prefix": nil,
        "end_of_word_suffix": nil, "fuse_unk": false, "byte_fallback": false,
        "ignore_merges": false,
        "vocab": .object(
          JSONObject(
            tokens.indices.compactMap { id in
              text(of: id).map { JSONObject.Member($0, .integer(id)) }
            })),
        "merges": .array(
          merges.map { .string("\(text(of: $0.left) ?? "") \(text(of: $0.right) ?? "")") }),
      ],
    ]
  }

  private func text(of id: Int) -> String? {
    tokens[id].map {
      $0.isVerbatim ? String(decoding: $0.bytes, as: UTF8.self) : ByteAlphabet.text($0.bytes)
    }
  }
}
