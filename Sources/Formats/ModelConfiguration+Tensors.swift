extension ModelConfiguration {
  /// Names and shapes of the tensors of a model of this shape, in the order of a pass through it;
  /// linear weights are `[out, in]`, and a tied output has no tensor of its own.
  ///
  /// The names are those of Hugging Face's `llama` checkpoints, which all four families share.
  package func tensorShapes() -> [(name: String, shape: [Int])] {
    var result = [(name: "model.embed_tokens.weight", shape: [vocabularySize, hiddenSize])]
    for layer in 0..<layerCount {
      result += blockTensorShapes.map { ("model.layers.\(layer).\($0.name)", $0.shape) }
    }
    result.append(("model.norm.weight", [hiddenSize]))
    if !tiedEmbeddings { result.append((Self.outputName, [vocabularySize, hiddenSize])) }
    return result
  }

  /// Whether a folder may hold the tensor `name` although the model has none of that name: a tied
  /// output that is stored a second time, and the rotary frequencies of old checkpoints.
  package func isRedundant(tensor name: String) -> Bool {
    name.hasSuffix(".rotary_emb.inv_freq") || (tiedEmbeddings && name == Self.outputName)
  }

  private static let outputName = "lm_head.weight"

  private var blockTensorShapes: [(name: String, shape: [Int])] {
    let queries = headCount * headSize
    let keys = keyValueHeadCount * headSize
    var result: [(name: String, shape: [Int])] = [
      ("input_layernorm.weight", [hiddenSize]),
      ("self_attn.q_proj.weight", [queries, hiddenSize]),
      ("self_attn.k_proj.weight", [keys, hiddenSize]),
      ("self_attn.v_proj.weight", [keys, hiddenSize]),
    ]
    if queryKeyValueBias {
      result += [
        ("self_attn.q_proj.bias", [queries]), ("self_attn.k_proj.bias", [keys]),
        ("self_attn.v_proj.bias", [keys]),
      ]
    }
    if queryKeyNorm {
      result += [("self_attn.q_norm.weight", [headSize]), ("self_attn.k_norm.weight", [headSize])]
    }
    return result + [
      ("self_attn.o_proj.weight", [hiddenSize, queries]),
      ("post_attention_layernorm.weight", [hiddenSize]),
      ("mlp.gate_proj.weight", [intermediateSize, hiddenSize]),
      ("mlp.up_proj.weight", [intermediateSize, hiddenSize]),
      ("mlp.down_proj.weight", [hiddenSize, intermediateSize]),
    ]
  }
}
