import Core

/// How a folder's weights are named: as causal language models are, `model.layers.0…`, or as the model
/// inside one is when it was saved alone, without `model.`, which transformers reads too.
struct TensorNames {
  private let lacksPrefix: Bool

  private static let prefix = "model."
  private static let embedding = "embed_tokens.weight"
  private static let output = "lm_head."

  /// - Throws: `InputError` for names under a prefix that is read by nobody but its writer.
  init(_ names: [String], file: String) throws(InputError) {
    lacksPrefix = names.contains(Self.embedding)
    guard !lacksPrefix, !names.contains(Self.prefix + Self.embedding) else { return }
    // Without any embedding the tensor that is missing says more.
    guard let other = names.sorted().first(where: { $0.hasSuffix("." + Self.embedding) }) else {
      return
    }
    let found = other.dropLast(Self.embedding.count)
    throw InputError(
      "the tensors' names begin with \(String(found).quotedOnOneLine), expected \"\(Self.prefix)\" or "
        + "nothing before \(Self.embedding): save the causal language model itself", file: file)
  }

  func read(_ name: String) -> String {
    lacksPrefix && !name.hasPrefix(Self.output) ? Self.prefix + name : name
  }

  func read(_ files: [Safetensors]) -> [Safetensors] {
    lacksPrefix ? files.map { $0.renamed(read) } : files
  }
}
