import Core
import Foundation

/// What a model folder holds, as far as its headers say.
package struct ModelSummary: Sendable, Hashable {
  package let configuration: ModelConfiguration
  /// Numbers that a training of all weights would move; a tied output counts once.
  package let parameterCount: Int
  /// Bytes of the weights on disk.
  package let weightByteCount: Int
  /// Types of the stored weights, the one with the most bytes first.
  package let dataTypes: [DataType]
  /// Paths of the weight files.
  package let weightFiles: [String]
  /// The tokenizer's largest id plus one; `nil` if none was asked for.
  package let tokenizerVocabularySize: Int?
}

extension ModelFolder {
  /// Checks that configuration, weights and tokenizer are there and fit each other, from headers
  /// alone: no weight is read.
  ///
  /// - Parameters:
  ///   - tokenizer: whether the folder must have one.
  ///   - adapter: the folder of an adapter that is asked for.
  /// - Throws: `InputError` for the first thing that is wrong: whatever `configuration()`,
  ///   `ModelWeightFiles.init` and `tokenizer()` throw; a tensor that is missing, unexpected, of
  ///   another shape or not of F32, BF16 or F16; a token id that the model does not have.
  package func check(
    tokenizer: Bool = true, adapter: String? = nil
  ) throws(InputError) -> ModelSummary {
    try requireAdapter(asked: adapter)
    let configuration = try configuration()
    let weights = try ModelWeightFiles(folder: self)
    try weights.check(configuration)
    var sizes: [DataType: Int] = [:]
    for file in weights.files {
      for info in file.tensors.values { sizes[info.dataType, default: 0] += info.range.count }
    }
    let size = try tokenizer ? checkedTokenizerSize(configuration) : nil
    return ModelSummary(
      configuration: configuration,
      parameterCount: configuration.tensorShapes().reduce(0) { $0 + $1.shape.reduce(1, *) },
      weightByteCount: weights.byteCount,
      dataTypes: sizes.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
        .map(\.key),
      weightFiles: weights.files.map(\.file), tokenizerVocabularySize: size)
  }

  /// Checks that no adapter lies beside the weights but the one that is asked for: transformers would
  /// apply it, and without it the folder is another model than its owner thinks.
  ///
  /// - Throws: `InputError` naming the adapter.
  package func requireAdapter(asked: String?) throws(InputError) {
    guard fileExists(adapterConfigurationPath) else { return }
    func place(_ path: String) -> String {
      URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    }
    if let asked, place(asked) == place(path) { return }
    throw InputError(
      "found an adapter beside full weights, which transformers would apply to them: apply it with "
        + "--adapter \(path.onOneLine), or move the file away", file: adapterConfigurationPath)
  }

  private func checkedTokenizerSize(
    _ configuration: ModelConfiguration
  ) throws(InputError) -> Int {
    let tokenizer = try tokenizer()
    let size = tokenizer.vocabularySize
    guard size <= configuration.vocabularySize else {
      let text = tokenizer.decode([size - 1])
      throw InputError(
        "the token \(text.quotedOnOneLine) has the id \(size - 1), but the model has only "
          + "\(configuration.vocabularySize) tokens (vocab_size of config.json)",
        file: tokenizerPath)
    }
    // Models round their vocabulary up, but never put the end of a text there.
    if let id = configuration.endTokenIDs.first(where: { $0 >= size }) {
      throw InputError(
        "found \(id), but the largest id of tokenizer.json is \(size - 1): they do not belong "
          + "together", file: configurationPath, field: "eos_token_id")
    }
    return size
  }
}

extension ModelWeightFiles {
  /// Checks that these are the tensors of a model of the shape `configuration`: names, shapes,
  /// types.
  ///
  /// - Throws: `InputError` naming file and tensor.
  package func check(_ configuration: ModelConfiguration) throws(InputError) {
    let expected = configuration.tensorShapes()
    for (name, shape) in expected { _ = try file(of: name).checkedInfo(of: name, shape) }
    // After the known ones: a missing tensor says more than the unexpected one in its place.
    let known = Set(expected.map(\.name))
    for name in names where !known.contains(name) && !configuration.isRedundant(tensor: name) {
      throw InputError(
        "the tensor is unexpected: no part of this model has that name",
        file: try file(of: name).file, field: name.onOneLine)
    }
  }
}
