/// A vocabulary and its merges: one word in, its tokens out.
struct BytePairModel: Sendable {
  /// What the characters of the vocabulary are.
  enum Alphabet: Sendable, Hashable {
    /// Bytes, written as printable characters.
    case bytes
    /// Characters themselves, as SentencePiece has them.
    case characters
  }

  /// What is done with what the vocabulary does not have.
  struct Unknowns: Sendable, Hashable {
    /// The token in the place of a character; `nil` to leave the character out.
    var token: Int32?
    /// One token for several characters in a row.
    var isFused = false
    /// Characters fall back on the tokens of their bytes, if all of these are there.
    var fallsBackOnBytes = false
  }

  let alphabet: Alphabet
  let tokens: TokenTable
  let merges: [(left: Int32, right: Int32)]
  let unknowns: Unknowns
  /// Words that are tokens as a whole are not merged.
  let ignoresMerges: Bool
  /// Every text can be told from its tokens: nothing is left out or unknown.
  let isComplete: Bool
  /// No merge joins a character with a `▁` that follows it: words can be merged one by one.
  let mergesStopBeforeSpaceMark: Bool

  private let table: MergeTable
  /// Tokens of single bytes; -1 where there is none.
  private let byteTokens: FlatStorage<Int32>
  private let characterTokens: CharacterTokens
  private let index: TokenIndex?
  private let fallbacks: Set<Int32>

  /// - Parameters:
  ///   - merged: the token that each merge gives, in the order of `merges`.
  ///   - byteTokens: 256 tokens; of the bytes, or those to fall back on; -1 where there is none.
  ///   - index: finds tokens of the model's vocabulary; needed where `ignoresMerges`.
  init(
    alphabet: Alphabet, tokens: TokenTable, merges: [(left: Int32, right: Int32)],
    merged: [Int32], byteTokens: [Int32], unknowns: Unknowns = Unknowns(),
    index: TokenIndex? = nil
  ) {
    self.alphabet = alphabet
    self.tokens = tokens
    self.merges = merges
    self.unknowns = unknowns
    self.index = index
    ignoresMerges = index != nil
    table = MergeTable(merges, merged: merged)
    self.byteTokens = FlatStorage(byteTokens)
    isComplete =
      !byteTokens.contains(-1) && (alphabet == .bytes || unknowns.fallsBackOnBytes)
    fallbacks = alphabet == .characters ? Set(byteTokens) : []
    characterTokens = CharacterTokens(alphabet == .characters ? tokens : TokenTable())
    mergesStopBeforeSpaceMark =
      alphabet == .characters && characterTokens[SpaceMark.code] >= 0
      && !Self.ends(unknowns.token, tokens)
      && merges.allSatisfy { Self.ends($0.left, tokens) || !Self.begins($0.right, tokens) }
  }

  /// How many bytes of a word a token stands for.
  ///
  /// - Precondition: the model is complete; unknown characters have no length of their own.
  func spanByteCount(_ id: Int) -> Int {
    alphabet == .characters && isFallback(id) ? 1 : tokens.byteCount(id)
  }

  private func isFallback(_ id: Int) -> Bool {
    tokens.byteCount(id) == 6 && fallbacks.contains(Int32(id))
  }

  private static func begins(_ token: Int32, _ tokens: TokenTable) -> Bool {
    tokens[Int(token)]?.starts(with: SpaceMark.bytes) ?? false
  }

  private static func ends(_ token: Int32?, _ tokens: TokenTable) -> Bool {
    token.flatMap { tokens[Int($0)] }?.suffix(3).elementsEqual(SpaceMark.bytes) ?? false
  }

  /// The bytes that a token's text stands for: its UTF-8 if it is not in the byte alphabet.
  func bytes(ofText text: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    let isDecoded =
      alphabet == .bytes && text.withUnsafeBufferPointer { ByteAlphabet.decode($0, to: &bytes) }
    return isDecoded ? bytes : text
  }

