import Core
import Documents

/// The ids of a text, and where they come from.
package struct Encoding: Sendable, Hashable {
  package var ids: [Int]
  /// For each id the bytes of the text, counted in UTF-8, that it stands for.
  ///
  /// A token may be a part of a character. Where text was composed (NFC), a token has the range of
  /// the whole cluster that changed; a `▁` that was put in front has that of the byte behind.
  package var ranges: [Range<Int>]
}

/// A byte-pair tokenizer: byte-level, as of GPT-2, Qwen, Llama 3 and SmolLM, or of SentencePiece's
/// kind, as of Llama 2, Mistral and TinyLlama.
///
/// Added tokens are matched first; what lies between them is normalised and cut into words, and each
/// word's bytes or characters are merged pair by pair. Gives the ids and texts that Hugging Face
/// `tokenizers` gives for the same `tokenizer.json`.
///
/// Words that were seen before are remembered, in a bounded memory of 4 MiB per call at a time.
package struct Tokenizer: Sendable {
  let parts: TokenizerParts

  package var addedTokens: [AddedToken] { parts.addedTokens }

  /// One more than the largest id.
  package var vocabularySize: Int { parts.model.tokens.count }

  /// The tokens that the file puts before a single text, such as `<s>`; `encode` does not.
  package var prefixIDs: [Int] { parts.prefixIDs }

  /// The tokens that the file puts after a single text; `encode` does not.
  package var suffixIDs: [Int] { parts.suffixIDs }

  /// The id of an added token, such as `<|end|>`.
  package func id(of content: String) -> Int? {
    addedTokens.last { $0.content.utf8.elementsEqual(content.utf8) }?.id
  }

  /// The bytes that an id stands for, which need not be whole characters; `nil` for an id that the
  /// vocabulary does not have.
  ///
  /// In vocabularies of SentencePiece's kind `▁the` stands for " the", `<0x0A>` for a line feed.
  package func bytes(of id: Int) -> [UInt8]? {
    guard let bytes = parts.model.tokens[id].map({ Array($0) }) else { return nil }
    guard parts.model.alphabet == .characters, parts.model.tokens.isOfModel(id) else {
      return bytes
    }
    if let byte = TokenDecoder.byte(bytes) { return [byte] }
    return String(decoding: bytes, as: UTF8.self).unicodeScalars
      .flatMap { $0.value == SpaceMark.code ? [0x20] : Array(UTF8.encode($0) ?? .init()) }
  }

  /// The ids of `text`, without the tokens that the file puts before and after; lengths to cut or
  /// fill up to, which a file may also name, are for the caller to keep.
  ///
  /// Characters that the vocabulary cannot write (bytes without a token, no token for unknowns)
  /// are left out, as `tokenizers` does.
  /// - Parameters:
  ///   - text: what to encode.
  ///   - matchingAddedTokens: false to take `<|end|>` and the like for plain text, as one should with
  ///     what a stranger wrote.
  /// - Complexity: O(n log n) in the text's length, even for one endless word.
  package func encode(_ text: String, matchingAddedTokens: Bool = true) -> [Int] {
    encoded(text, matchingAddedTokens, isAligned: false).ids
  }

  /// The ids of `text` as ``encode(_:matchingAddedTokens:)`` gives them, and where they come from.
  ///
  /// - Complexity: O(n log n) in the text's length.
  package func encoding(of text: String, matchingAddedTokens: Bool = true) -> Encoding {
    let encoder = encoded(text, matchingAddedTokens, isAligned: true)
    return Encoding(ids: encoder.ids, ranges: encoder.ranges)
  }

  private func encoded(
    _ text: String, _ matchesAddedTokens: Bool, isAligned: Bool
  ) -> TextEncoder {
    parts.workspaces.withWorkspace { workspace in
      var encoder = TextEncoder(
        parts, workspace, isAligned: isAligned, matchesAddedTokens: matchesAddedTokens)
      var text = text
      text.withUTF8 { encoder.encode($0) }
      return encoder
    }
  }

  /// The text of `ids`. Bytes that are not UTF-8 (a character cut in half) and ids that the
  /// vocabulary does not have become U+FFFD; `tokenizers` drops the latter silently.
  ///
  /// Vocabularies of SentencePiece's kind put a space in front when they encode, and the decoder
  /// takes one away: the beginning of an answer is only right when all of it is decoded at once.
  package func decode(_ ids: some Sequence<Int>, skippingSpecials: Bool = false) -> String {
    let kept = ids.filter { !(skippingSpecials && parts.specialIDs.contains($0)) }
    guard let steps = parts.decoder.steps else {
      var bytes: [UInt8] = []
      for id in kept {
        bytes.append(contentsOf: parts.decodedToken(id))
      }
      return String(decoding: bytes, as: UTF8.self)
    }
    let texts = kept.map { Array(parts.decodedToken($0)) }
    return String(decoding: parts.decoder.decode(texts, steps), as: UTF8.self)
  }
}

