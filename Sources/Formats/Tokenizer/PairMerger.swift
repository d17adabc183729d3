/// The merges of a byte-pair vocabulary (Sennrich, Haddow & Birch, *Neural Machine Translation of
/// Rare Words with Subword Units*, arXiv 1508.07909): which pair becomes which token, and in
/// which order.
struct MergeTable: Sendable {
  struct Merge: Sendable {
    let rank: UInt32
    let token: Int32
  }

  private(set) var pairs: [UInt64: Merge] = [:]

  static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  /// A pair that is named twice takes its later rank, as in `tokenizers`.
  mutating func insert(_ left: Int, _ right: Int, into token: Int, rank: Int) {
    pairs[Self.key(Int32(left), Int32(right))] = Merge(rank: UInt32(rank), token: Int32(token))
  }

  subscript(left: Int32, right: Int32) -> Merge? { pairs[Self.key(left, right)] }
}

/// Merges the pairs of one word after another; keeps its buffers in between.
///
/// A word is a doubly linked list of tokens; a queue holds the mergeable pairs by rank, then
/// position. Each merge removes one token and adds at most two pairs, so a word of n bytes takes
/// O(n log n) whatever its content.
struct PairMerger {
  private static let none = UInt32.max

  private var tokens: [Int32] = []
  private var next: [Int32] = []
  private var previous: [Int32] = []
  /// The rank of the pair that begins here, to tell queue entries that are out of date.
  private var ranks: [UInt32] = []
  private var queue = PriorityQueue<UInt64>()

  /// Appends the tokens of the word whose bytes have these `byteTokens`.
  mutating func merge(_ byteTokens: some Sequence<Int32>, _ table: MergeTable, to ids: inout [Int])
  {
    tokens.removeAll(keepingCapacity: true)
    tokens.append(contentsOf: byteTokens)
    let count = tokens.count
    guard count > 1 else { return ids.append(contentsOf: tokens.map(Int.init)) }
    next = (1...count).map { $0 < count ? Int32($0) : -1 }
    previous = (0..<count).map { Int32($0) - 1 }
    ranks = Array(repeating: Self.none, count: count)
    for position in 0..<count - 1 { enqueue(position, table) }
    while let entry = queue.removeFirst() {
      let position = Int(entry & 0xffff_ffff)
      guard ranks[position] == UInt32(entry >> 32) else { continue }
      mergePair(at: position, table)
    }
    var position = 0
    while position >= 0 {
      ids.append(Int(tokens[position]))
      position = Int(next[position])
    }
  }

  private mutating func mergePair(at position: Int, _ table: MergeTable) {
    let right = Int(next[position])
    guard let merge = table[tokens[position], tokens[right]] else { return }
    tokens[position] = merge.token
    ranks[right] = Self.none
    next[position] = next[right]
    if next[right] >= 0 { previous[Int(next[right])] = Int32(position) }
    enqueue(position, table)
    if previous[position] >= 0 { enqueue(Int(previous[position]), table) }
  }

  private mutating func enqueue(_ position: Int, _ table: MergeTable) {
    ranks[position] = Self.none
    let right = next[position]
    guard right >= 0, let merge = table[tokens[position], tokens[Int(right)]] else { return }
    ranks[position] = merge.rank
    queue.insert(UInt64(merge.rank) << 32 | UInt64(position))
  }
}
