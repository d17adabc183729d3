import Documents

extension ModelConfiguration {
  /// The configuration as `config.json`, with the names that every version of transformers reads
  /// (`rope_theta`, `torch_dtype`); for the same reason nothing relies on a class's defaults.
  ///
  /// - Parameter dataType: of the weights beside it.
  package func json(dataType: DataType = .float32) -> JSON {
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
      "rope_scaling": ropeScaling?.json ?? .null,
      "tie_word_embeddings": .boolean(tiedEmbeddings),
      "attention_dropout": 0.0,
      "bos_token_id": beginTokenID.map(JSON.integer) ?? .null,
      "eos_token_id": endTokenIDs.count > 1
        ? .array(endTokenIDs.map(JSON.integer)) : endTokenIDs.first.map(JSON.integer) ?? .null,
      "pad_token_id": padTokenID.map(JSON.integer) ?? .null,
      "torch_dtype": .string(Self.dataTypeName(dataType)),
      "use_cache": true,
    ]
    switch modelType {
    case "llama":
      object.members += [.init("attention_bias", false), .init("mlp_bias", false)]
    case "mistral":
      let size = slidingWindow.map { JSON.integer($0.size) }
      object.members.append(.init("sliding_window", size ?? .null))
    default:
      object.members += windowMembers
      if modelType == "qwen3" { object.members.append(.init("attention_bias", false)) }
    }
    return .object(object)
  }

  /// As PyTorch calls it.
  private static func dataTypeName(_ dataType: DataType) -> String {
    switch dataType {
    case .bfloat16: "bfloat16"
    case .float16: "float16"
    default: "float32"
    }
  }

  /// The windows of Qwen2 and Qwen3. Old versions of transformers know the first windowed block
  /// only; `layer_types` is written where that cannot say it.
  private var windowMembers: [JSONObject.Member] {
    guard let slidingWindow, let first = slidingWindow.layers.first else {
      return [.init("use_sliding_window", false), .init("sliding_window", nil)]
    }
    var members: [JSONObject.Member] = [
      .init("use_sliding_window", true), .init("sliding_window", .integer(slidingWindow.size)),
      .init("max_window_layers", .integer(first)),
    ]
    if slidingWindow.layers != Array(first..<layerCount) {
      let types = (0..<layerCount).map { layer -> JSON in
        self.slidingWindow(layer: layer) == nil ? "full_attention" : "sliding_attention"
      }
      members.append(.init("layer_types", .array(types)))
    }
    return members
  }
}

extension RopeScaling {
  fileprivate var json: JSON {
    [
      "rope_type": "llama3",
      "factor": .number(factor),
      "low_freq_factor": .number(lowFrequencyFactor),
      "high_freq_factor": .number(highFrequencyFactor),
      "original_max_position_embeddings": .integer(originalPositionCount),
    ]
  }
}
