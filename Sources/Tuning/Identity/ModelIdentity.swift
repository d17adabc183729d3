import Core
import Foundation

/// Which model a folder holds, with an adapter if there is one on it: hashes of everything in it that
/// decides an answer. An equal copy at another place is the same model, and any other byte another one.
///
/// Each hash is the SHA-256 of lines as `sha256sum` writes them: a hash, two spaces, a name. So that of the
/// weights of a plain folder is what `sha256sum model.safetensors | sha256sum` says.
package struct ModelIdentity: Sendable, Hashable, Codable {
  /// Every byte of every file that weights are read from, of the index of shards, and of an adapter's
  /// file, with where the adapter goes and how strong it is.
  package let weights: Fingerprint
  /// `tokenizer.json`, and what the other files say of the special tokens that templates write.
  package let tokenizer: Fingerprint
  /// The text of the chat template in effect, wherever it stands; of nothing where there is none.
  package let template: Fingerprint
  /// `config.json`, and the tokens of `generation_config.json` that end an answer.
  package let configuration: Fingerprint
  /// Of the other four.
  package let identity: Fingerprint

  package init(
    weights: Fingerprint, tokenizer: Fingerprint, template: Fingerprint, configuration: Fingerprint
  ) {
    (self.weights, self.tokenizer) = (weights, tokenizer)
    (self.template, self.configuration) = (template, configuration)
    identity = Fingerprint(lines: [
      (weights, "weights"), (tokenizer, "tokenizer"), (template, "template"),
      (configuration, "configuration"),
    ])
  }
}

extension Fingerprint {
  /// Of hashes with their names, a line each.
  init(lines: [(hash: Fingerprint, name: String)]) {
    let text = lines.map { "\($0.hash.hex)  \($0.name)\n" }.joined()
    self.init(bytes: Data(text.utf8))
  }
}
