/// Trains a byte-level BPE vocabulary (Sennrich, Haddow & Birch, arXiv 1508.07909): starting
/// from bytes, the most frequent pair of neighbours becomes a token, again and again.
///
/// Deterministic: of pairs that are equally frequent the one whose left bytes, then right bytes,
/// come first in lexical order is merged. (`tokenizers` breaks ties by id.) Ids are the special
/// tokens, then the 256 bytes, then the merges in their order.
public struct BPETrainer: Sendable {
  /// At most this many tokens, special ones and bytes included.
  public var vocabularySize: Int
  public var specialTokens: [String]
  /// Pairs seen less often are not merged, so that the vocabulary may stay smaller.
  public var minimumCount = 2

  /// - Precondition: the size has room for the special tokens, each named once and
  ///   longer than a byte, and 256 bytes.
  public init(vocabularySize: Int, specialTokens: [String]) {
    precondition(
      vocabularySize >= specialTokens.count + 256,
      "\(vocabularySize) tokens cannot hold \(specialTokens.count) special ones and 256 bytes")
    precondition(Set(specialTokens).count == specialTokens.count, "a special token is named twice")
    precondition(specialTokens.allSatisfy { $0.utf8.count > 1 }, "a special token is a byte")
    self.vocabularySize = vocabularySize
    self.specialTokens = specialTokens
  }

  /// Counts the words of `texts`, with special tokens cut out.
  public func wordCounts(in texts: some Sequence<String>) -> [[UInt8]: Int] {
    let trie = TokenTrie(specialTokens.enumerated().map { AddedToken(id: $0, content: $1) })
    var counts: [[UInt8]: Int] = [:]
    for text in texts {
      trie.split(Array(text.utf8)[...]) { part in
        var words = PreTokenizer(part)
        while let word = words.next() { counts[Array(part[word]), default: 0] += 1 }
      } token: { _ in
      }
    }
    return counts
  }

  /// Trains on words and how often each occurs.
  public func train(wordCounts: [[UInt8]: Int]) -> Tokenizer {
    var training = BPETraining(wordCounts: wordCounts, specialTokens: specialTokens)
    while training.tokens.count < vocabularySize, training.mergeBest(minimumCount: minimumCount) {}
    let added = specialTokens.enumerated().map { AddedToken(id: $0, content: $1) }
    return Tokenizer(
      tokens: training.tokens.enumerated().map {
        Tokenizer.Token(bytes: $1, isVerbatim: $0 < added.count)
      },
      byteTokens: training.byteTokens, merges: training.merges, merged: training.merged,
      addedTokens: added)
  }

  /// Trains on the words of `texts`.
  public func train(texts: some Sequence<String>) -> Tokenizer {
    train(wordCounts: wordCounts(in: texts))
  }
}

/// The state of a training: words as tokens, pair counts, and a queue of candidates.
private struct BPETraining {
  struct Candidate: Comparable {
    let count: Int
    let left: [UInt8]
    let right: [UInt8]
    let pair: UInt64

    /// The candidate to be merged first is the least.
    static func < (a: Candidate, b: Candidate) -> Bool {
      if a.count != b.count { return a.count > b.count }
      if a.left != b.left { return a.left.lexicographicallyPrecedes(b.left) }
      return a.right.lexicographicallyPrecedes(b.right)
    }
  }

  private(set) var tokens: [[UInt8]]
  private(set) var byteTokens: [Int32]
  private(set) var merges: [(left: Int, right: Int)] = []
  private(set) var merged: [Int] = []
  private var words: [(tokens: [Int32], count: Int)] = []
  private var counts: [UInt64: Int] = [:]
  /// Words in which a pair was seen; some may have lost it since.
  private var places: [UInt64: Set<Int>] = [:]
  private var queue = PriorityQueue<Candidate>()
  private var ids: [[UInt8]: Int] = [:]
  private let specialTokenCount: Int

  init(wordCounts: [[UInt8]: Int], specialTokens: [String]) {
    specialTokenCount = specialTokens.count
    tokens = specialTokens.map { Array($0.utf8) } + ByteAlphabet.bytesInOrder.map { [$0] }
    byteTokens = Array(repeating: 0, count: 256)
    for (id, bytes) in tokens.enumerated() { ids[bytes] = id }
    for (offset, byte) in ByteAlphabet.bytesInOrder.enumerated() {
      byteTokens[Int(byte)] = Int32(specialTokenCount + offset)
    }
    for (word, count) in wordCounts where count > 0 {
      words.append((word.map { byteTokens[Int($0)] }, count))
      addPairs(ofWord: words.count - 1, sign: 1)
    }
    for pair in counts.keys { enqueue(pair) }
  }

  /// Merges the most frequent pair; false if none is frequent enough.
  mutating func mergeBest(minimumCount: Int) -> Bool {
    while let best = queue.removeFirst() {
      let count = counts[best.pair] ?? 0
      guard count == best.count else {
        // Out of date: it returns with what it counts now. Counts that grew were enqueued anew.
        if count > 0, count < best.count { enqueue(best.pair) }
        continue
      }
      guard count >= minimumCount else { return false }
      let bytes = best.left + best.right
      // A special token's text is never the product of merges.
      if let id = ids[bytes], id < specialTokenCount { continue }
      merge(best.pair, bytes)
      return true
    }
    return false
  }

  private mutating func merge(_ pair: UInt64, _ bytes: [UInt8]) {
    let left = Int32(truncatingIfNeeded: pair >> 32)
    let right = Int32(truncatingIfNeeded: pair)
    // "ab"+"c" and "a"+"bc" give one token.
    let token = ids[bytes] ?? tokens.count
    if token == tokens.count {
      tokens.append(bytes)
      ids[bytes] = token
    }
    merges.append((Int(left), Int(right)))
    merged.append(token)
    var grown: Set<UInt64> = []
    for word in places[pair] ?? [] {
      addPairs(ofWord: word, sign: -1)
      words[word].tokens = Self.replaced(words[word].tokens, left, right, by: Int32(token))
      grown.formUnion(addPairs(ofWord: word, sign: 1))
    }
    counts[pair] = nil
    places[pair] = nil
    for pair in grown { enqueue(pair) }
  }

  private static func replaced(
    _ tokens: [Int32], _ left: Int32, _ right: Int32, by token: Int32
  ) -> [Int32] {
    var result: [Int32] = []
    var index = 0
    while index < tokens.count {
      if tokens[index] == left, index + 1 < tokens.count, tokens[index + 1] == right {
        result.append(token)
        index += 2
      } else {
        result.append(tokens[index])
        index += 1
      }
    }
    return result
  }

  @discardableResult
  private mutating func addPairs(ofWord word: Int, sign: Int) -> [UInt64] {
    let (tokens, count) = words[word]
    let pairs = zip(tokens, tokens.dropFirst()).map { MergeTable.key($0, $1) }
    for pair in pairs {
      counts[pair, default: 0] += sign * count
      if sign > 0 { places[pair, default: []].insert(word) }
    }
    return pairs
  }

  private mutating func enqueue(_ pair: UInt64) {
    guard let count = counts[pair], count > 0 else { return }
    queue.insert(
      Candidate(
        count: count, left: tokens[Int(pair >> 32)], right: tokens[Int(pair & 0xffff_ffff)],
        pair: pair))
  }
}
