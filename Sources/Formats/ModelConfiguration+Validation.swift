import Core

extension ModelConfiguration {
  /// Checks what an engine relies on: positive sizes within sane bounds, heads that divide, an
  /// even head size, token ids inside the vocabulary, a RoPE scaling and windows that make sense,
  /// features that the model type has.
  ///
  /// - Throws: `InputError` with the field as `config.json` names it.
  package func validate(file: String? = nil) throws(InputError) {
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
        "found \(modelType.quotedOnOneLine), expected one of "
          + Self.supportedModelTypes.joined(separator: ", "))
    }
    guard queryKeyValueBias == (modelType == "qwen2"), queryKeyNorm == (modelType == "qwen3") else {
      throw failure(
        "model_type",
        "\(modelType) does not fit q/k/v biases \(queryKeyValueBias), q/k norms \(queryKeyNorm): "
          + "only qwen2 has the former and only qwen3 the latter")
    }
    try ropeScaling?.validate { failure("rope_scaling." + $0, $1) }
    try validateSlidingWindow(failure)
  }

  private func validateSlidingWindow(
    _ failure: (_ field: String, _ problem: String) -> InputError
  ) throws(InputError) {
    guard let slidingWindow else { return }
    guard (1...(1 << 27)).contains(slidingWindow.size) else {
      throw failure(
        "sliding_window", "found \(slidingWindow.size), expected 1 to \(1 << 27) tokens")
    }
    let layers = slidingWindow.layers
    guard !layers.isEmpty, layers.allSatisfy((0..<layerCount).contains),
      zip(layers, layers.dropFirst()).allSatisfy(<)
    else {
      throw failure(
        "layer_types", "expected windows in blocks of 0 to \(layerCount - 1), ascending")
    }
    guard modelType != "llama", modelType != "mistral" || layers.count == layerCount else {
      throw failure("sliding_window", "\(modelType) does not have windows in these blocks")
    }
  }
}

extension RopeScaling {
  /// - Parameter failure: makes the error of a field, named as in `config.json`.
  func validate(
    _ failure: (_ field: String, _ problem: String) -> InputError
  ) throws(InputError) {
    guard factor >= 1, factor <= 1e6 else {
      throw failure("factor", "found \(factor), expected a number from 1 to 1e6")
    }
    guard lowFrequencyFactor > 0, lowFrequencyFactor <= 1e6 else {
      throw failure(
        "low_freq_factor",
        "found \(lowFrequencyFactor), expected a number above 0, at most 1e6")
    }
    guard highFrequencyFactor > lowFrequencyFactor, highFrequencyFactor <= 1e6 else {
      throw failure(
        "high_freq_factor",
        "found \(highFrequencyFactor), expected a number above low_freq_factor, "
          + "\(lowFrequencyFactor), at most 1e6")
    }
    guard (1...(1 << 27)).contains(originalPositionCount) else {
      throw failure(
        "original_max_position_embeddings",
        "found \(originalPositionCount), expected 1 to \(1 << 27)")
    }
  }
}
