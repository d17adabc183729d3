import Core

/// A byte-level byte-pair tokenizer: any text becomes ids, and the ids become the same text.
///
/// Added tokens are matched first; what lies between them is cut into words by GPT-2's pattern and
/// each word's bytes are merged pair by pair. Gives the ids that Hugging Face `tokenizers` gives
/// for the same `tokenizer.json`.
public struct Tokenizer: Sendable {
  struct Token: Sendable {
    let bytes: [UInt8]
    /// Written as it is, not in the byte alphabet.
    let isVerbatim: Bool
  }

  public let addedTokens: [AddedToken]
  let tokens: [Token?]
  let merges: [(left: Int, right: Int)]
  private let byteTokens: [Int32]
  private let table: MergeTable
  private let trie: TokenTrie
  private let normalizedTrie: TokenTrie
  private let specialIDs: Set<Int>

  /// - Parameter merged: the token that each merge gives, in the order of `merges`.
  init(
    tokens: [Token?], byteTokens: [Int32], merges: [(left: Int, right: Int)], merged: [Int],
    addedTokens: [AddedToken]
  ) {
    self.tokens = tokens
    self.byteTokens = byteTokens
    self.merges = merges
    self.addedTokens = addedTokens
    var table = MergeTable()
    for (rank, pair) in merges.enumerated() {
      table.insert(pair.left, pair.right, into: merged[rank], rank: rank)
    }
    self.table = table
    trie = TokenTrie(addedTokens.filter { !$0.isNormalized })
    normalizedTrie = TokenTrie(addedTokens.filter(\.isNormalized))
    specialIDs = Set(addedTokens.filter(\.isSpecial).map(\.id))
  }

  /// One more than the largest id.
  public var vocabularySize: Int { tokens.count }

  /// The id of an added token, such as `<|end|>`.
  public func id(of content: String) -> Int? {
    addedTokens.last { $0.content.utf8.elementsEqual(content.utf8) }?.id
  }

  /// The bytes that an id stands for, which need not be whole characters; `nil` for an id that the
  /// vocabulary does not have.
  public func bytes(of id: Int) -> [UInt8]? {
    tokens.indices.contains(id) ? tokens[id]?.bytes : nil
  }

  /// The ids of `text`.
  ///
  /// - Parameter matchingAddedTokens: false to take `<|end|>` and the like for plain text, as one
  ///   should with what a stranger wrote.
  /// - Complexity: O(n log n) in the text's length, even for one endless word.
  public func encode(_ text: String, matchingAddedTokens: Bool = true) -> [Int] {
    var ids: [Int] = []
    var merger = PairMerger()
    let bytes = Array(text.utf8)
    func plain(_ part: ArraySlice<UInt8>) {
      var words = PreTokenizer(part)
      while let word = words.next() {
        merger.merge(part[word].lazy.map { byteTokens[Int($0)] }, table, to: &ids)
      }
    }
    guard matchingAddedTokens else {
      plain(bytes[...])
      return ids
    }
    trie.split(bytes[...]) { part in
      normalizedTrie.split(part, text: plain) { ids.append($0) }
    } token: {
      ids.append($0)
    }
    return ids
  }

  /// The text of `ids`. Bytes that are not UTF-8 (a character cut in half) and ids that the
  /// vocabulary does not have become U+FFFD; `tokenizers` drops the latter silently.
  public func decode(_ ids: some Sequence<Int>, skippingSpecials: Bool = false) -> String {
    var bytes: [UInt8] = []
    for id in ids where !(skippingSpecials && specialIDs.contains(id)) {
      bytes.append(contentsOf: self.bytes(of: id) ?? [0xef, 0xbf, 0xbd])
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
