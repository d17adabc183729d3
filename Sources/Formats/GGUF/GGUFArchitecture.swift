import Core

/// Architectures of llama.cpp that the engine computes, and how their metadata say a model's shape.
package enum GGUFArchitecture: String, CaseIterable, Sendable {
  /// Of Mistral, too, before files named it so.
  case llama
  case mistral
  case qwen2
  case qwen3

  /// Whether llama.cpp turns neighbours where transformers turns halves.
  var turnsNeighbours: Bool { self == .llama || self == .mistral }

  /// The order of a tensor's rows in files; `nil` where it is that of folders.
  func rowOrder(of tensor: String, headSize: Int) -> GGUFRowOrder? {
    let isTurned = tensor.hasSuffix(".attn_q.weight") || tensor.hasSuffix(".attn_k.weight")
    return turnsNeighbours && isTurned ? GGUFRowOrder(headSize: headSize) : nil
  }

  /// What llama.cpp calls a folder's model; a Mistral is a llama there.
  init(folder model: ModelConfiguration) {
    let architecture = Self(rawValue: model.modelType) ?? .llama
    self = architecture == .mistral ? .llama : architecture
  }

  /// - Throws: `InputError` naming what it is that is not supported.
  init(_ metadata: GGUFMetadata) throws(InputError) {
    let key = "general.architecture"
    let name = try metadata.required(key, metadata.string(key))
    let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
    guard let architecture = Self(rawValue: name) else {
      throw metadata.failure(key, "found \(name.quotedOnOneLine); supported are \(known)")
    }
    if let type = try metadata.string("general.type"), type != "model" {
      throw metadata.wrong("general.type", expected: "\"model\"")
    }
    self = architecture
  }
}

extension GGUFArchitecture {
  /// The shape of the model in a file.
  ///
  /// - Throws: `InputError` naming the key or tensor that is missing, or says what is not supported.
  func configuration(_ file: GGUFFile) throws(InputError) -> ModelConfiguration {
    let metadata = file.metadata
    func integer(_ name: String) throws(InputError) -> Int {
      let key = "\(rawValue).\(name)"
      return try metadata.required(key, metadata.integer(key))
    }
    try refuseUnsupported(metadata)
    guard let embedding = file.tensors["token_embd.weight"], embedding.shape.count == 2 else {
      throw InputError(
        "the tensor is missing, or has other than two dimensions", file: file.file,
        field: "token_embd.weight")
    }
    let heads = try integer("attention.head_count")
    var result = ModelConfiguration(
      vocabularySize: embedding.shape[0], hiddenSize: try integer("embedding_length"),
      intermediateSize: try integer("feed_forward_length"), layerCount: try integer("block_count"),
      headCount: heads,
      keyValueHeadCount: try metadata.integer("\(rawValue).attention.head_count_kv") ?? heads,
      headSize: try headSize(metadata, hidden: integer("embedding_length"), heads: heads))
    result.modelType = rawValue
    let epsilon = "\(rawValue).attention.layer_norm_rms_epsilon"
    result.normEpsilon = try metadata.required(epsilon, metadata.number(epsilon))
    result.maximumPositionCount = try integer("context_length")
    result.ropeBase = try metadata.number("\(rawValue).rope.freq_base") ?? 10_000
    result.tiedEmbeddings = file.tensors["output.weight"] == nil
    result.queryKeyValueBias = self == .qwen2
    result.queryKeyNorm = self == .qwen3
    try readTokens(metadata, into: &result)
    // Before the windows, whose list has an element per block.
    try result.validate(file: file.file)
    try readWindow(metadata, into: &result)
    result.ropeScaling = try GGUFRopeFactors(result).scaling(in: file)
    return result
  }

  private func headSize(
    _ metadata: GGUFMetadata, hidden: Int, heads: Int
  ) throws(InputError) -> Int {
    let keys = ["attention.key_length", "attention.value_length", "rope.dimension_count"]
    guard heads > 0 else {
      throw metadata.wrong("\(rawValue).attention.head_count", expected: "1 or more")
    }
    var size: Int?
    for key in keys.map({ "\(rawValue).\($0)" }) {
      guard let value = try metadata.integer(key) else { continue }
      guard size == nil || size == value else {
        throw metadata.failure(
          key, "found \(value), expected \(size ?? 0), the width of a head: all of it is turned")
      }
      size = value
    }
    return size ?? hidden / heads
  }

  /// Refuses what changes the computation and has no place in `config.json`.
  private func refuseUnsupported(_ metadata: GGUFMetadata) throws(InputError) {
    let neutral: [(String, Double)] = [
      ("expert_count", 0), ("logit_scale", 1), ("embedding_scale", 1), ("residual_scale", 1),
      ("rope.scale_linear", 1), ("rope.scaling.factor", 1), ("attn_logit_softcapping", 0),
      ("attention.scale", 0),
    ]
    for (name, value) in neutral {
      let key = "\(rawValue).\(name)"
      if name == "rope.scaling.factor", try scalingType(metadata) == "none" { continue }
      if let found = try metadata.number(key), found != value {
        throw metadata.failure(key, "found \(metadata[key]?.summary ?? ""), which is not supported")
      }
    }
    if let parts = try metadata.integer("split.count"), parts > 1 {
      throw metadata.failure("split.count", "found \(parts) parts, expected a file in one piece")
    }
    if try metadata.boolean("\(rawValue).attention.causal") == false {
      throw metadata.failure("\(rawValue).attention.causal", "found false, expected true")
    }
    if let type = try scalingType(metadata), type != "none" {
      throw metadata.wrong("\(rawValue).rope.scaling.type", expected: "\"none\"")
    }
  }

  private func scalingType(_ metadata: GGUFMetadata) throws(InputError) -> String? {
    try metadata.string("\(rawValue).rope.scaling.type")
  }

  /// A llama with windows is a Mistral, which is stored as one.
  private func readWindow(
    _ metadata: GGUFMetadata, into result: inout ModelConfiguration
  ) throws(InputError) {
    guard let size = try metadata.integer("\(rawValue).attention.sliding_window"), size > 0,
      size < result.maximumPositionCount
    else { return }
    let key = "\(rawValue).attention.sliding_window"
    guard turnsNeighbours else { throw metadata.failure(key, "found \(size), expected none") }
    result.modelType = "mistral"
    result.slidingWindow = SlidingWindow(size: size, layers: Array(0..<result.layerCount))
  }

  private func readTokens(
    _ metadata: GGUFMetadata, into result: inout ModelConfiguration
  ) throws(InputError) {
    result.beginTokenID = try metadata.integer("tokenizer.ggml.bos_token_id")
    result.padTokenID = try metadata.integer("tokenizer.ggml.padding_token_id")
    // The end of a text and that of a turn may be two.
    for name in ["eos_token_id", "eot_token_id", "eom_token_id"] {
      if let id = try metadata.integer("tokenizer.ggml.\(name)"), !result.endTokenIDs.contains(id) {
        result.endTokenIDs.append(id)
      }
    }
  }
}
