import Core

extension ModelConfiguration {
  /// Architectures that the configuration can describe, as `model_type` names them.
  public static let supportedModelTypes = ["llama", "mistral", "qwen2", "qwen3"]

  /// Checks what an engine relies on: positive sizes within sane bounds, heads that divide, an
  /// even head size, token ids inside the vocabulary, features that the model type has.
  ///
  /// - Throws: `InputError` with the field as `config.json` names it.
  public func validate(file: String? = nil) throws(InputError) {
    func failure(_ field: String, _ problem: String) -> InputError {
      InputError(problem, file: file, field: field)
    }
    let ranges: [(String, Int, ClosedRange<Int>)] = [
      ("vocab_size", vocabularySize, 1...(1 << 24)),
      ("hidden_size", hiddenSize, 1...(1 << 17)),
      ("intermediate_size", intermediateSize, 1...(1 << 20)),
      ("num_hidden_layers", layerCount, 1...1024),
      ("num_attention_heads", headCount, 1...4096),
      ("num_key_value_heads", keyValueHeadCount, 1...4096),
      ("head_dim", headSize, 2...4096),
      ("max_position_embeddings", maximumPositionCount, 1...(1 << 27)),
    ]
    for (field, value, range) in ranges where !range.contains(value) {
      throw failure(
        field, "found \(value), expected \(range.lowerBound) to \(range.upperBound)")
    }
    guard headCount % keyValueHeadCount == 0 else {
      throw failure(
        "num_key_value_heads",
        "found \(keyValueHeadCount), expected a divisor of num_attention_heads, \(headCount)")
    }
    guard headSize % 2 == 0 else {
      throw failure("head_dim", "found \(headSize), expected an even number (RoPE pairs halves)")
    }
    guard normEpsilon > 0, normEpsilon < 1 else {
      throw failure("rms_norm_eps", "found \(normEpsilon), expected a number between 0 and 1")
    }
    guard ropeBase > 1, ropeBase <= 1e15 else {
      throw failure("rope_theta", "found \(ropeBase), expected a number above 1, at most 1e15")
    }
    let tokens =
      [("bos_token_id", beginTokenID), ("pad_token_id", padTokenID)]
      + endTokenIDs.map { ("eos_token_id", Optional($0)) }
    for case (let field, let id?) in tokens where !(0..<vocabularySize).contains(id) {
      throw failure(field, "found \(id), expected an id below vocab_size, \(vocabularySize)")
    }
    guard Self.supportedModelTypes.contains(modelType) else {
      throw failure(
        "model_type",
        "found \"\(oneLine(modelType))\", expected one of "
          + Self.supportedModelTypes.joined(separator: ", "))
    }
    guard queryKeyValueBias == (modelType == "qwen2"), queryKeyNorm == (modelType == "qwen3") else {
      throw failure(
        "model_type",
        "\(modelType) does not fit q/k/v biases \(queryKeyValueBias), q/k norms \(queryKeyNorm): "
          + "only qwen2 has the former and only qwen3 the latter")
    }
  }
}
