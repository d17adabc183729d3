import Core

extension ModelConfiguration {
  /// Architectures that the configuration can describe, as `model_type` names them.
  package static let supportedModelTypes = ["llama", "mistral", "qwen2", "qwen3"]

  /// The end of messages about what is not supported.
  static var supportedModels: String {
    "supported are " + supportedModelTypes.joined(separator: ", ")
  }

  /// The model's type, if it is one of ours; the message of a refusal says what kind it is.
  static func supportedModelType(_ fields: Fields) throws(InputError) -> String {
    guard let type = try fields.string("model_type") else {
      throw fields.failure("model_type", "is missing; \(supportedModels)")
    }
    if supportedModelTypes.contains(type) { return type }
    let name = fields.object["model_type"]?.summary ?? ""
    if type.contains("moe") || mixturesOfExperts.contains(type) {
      throw fields.failure("model_type", "found \(name), a mixture of experts; \(supportedModels)")
    }
    let parts = ["text_config", "vision_config", "audio_config", "encoder_config"]
    if parts.contains(where: { fields[$0] != nil }) {
      throw fields.failure(
        "model_type", "found \(name), a model of more than text in one piece; \(supportedModels)")
    }
    throw fields.failure("model_type", "found \(name); \(supportedModels)")
  }

  /// Types that hide it in their name.
  private static let mixturesOfExperts: Set<String> = [
    "arctic", "dbrx", "deepseek_v2", "deepseek_v3", "gpt_oss", "grok-1", "jamba", "kimi_k2",
    "llama4", "llama4_text", "longcat_flash", "minimax", "minimax_m2", "mixtral", "nllb-moe",
    "switch_transformers",
  ]

  /// Refuses what a supported `model_type` can have besides and the engine has not.
  static func refuseUnsupported(_ fields: Fields, modelType: String) throws(InputError) {
    // Only these classes of transformers look at the keys.
    let biases = [("attention_bias", ["llama", "qwen3"]), ("mlp_bias", ["llama"])]
    for (name, types) in biases where types.contains(modelType) {
      if try fields.boolean(name) == true {
        throw fields.failure(name, "found true, but such biases are not supported")
      }
    }
    for name in ["num_experts", "num_local_experts", "n_routed_experts"] {
      if let value = fields[name], value != 0 {
        throw fields.failure(name, "mixtures of experts are not supported; \(supportedModels)")
      }
    }
    try refuseQuantisation(fields)
    for name in ["hidden_act", "hidden_activation"] {
      if let activation = try fields.string(name), activation != "silu" {
        throw fields.wrong(name, expected: "\"silu\"")
      }
    }
    if let factor = try fields.number("partial_rotary_factor"), factor != 1 {
      throw fields.failure("partial_rotary_factor", "partial rotation is not supported")
    }
    if let architecture = try fields.strings("architectures")?.first,
      let task = architecture.firstRange(of: "For").map({ architecture[$0.upperBound...] }),
      task != "CausalLM"
    {
      throw fields.failure(
        "architectures[0]",
        "found \(architecture.quotedOnOneLine), expected a model that writes text, …ForCausalLM")
    }
  }

  private static func refuseQuantisation(_ fields: Fields) throws(InputError) {
    for name in ["quantization_config", "quantization", "compression_config"] {
      guard let value = fields[name] else { continue }
      var kind = ""
      if case .object(let object) = value {
        if case .string(let method)? = object["quant_method"] { kind = " (\(method.onOneLine))" }
        if kind.isEmpty, let bits = object["bits"] { kind = " (\(bits.summary) bits)" }
      }
      throw fields.failure(
        name, "quantised weights\(kind) are not supported, expected F32, BF16 or F16")
    }
  }
}