/// What a tokenizer is made of.
final class TokenizerParts: Sendable {
  let model: BytePairModel
  let addedTokens: [AddedToken]
  let normalizer: Normalizer
  let preTokenizer: PreTokenizer
  let decoder: TokenDecoder
  let prefixIDs: [Int]
  let suffixIDs: [Int]
  /// The parts of the file that say all this, but for the model and the added tokens.
  let settings: JSONObject

  /// Finds added tokens in the text as given.
  let matcher: AddedTokenMatcher
  /// Finds added tokens in normalised text.
  let normalizedMatcher: AddedTokenMatcher
  let specialIDs: Set<Int>
  /// Added tokens that are decoded as they stand in normalised text.
  private let normalizedTokens: [Int: [UInt8]]
  let workspaces = WorkspacePool()

  init(
    model: BytePairModel, addedTokens: [AddedToken], normalizer: Normalizer = Normalizer(),
    preTokenizer: PreTokenizer = .byteLevel(.init()), decoder: TokenDecoder = TokenDecoder(),
    prefixIDs: [Int] = [], suffixIDs: [Int] = [], settings: JSONObject
  ) {
    self.model = model
    self.addedTokens = addedTokens
    self.normalizer = normalizer
    self.preTokenizer = preTokenizer
    self.decoder = decoder
    self.prefixIDs = prefixIDs
    self.suffixIDs = suffixIDs
    self.settings = settings
    matcher = AddedTokenMatcher(addedTokens) { $0.isNormalized ? nil : Array($0.content.utf8) }
    normalizedMatcher = AddedTokenMatcher(addedTokens) {
      $0.isNormalized ? normalizer.normalized(Array($0.content.utf8)) : nil
    }
    // `tokenizers` decodes added tokens as they stand in normalised text, and takes for special what
    // reads like a special token then.
    let specials = Set(addedTokens.filter(\.isSpecial).map { Array($0.content.utf8) })
    var normalizedTokens: [Int: [UInt8]] = [:]
    var specialIDs: Set<Int> = []
    for token in addedTokens {
      let content = Array(token.content.utf8)
      let text = token.isNormalized ? normalizer.normalized(content) : content
      if text != content { normalizedTokens[token.id] = model.bytes(ofText: text) }
      if specials.contains(text) { specialIDs.insert(token.id) }
    }
    self.normalizedTokens = normalizedTokens
    self.specialIDs = specialIDs
  }

  /// What a decoder begins with: the token, or U+FFFD for one that the vocabulary does not have.
  func decodedToken(_ id: Int) -> ArraySlice<UInt8> {
    if !normalizedTokens.isEmpty, let bytes = normalizedTokens[id] { return bytes[...] }
    return model.tokens[id] ?? TokenDecoder.replacementCharacter[...]
  }
}
