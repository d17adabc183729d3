import Core

extension ModelConfiguration {
  /// Reads RoPE's base and scaling, in the order of transformers: `rope_scaling` of the old names,
  /// if it says anything, takes the place of `rope_parameters`; the base may stand in either or,
  /// in the old form, beside them.
  mutating func readRope(_ fields: Fields) throws(InputError) {
    ropeBase = try fields.number("rope_theta") ?? 10_000
    for name in ["rope_scaling", "rope_parameters"] {
      guard let rope = try fields.fields(name), !rope.object.members.isEmpty else { continue }
      let nested = rope.object.members.first { member in
        if case .object = member.value { true } else { false }
      }
      if let nested {
        throw rope.failure(nested.name.onOneLine, "RoPE settings by layer type are not supported")
      }
      if let factor = try rope.number("partial_rotary_factor"), factor != 1 {
        throw rope.failure("partial_rotary_factor", "partial rotation is not supported")
      }
      if let base = try rope.number("rope_theta") { ropeBase = base }
      let key = rope["rope_type"] == nil ? "type" : "rope_type"
      switch try rope.string(key) ?? "default" {
      case "default": break
      case "llama3": ropeScaling = try scaling(rope, fields)
      default:
        throw rope.wrong(
          key, expected: "\"default\" or \"llama3\"; other RoPE types are not supported")
      }
      return
    }
  }

  private func scaling(_ rope: Fields, _ fields: Fields) throws(InputError) -> RopeScaling {
    let key = "original_max_position_embeddings"
    var original = try fields.integer(key)
    if original == nil { original = try rope.integer(key) }
    let result = RopeScaling(
      factor: try rope.required("factor", rope.number("factor")),
      lowFrequencyFactor: try rope.required("low_freq_factor", rope.number("low_freq_factor")),
      highFrequencyFactor: try rope.required("high_freq_factor", rope.number("high_freq_factor")),
      originalPositionCount: original ?? maximumPositionCount)
    try result.validate { rope.failure($0, $1) }
    return result
  }

  /// Reads the windows: Mistral's holds in every block; those of Qwen2 and Qwen3 count only with
  /// `use_sliding_window`, in the blocks that `layer_types` names or else from `max_window_layers`
  /// on.
  mutating func readSlidingWindow(_ fields: Fields) throws(InputError) {
    let isQwen = modelType.hasPrefix("qwen")
    let isUsed = try isQwen ? fields.boolean("use_sliding_window") ?? false : true
    var size = try fields.integer("sliding_window")
    if modelType != "llama", !fields.has("sliding_window") { size = 4096 }
    if !isUsed { size = nil }
    let first = isQwen ? try fields.integer("max_window_layers") ?? 28 : 0
    var layers = size == nil ? [] : (0..<layerCount).filter { $0 >= first }
    if let types = try fields.strings("layer_types") {
      let named = try windowedLayers(types, fields)
      guard isQwen || named == layers else {
        throw fields.failure(
          "layer_types",
          "found \(named.count) windowed blocks, expected \(layers.count): of this model_type all "
            + "or none have one")
      }
      layers = named
    }
    guard !layers.isEmpty else { return }
    if modelType == "llama", let size {
      // One that is no shorter than the longest text changes nothing.
      if size >= maximumPositionCount { return }
      throw fields.failure("sliding_window", "found \(size), but llama has no sliding windows")
    }
    guard let size else {
      throw fields.failure(
        "layer_types", "names \"sliding_attention\", but there is no sliding_window in use")
    }
    slidingWindow = SlidingWindow(size: size, layers: layers)
  }

  private func windowedLayers(_ types: [String], _ fields: Fields) throws(InputError) -> [Int] {
    guard types.count == layerCount else {
      throw fields.failure(
        "layer_types", "found \(types.count) types, expected \(layerCount), one per block")
    }
    for (index, type) in types.enumerated() {
      guard ["full_attention", "sliding_attention"].contains(type) else {
        throw fields.failure(
          "layer_types[\(index)]",
          "found \(type.quotedOnOneLine), expected \"full_attention\" or \"sliding_attention\"")
      }
    }
    return types.indices.filter { types[$0] == "sliding_attention" }
  }
}
