import Formats

/// Where a named tensor lies in a block.
package struct TensorSlot: Sendable, Hashable {
  /// The tensor's name in a checkpoint.
  package let name: String
  package let shape: [Int]
  /// In floats from the start of the block.
  package let offset: Int
  package var count: Int { shape.reduce(1, *) }
  package var range: Range<Int> { offset..<(offset + count) }
}

/// The order of tensors in a block.
package struct ParameterLayout: Sendable {
  package private(set) var slots: [TensorSlot] = []
  package private(set) var count = 0

  /// Appends a tensor; `aligned` starts it at a multiple of 64 bytes. Projections that are multiplied
  /// together follow one another without a gap, so that one product serves them all.
  mutating func append(_ name: String, _ shape: [Int], aligned: Bool = true) -> Int {
    if aligned { count = (count + 15) / 16 * 16 }
    let slot = TensorSlot(name: name, shape: shape, offset: count)
    slots.append(slot)
    count += slot.count
    return slot.offset
  }

  package func slot(named name: String) -> TensorSlot? { slots.first { $0.name == name } }
}

/// Offsets of one block's tensors. `qkv` is [(H + 2·KV)·D, C], `gateUp` [2F, C].
struct LayerOffsets: Sendable {
  var inputNorm = 0
  var qkv = 0
  var qkvBias: Int?
  var queryNorm: Int?
  var keyNorm: Int?
  var output = 0
  var postNorm = 0
  var gateUp = 0
  var down = 0
}

/// Offsets of a whole model.
struct ModelOffsets: Sendable {
  var embedding = 0
  var layers: [LayerOffsets] = []
  var finalNorm = 0
  /// The embedding again when the output is tied to it.
  var head = 0
}

extension ModelConfiguration {
  /// Rows of the joint q, k and v projection.
  var qkvSize: Int { (headCount + 2 * keyValueHeadCount) * headSize }
  /// Width of the attention's output before its projection.
  var attentionSize: Int { headCount * headSize }

  /// The layout of a model of this shape, under the names of Hugging Face's `llama` checkpoints.
  func layout() -> (ParameterLayout, ModelOffsets) {
    var layout = ParameterLayout()
    var offsets = ModelOffsets()
    offsets.embedding = layout.append(
      "model.embed_tokens.weight", [vocabularySize, hiddenSize])
    offsets.layers = (0..<layerCount).map { layer(at: $0, in: &layout) }
    offsets.finalNorm = layout.append("model.norm.weight", [hiddenSize])
    offsets.head =
      tiedEmbeddings
      ? offsets.embedding : layout.append("lm_head.weight", [vocabularySize, hiddenSize])
    return (layout, offsets)
  }

  private func layer(at index: Int, in layout: inout ParameterLayout) -> LayerOffsets {
    let prefix = "model.layers.\(index)."
    let queries = attentionSize
    let keys = keyValueHeadCount * headSize
    var offsets = LayerOffsets()
    offsets.inputNorm = layout.append(prefix + "input_layernorm.weight", [hiddenSize])
    offsets.qkv = layout.append(prefix + "self_attn.q_proj.weight", [queries, hiddenSize])
    _ = layout.append(prefix + "self_attn.k_proj.weight", [keys, hiddenSize], aligned: false)
    _ = layout.append(prefix + "self_attn.v_proj.weight", [keys, hiddenSize], aligned: false)
    if queryKeyValueBias {
      offsets.qkvBias = layout.append(prefix + "self_attn.q_proj.bias", [queries])
      _ = layout.append(prefix + "self_attn.k_proj.bias", [keys], aligned: false)
      _ = layout.append(prefix + "self_attn.v_proj.bias", [keys], aligned: false)
    }
    if queryKeyNorm {
      offsets.queryNorm = layout.append(prefix + "self_attn.q_norm.weight", [headSize])
      offsets.keyNorm = layout.append(prefix + "self_attn.k_norm.weight", [headSize])
    }
    offsets.output = layout.append(prefix + "self_attn.o_proj.weight", [hiddenSize, queries])
    offsets.postNorm = layout.append(prefix + "post_attention_layernorm.weight", [hiddenSize])
    offsets.gateUp = layout.append(prefix + "mlp.gate_proj.weight", [intermediateSize, hiddenSize])
    _ = layout.append(
      prefix + "mlp.up_proj.weight", [intermediateSize, hiddenSize], aligned: false)
    offsets.down = layout.append(prefix + "mlp.down_proj.weight", [hiddenSize, intermediateSize])
    return offsets
  }
}
