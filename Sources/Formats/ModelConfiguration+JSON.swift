import Core

extension ModelConfiguration {
  /// Reads a `config.json` of Hugging Face transformers, old or new names.
  ///
  /// What the structure cannot say is refused by name and never ignored: other RoPE types, sliding
  /// windows that take effect, mixtures of experts, quantised weights, further biases, other
  /// activations.
  /// - Throws: `InputError` naming file and field.
  public init(json: JSON, file: String? = "config.json") throws(InputError) {
    let fields = try Fields(json, file: file)
    let type = try fields.required("model_type", fields.string("model_type"))
    guard let defaults = FamilyDefaults(modelType: type) else {
      throw fields.wrong(
        "model_type", expected: "one of " + Self.supportedModelTypes.joined(separator: ", "))
    }
    try Self.refuseUnsupported(fields)
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
    ropeBase = try Self.ropeBase(fields)
    maximumPositionCount =
      try fields.integer("max_position_embeddings") ?? defaults.maximumPositionCount
    tiedEmbeddings = try fields.boolean("tie_word_embeddings") ?? false
    queryKeyValueBias = type == "qwen2"
    queryKeyNorm = type == "qwen3"
    beginTokenID = try fields.integer("bos_token_id")
    // Some folders write -1 for "none".
    padTokenID = try fields.integer("pad_token_id").flatMap { $0 == -1 ? nil : $0 }
    if case .array? = fields["eos_token_id"] {
      endTokenIDs = try fields.integers("eos_token_id") ?? []
    } else {
      endTokenIDs = try fields.integer("eos_token_id").map { [$0] } ?? []
    }
    try validate(file: file)
    try refuseSlidingWindow(fields, defaults)
  }

  /// What transformers assumes where a key is missing, by `model_type`.
  private struct FamilyDefaults {
    var keyValueHeadCount: Int?
    var headSize: Int?
    var maximumPositionCount = 32_768
    var slidingWindow: Int?

    init?(modelType: String) {
      switch modelType {
      case "llama": maximumPositionCount = 2048
      case "mistral":
        keyValueHeadCount = 8
        maximumPositionCount = 131_072
        slidingWindow = 4096
      case "qwen2": keyValueHeadCount = 32
      case "qwen3":
        keyValueHeadCount = 32
        headSize = 128
      default: return nil
      }
    }
  }

  private static func refuseUnsupported(_ fields: Fields) throws(InputError) {
    for name in ["attention_bias", "mlp_bias"] where try fields.boolean(name) == true {
      throw fields.failure(name, "such biases are not supported")
    }
    for name in ["num_experts", "num_local_experts", "n_routed_experts"] where fields[name] != nil {
      throw fields.failure(name, "mixtures of experts are not supported")
    }
    for name in ["quantization_config", "quantization"] where fields[name] != nil {
      throw fields.failure(name, "quantised weights are not supported")
    }
    for name in ["hidden_act", "hidden_activation"] {
      if let activation = try fields.string(name), activation != "silu" {
        throw fields.wrong(name, expected: "\"silu\"")
      }
    }
    if let factor = try fields.number("partial_rotary_factor"), factor != 1 {
      throw fields.failure("partial_rotary_factor", "partial rotation is not supported")
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

  /// `rope_scaling`, if present, decides the type before `rope_parameters`; the base may stand in
  /// any of them or, in the old form, beside them.
  private static func ropeBase(_ fields: Fields) throws(InputError) -> Double {
    var base: Double?
    for name in ["rope_scaling", "rope_parameters"] {
      guard let rope = try fields.fields(name) else { continue }
      if let nested = rope.object.members.first(where: {
        if case .object = $0.value { true } else { false }
      }) {
        throw rope.failure(oneLine(nested.name), "RoPE settings by layer type are not supported")
      }
      for key in ["rope_type", "type"] {
        if let type = try rope.string(key), type != "default" {
          throw rope.wrong(key, expected: "\"default\"; other RoPE types are not supported")
        }
      }
      if let factor = try rope.number("partial_rotary_factor"), factor != 1 {
        throw rope.failure("partial_rotary_factor", "partial rotation is not supported")
      }
      if base == nil { base = try rope.number("rope_theta") }
    }
    if let base { return base }
    return try fields.number("rope_theta") ?? 10_000
  }

  /// A window that is no shorter than the longest text changes nothing and is accepted.
  private func refuseSlidingWindow(
    _ fields: Fields, _ defaults: FamilyDefaults
  ) throws(InputError) {
    if let types = try fields.strings("layer_types"),
      types.contains(where: {
        $0 != "full_attention"
      })
    {
      throw fields.failure("layer_types", "only \"full_attention\" is supported")
    }
    let isUsed = try fields.boolean("use_sliding_window") ?? (modelType == "mistral")
    guard isUsed else { return }
    let missing = !fields.has("sliding_window")
    let window = try fields.integer("sliding_window") ?? (missing ? defaults.slidingWindow : nil)
    if let window, window < maximumPositionCount {
      throw fields.failure(
        "sliding_window", "a window of \(window) tokens is not supported, expected null")
    }
  }

  /// The configuration as `config.json`, with the names that every version of transformers reads
  /// (`rope_theta`, `torch_dtype`); for the same reason nothing relies on a class's defaults.
  ///
  /// - Parameter dataType: of the weights beside it.
  public func json(dataType: DataType = .float32) -> JSON {
    let architectures = [
      "llama": "LlamaForCausalLM", "mistral": "MistralForCausalLM", "qwen2": "Qwen2ForCausalLM",
      "qwen3": "Qwen3ForCausalLM",
    ]
    var object: JSONObject = [
      "architectures": [.string(architectures[modelType] ?? "LlamaForCausalLM")],
      "model_type": .string(modelType),
      "vocab_size": .integer(vocabularySize),
      "hidden_size": .integer(hiddenSize),
      "intermediate_size": .integer(intermediateSize),
      "num_hidden_layers": .integer(layerCount),
      "num_attention_heads": .integer(headCount),
      "num_key_value_heads": .integer(keyValueHeadCount),
      "head_dim": .integer(headSize),
      "hidden_act": "silu",
      "max_position_embeddings": .integer(maximumPositionCount),
      "rms_norm_eps": .number(normEpsilon),
      "rope_theta": .number(ropeBase),
      "rope_scaling": nil,
      "tie_word_embeddings": .boolean(tiedEmbeddings),
      "attention_dropout": 0.0,
      "bos_token_id": beginTokenID.map(JSON.integer) ?? .null,
      "eos_token_id": endTokenIDs.count > 1
        ? .array(endTokenIDs.map(JSON.integer)) : endTokenIDs.first.map(JSON.integer) ?? .null,
      "pad_token_id": padTokenID.map(JSON.integer) ?? .null,
      "torch_dtype": .string(dataType == .bfloat16 ? "bfloat16" : "float32"),
      "use_cache": true,
    ]
    switch modelType {
    case "llama":
      object.members += [.init("attention_bias", false), .init("mlp_bias", false)]
    case "mistral": object.members.append(.init("sliding_window", nil))
    default:
      object.members += [.init("use_sliding_window", false), .init("sliding_window", nil)]
      if modelType == "qwen3" { object.members.append(.init("attention_bias", false)) }
    }
    return .object(object)
  }
}