  /// Fills the merger with the tokens of a word.
  ///
  /// - Complexity: O(n log n) in the word's length.
  func merge(_ word: UnsafeBufferPointer<UInt8>, _ merger: PairMerger) {
    guard let base = word.baseAddress else { return merger.begin(capacity: 0) }
    merger.begin(capacity: word.count + 1)
    if let index {
      if let id = index.id(of: word, isVerbatim: alphabet == .characters, in: tokens),
        tokens.isOfModel(id)
      {
        return merger.append(Int32(id), start: 0)
      }
    }
    switch alphabet {
    case .bytes:
      if isComplete {
        for position in 0..<word.count {
          merger.append(byteTokens.elements[Int(base[position])], start: position)
        }
      } else {
        fillBytes(word, merger)
      }
    case .characters: fillCharacters(base, word.count, merger)
    }
    merger.merge(table)
  }

  private func fillBytes(_ word: UnsafeBufferPointer<UInt8>, _ merger: PairMerger) {
    var pending: Int?
    for position in 0..<word.count {
      let token = byteTokens.elements[Int(word[position])]
      if token >= 0 {
        flush(&pending, merger)
        merger.append(token, start: position)
      } else {
        addUnknown(at: position, &pending, merger)
      }
    }
    flush(&pending, merger)
  }

  private func fillCharacters(
    _ base: UnsafePointer<UInt8>, _ count: Int, _ merger: PairMerger
  ) {
    var pending: Int?
    var position = 0
    while position < count {
      let (code, end) = decodeScalar(base, at: position)
      let token = characterTokens[code]
      if token >= 0 {
        flush(&pending, merger)
        merger.append(token, start: position)
      } else if unknowns.fallsBackOnBytes,
        (position..<end).allSatisfy({ byteTokens.elements[Int(base[$0])] >= 0 })
      {
        // Unknown characters before stay pending: `tokenizers` puts them behind these bytes.
        for byte in position..<end {
          merger.append(byteTokens.elements[Int(base[byte])], start: byte)
        }
      } else {
        addUnknown(at: position, &pending, merger)
      }
      position = end
    }
    flush(&pending, merger)
  }

  /// - Parameter pending: where unknown characters begin whose token is yet to be written.
  private func addUnknown(at position: Int, _ pending: inout Int?, _ merger: PairMerger) {
    guard unknowns.token != nil else { return }
    if unknowns.isFused, pending != nil { return }
    flush(&pending, merger)
    pending = position
  }

  private func flush(_ pending: inout Int?, _ merger: PairMerger) {
    guard let start = pending, let token = unknowns.token else { return }
    merger.append(token, start: start)
    pending = nil
  }
}

/// The character that SentencePiece writes for a space: `▁`, U+2581.
enum SpaceMark {
  static let code: UInt32 = 0x2581
  static let bytes: [UInt8] = [0xe2, 0x96, 0x81]
}

/// The tokens of single characters.
struct CharacterTokens: Sendable {
  /// For each 256 scalars the page of their tokens; page 0 is empty.
  private let pages: FlatStorage<UInt16>
  private let tokens: FlatStorage<Int32>

  init(_ table: TokenTable) {
    var pages = [UInt16](repeating: 0, count: 0x1100)
    var tokens = [Int32](repeating: -1, count: 256)
    for id in 0..<table.count where table.isOfModel(id) {
      guard let bytes = table[id], (1...4).contains(bytes.count) else { continue }
      let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
      guard scalars.count == 1, let code = scalars.first?.value else { continue }
      if pages[Int(code >> 8)] == 0 {
        pages[Int(code >> 8)] = UInt16(tokens.count >> 8)
        tokens.append(contentsOf: repeatElement(-1, count: 256))
      }
      tokens[Int(pages[Int(code >> 8)]) << 8 | Int(code & 0xff)] = Int32(id)
    }
    self.pages = FlatStorage(pages)
    self.tokens = FlatStorage(tokens)
  }

  /// -1 for a character without token.
  @inline(__always)
  subscript(code: UInt32) -> Int32 {
    tokens.elements[Int(pages.elements[Int(code >> 8)]) << 8 | Int(code & 0xff)]
  }
}
