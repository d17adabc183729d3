/// Trains a byte-level BPE vocabulary (Sennrich, Haddow & Birch, arXiv 1508.07909): starting
/// from bytes, the most frequent pair of neighbours becomes a token, again and again.
///
/// Deterministic: of pairs that are equally frequent the one whose left bytes, then right bytes,
/// come first in lexical order is merged. (`tokenizers` breaks ties by id.) Ids are the special
/// tokens, then the 256 bytes, then the merges in their order.
package struct BPETrainer: Sendable {
  /// At most this many tokens, special ones and bytes included.
  package var vocabularySize: Int
  package var specialTokens: [String]
  /// Pairs seen less often are not merged, so that the vocabulary may stay smaller.
  package var minimumCount = 2

  /// - Precondition: the size has room for the special tokens, each named once and
  ///   longer than a byte, and 256 bytes.
  package init(vocabularySize: Int, specialTokens: [String]) {
    precondition(
      vocabularySize >= specialTokens.count + 256,
      "\(vocabularySize) tokens cannot hold \(specialTokens.count) special ones and 256 bytes")
    precondition(Set(specialTokens).count == specialTokens.count, "a special token is named twice")
    precondition(specialTokens.allSatisfy { $0.utf8.count > 1 }, "a special token is a byte")
    self.vocabularySize = vocabularySize
    self.specialTokens = specialTokens
  }

  /// Counts the words of `texts`, with special tokens cut out.
  package func wordCounts(in texts: some Sequence<String>) -> [[UInt8]: Int] {
    let specials = specialTokens.enumerated().map { AddedToken(id: $0, content: $1) }
    let matcher = AddedTokenMatcher(specials) { Array($0.content.utf8) }
    var counts: [[UInt8]: Int] = [:]
    for text in texts {
      Array(text.utf8).withUnsafeBufferPointer { bytes in
        let parts = matcher.parts(of: bytes) ?? [.init(range: 0..<bytes.count, token: nil)]
        for part in parts where part.token == nil { count(bytes, part.range, &counts) }
      }
    }
    return counts
  }

  private func count(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ counts: inout [[UInt8]: Int]
  ) {
    guard let base = bytes.baseAddress else { return }
    let words = WordScanner(bytes: base, end: range.upperBound)
    var position = range.lowerBound
    while position < range.upperBound {
      let end = words.endOfWord(at: position, .gpt2)
      counts[Array(bytes[position..<end]), default: 0] += 1
      position = end
    }
  }

  /// Trains on words and how often each occurs.
  package func train(wordCounts: [[UInt8]: Int]) -> Tokenizer {
    var training = BPETraining(wordCounts: wordCounts, specialTokens: specialTokens)
    while training.tokens.count < vocabularySize, training.mergeBest(minimumCount: minimumCount) {}
    var tokens = TokenTable()
    for (id, bytes) in training.tokens.enumerated() {
      tokens.insert(bytes, id: id, isVerbatim: id < specialTokens.count, isOfModel: true)
    }
    let model = BytePairModel(
      alphabet: .bytes, tokens: tokens,
      merges: training.merges.map { (Int32($0.left), Int32($0.right)) },
      merged: training.merged.map { Int32($0) }, byteTokens: training.byteTokens)
    let added = specialTokens.enumerated().map { AddedToken(id: $0, content: $1) }
    return Tokenizer(
      parts: TokenizerParts(model: model, addedTokens: added, settings: Tokenizer.gpt2Settings))
  }

  /// Trains on the words of `texts`.
  package func train(texts: some Sequence<String>) -> Tokenizer {
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
