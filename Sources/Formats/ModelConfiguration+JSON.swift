import Core
import Documents

extension ModelConfiguration {
  /// Reads a `config.json` of Hugging Face transformers, old or new names.
  ///
  /// What the structure cannot say is refused by name and never ignored: other RoPE types,
  /// mixtures of experts, quantised weights, further biases, other activations. Missing keys take
  /// the defaults of the family's class in transformers, but for the sizes that every folder gives.
  /// - Throws: `InputError` naming file and field.
  package init(json: JSON, file: String? = "config.json") throws(InputError) {
    let fields = try Fields(json, file: file)
    let type = try Self.supportedModelType(fields)
    let defaults = FamilyDefaults(modelType: type)
    try Self.refuseUnsupported(fields, modelType: type)
    let hidden = try fields.required("hidden_size", fields.integer("hidden_size"))
    let heads = try fields.required("num_attention_heads", fields.integer("num_attention_heads"))
    self.init(
      vocabularySize: try fields.required("vocab_size", fields.integer("vocab_size")),
      hiddenSize: hidden,
      intermediateSize: try fields.required(
        "intermediate_size", fields.integer("intermediate_size")),
      layerCount: try fields.required("num_hidden_layers", fields.integer("num_hidden_layers")),
      headCount: heads,
      keyValueHeadCount: try Self.keyValueHeadCount(fields, defaults, heads: heads),
      headSize: try Self.headSize(fields, defaults, hidden: hidden, heads: heads))
    modelType = type
    normEpsilon = try fields.number("rms_norm_eps") ?? 1e-6
    maximumPositionCount =
      try fields.integer("max_position_embeddings") ?? defaults.maximumPositionCount
    tiedEmbeddings = try fields.boolean("tie_word_embeddings") ?? false
    queryKeyValueBias = type == "qwen2"
    queryKeyNorm = type == "qwen3"
    try readTokens(fields, defaults)
    // Before the windows, whose list has an element per block.
    try validate(file: file)
    try readRope(fields)
    try readSlidingWindow(fields)
    try validate(file: file)
  }

  /// What transformers assumes where a key is missing, by `model_type`.
  private struct FamilyDefaults {
    var keyValueHeadCount: Int?
    var headSize: Int?
    var maximumPositionCount = 32_768
    var beginTokenID: Int?
    var endTokenID: Int?

    init(modelType: String) {
      switch modelType {
      case "llama": (maximumPositionCount, beginTokenID, endTokenID) = (2048, 1, 2)
      case "mistral":
        keyValueHeadCount = 8
        (maximumPositionCount, beginTokenID, endTokenID) = (131_072, 1, 2)
      case "qwen2": keyValueHeadCount = 32
      case "qwen3":
        keyValueHeadCount = 32
        headSize = 128
      default: break
      }
    }
  }

  /// An explicit null means "as many as query heads"; a missing key means the family's default.
  private static func keyValueHeadCount(
    _ fields: Fields, _ defaults: FamilyDefaults, heads: Int
  ) throws(InputError) -> Int {
    if let count = try fields.integer("num_key_value_heads") { return count }
    return fields.has("num_key_value_heads") ? heads : defaults.keyValueHeadCount ?? heads
  }

  private static func headSize(
    _ fields: Fields, _ defaults: FamilyDefaults, hidden: Int, heads: Int
  ) throws(InputError) -> Int {
    if let size = try fields.integer("head_dim") { return size }
    if let size = defaults.headSize, !fields.has("head_dim") { return size }
    guard heads > 0, hidden > 0, hidden % heads == 0 else {
      throw fields.failure(
        "hidden_size", "found \(hidden), expected a multiple of num_attention_heads, \(heads)")
    }
    return hidden / heads
  }

  /// An explicit null means "none"; a missing key means the family's default, if the vocabulary
  /// has that token.
  private mutating func readTokens(
    _ fields: Fields, _ defaults: FamilyDefaults
  ) throws(InputError) {
    func missing(_ name: String, _ id: Int?) -> Int? {
      fields.has(name) ? nil : id.flatMap { $0 < vocabularySize ? $0 : nil }
    }
    beginTokenID =
      try fields.integer("bos_token_id") ?? missing("bos_token_id", defaults.beginTokenID)
    // Some folders write -1 for "none".
    padTokenID = try fields.integer("pad_token_id").flatMap { $0 == -1 ? nil : $0 }
    if case .array? = fields["eos_token_id"] {
      endTokenIDs = try fields.integers("eos_token_id") ?? []
    } else {
      let id = try fields.integer("eos_token_id") ?? missing("eos_token_id", defaults.endTokenID)
      endTokenIDs = id.map { [$0] } ?? []
    }
  }
}
