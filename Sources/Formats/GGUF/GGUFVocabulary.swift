import Core

/// The tokens of a GGUF file and what each of them is.
struct GGUFVocabulary: Sendable {
  /// As ggml numbers them (`llama_token_type`).
  enum Kind: Int, Sendable {
    case normal = 1
    case unknown, control, userDefined, unused, byte

    /// Matched in text before anything else is done with it.
    var isAdded: Bool { self == .unknown || self == .control || self == .userDefined }
    var isSpecial: Bool { self == .unknown || self == .control }
  }

  let tokens: [String]
  let kinds: [Kind]
  /// The bytes of a token are at most so many: what is made of it takes the square of that.
  static let longestToken = 1024

  init(_ metadata: GGUFMetadata) throws(InputError) {
    let key = "tokenizer.ggml.tokens"
    var tokens = try metadata.required(key, metadata.strings(key))
    if let long = tokens.first(where: { $0.utf8.count > Self.longestToken }) {
      throw metadata.failure(
        key, "found a token of \(long.utf8.count) bytes, expected at most \(Self.longestToken)")
    }
    var kinds = try Self.kinds(metadata, count: tokens.count)
    // Rows that only fill up a matrix.
    let end = (kinds.lastIndex { $0 != .unused } ?? -1) + 1
    tokens.removeSubrange(end...)
    kinds.removeSubrange(end...)
    (self.tokens, self.kinds) = (tokens, kinds)
  }

  private static func kinds(
    _ metadata: GGUFMetadata, count: Int
  ) throws(InputError) -> [Kind] {
    let key = "tokenizer.ggml.token_type"
    guard let numbers = try metadata.numbers(key) else {
      throw metadata.failure(key, "is missing: which tokens are special is not known")
    }
    guard numbers.count == count else {
      throw metadata.failure(key, "found \(numbers.count) types, expected \(count), one per token")
    }
    var kinds: [Kind] = []
    kinds.reserveCapacity(count)
    for number in numbers {
      guard let kind = Int(exactly: number).flatMap(Kind.init) else {
        throw metadata.failure(key, "found \(number), expected 1 to 6")
      }
      kinds.append(kind)
    }
    return kinds
  }

  /// How many tokens, from the first, are of the model's own vocabulary; what follows is added to it.
  var modelCount: Int { (kinds.lastIndex { !$0.isAdded } ?? -1) + 1 }

  /// A token that the metadata name by its id.
  func token(_ name: String, _ metadata: GGUFMetadata) throws(InputError) -> String? {
    let key = "tokenizer.ggml.\(name)"
    guard let id = try metadata.integer(key) else { return nil }
    guard tokens.indices.contains(id) else {
      throw metadata.failure(key, "found \(id), expected an id below \(tokens.count)")
    }
    return tokens[id]
  }
}
