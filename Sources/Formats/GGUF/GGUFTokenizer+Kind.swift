import Core
import Documents

extension GGUFTokenizer {
  /// What llama.cpp calls the model and the pre-tokenizer of a vocabulary.
  enum Kind {
    /// `gpt2`: byte-level, with words cut as the pre-tokenizer's name says.
    case byteLevel(GGUFWords)
    /// `llama`: SentencePiece's kind.
    case sentencePiece(addsSpace: Bool)

    init(_ metadata: GGUFMetadata) throws(InputError) {
      let key = "tokenizer.ggml.model"
      switch try metadata.required(key, metadata.string(key)) {
      case "gpt2": self = .byteLevel(try GGUFWords(metadata))
      case "llama":
        self = .sentencePiece(
          addsSpace: try metadata.boolean("tokenizer.ggml.add_space_prefix") ?? true)
      default: throw metadata.wrong(key, expected: "\"gpt2\" or \"llama\"")
      }
    }

    /// Whether llama.cpp puts the first token before a text where the file does not say.
    var addsBegin: Bool {
      switch self {
      case .byteLevel(let words): words == .llama3
      case .sentencePiece: true
      }
    }

    /// All of `tokenizer.json` that depends on the kind alone.
    var parts: JSONObject {
      switch self {
      case .byteLevel(let words):
        return [
          "normalizer": words.normalizer, "pre_tokenizer": words.preTokenizer,
          "decoder": GGUFWords.byteLevel(usesPattern: true),
        ]
      case .sentencePiece(let addsSpace):
        let spaces: JSON = ["type": "Replace", "pattern": ["String": " "], "content": "▁"]
        let back: JSON = ["type": "Replace", "pattern": ["String": "▁"], "content": " "]
        let steps: [JSON] = [back, ["type": "ByteFallback"], ["type": "Fuse"]]
        let strip: JSON = ["type": "Strip", "content": " ", "start": 1, "stop": 0]
        return [
          // As llama.cpp does, every text between special tokens gets its space.
          "normalizer": [
            "type": "Sequence",
            "normalizers": .array(
              (addsSpace ? [["type": "Prepend", "prepend": "▁"]] : []) + [spaces]),
          ],
          "pre_tokenizer": nil,
          "decoder": [
            "type": "Sequence", "decoders": .array(steps + (addsSpace ? [strip] : [])),
          ],
        ]
      }
    }

    func model(
      _ vocabulary: GGUFVocabulary, _ metadata: GGUFMetadata, unknown: String?
    ) throws(InputError) -> JSON {
      let merges: [String]
      switch self {
      case .byteLevel:
        let key = "tokenizer.ggml.merges"
        merges = try metadata.required(key, metadata.strings(key))
      case .sentencePiece: merges = try Self.merges(vocabulary, metadata)
      }
      let isByteLevel = if case .byteLevel = self { true } else { false }
      let ignoresMerges = if case .byteLevel(.llama3) = self { true } else { false }
      return [
        "type": "BPE", "dropout": nil,
        "unk_token": isByteLevel ? .null : unknown.map(JSON.string) ?? .null,
        "continuing_subword_prefix": nil, "end_of_word_suffix": nil,
        "fuse_unk": .boolean(!isByteLevel),
        "byte_fallback": .boolean(!isByteLevel && vocabulary.kinds.contains(.byte)),
        "ignore_merges": .boolean(ignoresMerges),
        "vocab": .object(
          JSONObject(
            (0..<vocabulary.modelCount).map { .init(vocabulary.tokens[$0], .integer($0)) })),
        "merges": .array(merges.map(JSON.string)),
      ]
    }

    private static func merges(
      _ vocabulary: GGUFVocabulary, _ metadata: GGUFMetadata
    ) throws(InputError) -> [String] {
      let key = "tokenizer.ggml.scores"
      let scores = try metadata.required(key, metadata.numbers(key))
      // More than there are tokens: of rows that only fill up a matrix.
      guard scores.count >= vocabulary.tokens.count, scores.allSatisfy(\.isFinite) else {
        throw metadata.failure(
          key, "found \(scores.count) scores, expected \(vocabulary.tokens.count) finite ones")
      }
      return GGUFScores.merges(
        of: vocabulary.tokens, isOrdinary: vocabulary.kinds.map { $0 == .normal }, scores: scores)
    }
  }
}

/// How byte-level vocabularies cut text into words, by the name of llama.cpp's pre-tokenizer.
enum GGUFWords: String, CaseIterable {
  case gpt2 = "gpt-2"
  /// GPT-2's words, with each digit for itself.
  case smollm
  case qwen2
  /// Words that are tokens as a whole are not merged.
  case llama3 = "llama-bpe"

  private static let others = ["llama3": GGUFWords.llama3, "llama-v3": .llama3]

  /// - Throws: `InputError` for a name that is not known: other words would be other tokens, silently.
  ///   That goes for `default`, too, with which files say that their writer did not know.
  init(_ metadata: GGUFMetadata) throws(InputError) {
    let key = "tokenizer.ggml.pre"
    guard let name = try metadata.string(key), let words = Self(rawValue: name) ?? Self.others[name]
    else {
      let known = Self.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
      throw metadata.wrong(key, expected: "one of \(known)")
    }
    self = words
  }

  /// Qwen's own tokenizer composes characters; files cannot say it, and llama.cpp does not do it.
  var normalizer: JSON { self == .qwen2 ? ["type": "NFC"] : .null }

  /// What the engine does for it.
  var rules: PreTokenizer.ByteLevel {
    switch self {
    case .gpt2: PreTokenizer.ByteLevel()
    case .smollm: PreTokenizer.ByteLevel(digits: .individual)
    case .qwen2: PreTokenizer.ByteLevel(pattern: .qwen2)
    case .llama3: PreTokenizer.ByteLevel(pattern: .llama3)
    }
  }

  var preTokenizer: JSON {
    switch self {
    case .gpt2: Self.byteLevel(usesPattern: true)
    case .smollm:
      Self.sequence([
        ["type": "Digits", "individual_digits": true], Self.byteLevel(usesPattern: true),
      ])
    case .qwen2: Self.split(.qwen2)
    case .llama3: Self.split(.llama3)
    }
  }

  static func byteLevel(usesPattern: Bool) -> JSON {
    [
      "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true,
      "use_regex": .boolean(usesPattern),
    ]
  }

  private static func split(_ pattern: WordPattern) -> JSON {
    sequence([
      [
        "type": "Split", "pattern": ["Regex": .string(pattern.regularExpression ?? "")],
        "behavior": "Isolated", "invert": false,
      ], byteLevel(usesPattern: false),
    ])
  }

  private static func sequence(_ parts: [JSON]) -> JSON {
    ["type": "Sequence", "pretokenizers": .array(parts)]
  }
}
