/// Merges the pairs of one word after another; keeps its buffers in between.
///
/// Short words look for the least rank among their few pairs. Long ones are a doubly linked list of
/// tokens and a queue of the mergeable pairs by rank, then position: each merge removes one token and
/// adds at most two pairs, so a word of n bytes takes O(n log n) whatever its content.
final class PairMerger {
  /// Words of more tokens use the queue.
  private static let shortLength = 40
  /// Buffers for words beyond this are not kept.
  private static let keptCapacity = 1 << 14

  /// The word's tokens: set before `merge`, and after it the result.
  private(set) var count = 0
  private(set) var capacity = 0
  private(set) var tokens = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
  /// Where in the word each token begins, in bytes.
  private(set) var starts = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
  /// The merge of the pair that begins here.
  private var merges = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)
  private var queue = PriorityQueue<UInt64>()
  private var next: [Int32] = []
  private var previous: [Int32] = []

  init() { reserve(256) }

  deinit { deallocate() }

  private func deallocate() {
    tokens.deallocate()
    starts.deallocate()
    merges.deallocate()
  }

  /// Forgets the last word and makes room for one of up to `capacity` tokens.
  func begin(capacity needed: Int) {
    count = 0
    if needed > capacity {
      reserve(needed)
    } else if capacity > Self.keptCapacity, needed <= Self.keptCapacity {
      reserve(Self.keptCapacity)
      queue = PriorityQueue()
      next = []
      previous = []
    }
  }

  private func reserve(_ capacity: Int) {
    deallocate()
    tokens = .allocate(capacity: capacity)
    starts = .allocate(capacity: capacity)
    merges = .allocate(capacity: capacity)
    self.capacity = capacity
  }

  /// - Precondition: fewer than the capacity have been appended.
  @inline(__always)
  func append(_ token: Int32, start: Int) {
    tokens[count] = token
    starts[count] = Int32(truncatingIfNeeded: start)
    count += 1
  }

  func merge(_ table: MergeTable) {
    guard count > 1 else { return }
    if count <= Self.shortLength { mergeShort(table) } else { mergeLong(table) }
  }

  private func mergeShort(_ table: MergeTable) {
    let (tokens, starts, merges) = (tokens, starts, merges)
    var count = count
    merges[count - 1] = MergeTable.none
    for index in 0..<count - 1 { merges[index] = table.merge(tokens[index], tokens[index + 1]) }
    while count > 1 {
      var best = 0
      var least = merges[0]
      for index in 1..<max(1, count - 1) where merges[index] < least {
        least = merges[index]
        best = index
      }
      guard least != MergeTable.none else { break }
      tokens[best] = Int32(truncatingIfNeeded: least)
      count -= 1
      for index in best + 1..<max(best + 1, count) {
        tokens[index] = tokens[index + 1]
        starts[index] = starts[index + 1]
        // One more than there are pairs is copied, and never looked at.
        merges[index] = merges[index + 1]
      }
      if best + 1 < count { merges[best] = table.merge(tokens[best], tokens[best + 1]) }
      if best > 0 { merges[best - 1] = table.merge(tokens[best - 1], tokens[best]) }
    }
    self.count = count
  }

  private func mergeLong(_ table: MergeTable) {
    let (tokens, merges) = (tokens, merges)
    link(count)
    for position in 0..<count - 1 {
      merges[position] = table.merge(tokens[position], tokens[position + 1])
    }
    merges[count - 1] = MergeTable.none
    queue.replaceAll(
      (0..<count).lazy.filter { merges[$0] != MergeTable.none }.map { Self.entry(merges[$0], $0) })
    next.withUnsafeMutableBufferPointer { next in
      previous.withUnsafeMutableBufferPointer { previous in
        mergeQueued(table, next, previous)
      }
    }
    var position = 0
    count = 0
    while position >= 0 {
      append(tokens[position], start: Int(starts[position]))
      position = Int(next[position])
    }
  }

  private func mergeQueued(
    _ table: MergeTable, _ next: UnsafeMutableBufferPointer<Int32>,
    _ previous: UnsafeMutableBufferPointer<Int32>
  ) {
    let (tokens, merges) = (tokens, merges)
    var queue = PriorityQueue<UInt64>()
    swap(&queue, &self.queue)
    func update(_ left: Int, _ right: Int) {
      merges[left] = table.merge(tokens[left], tokens[right])
      if merges[left] != MergeTable.none { queue.insert(Self.entry(merges[left], left)) }
    }
    while let top = queue.removeFirst() {
      let position = Int(top & 0xffff_ffff)
      // The pair may have changed since it was queued.
      guard merges[position] >> 32 == top >> 32 else { continue }
      tokens[position] = Int32(truncatingIfNeeded: merges[position])
      let right = Int(next[position])
      let after = next[right]
      next[position] = after
      (merges[position], merges[right]) = (MergeTable.none, MergeTable.none)
      if after >= 0 {
        previous[Int(after)] = Int32(position)
        update(position, Int(after))
      }
      if previous[position] >= 0 { update(Int(previous[position]), position) }
    }
    swap(&queue, &self.queue)
  }

  private func link(_ count: Int) {
    next.removeAll(keepingCapacity: true)
    previous.removeAll(keepingCapacity: true)
    for index in 0..<count {
      next.append(index + 1 < count ? Int32(index + 1) : -1)
      previous.append(Int32(index) - 1)
    }
  }

  /// Ordered by rank, then position.
  @inline(__always)
  private static func entry(_ merge: UInt64, _ position: Int) -> UInt64 {
    merge & 0xffff_ffff_0000_0000 | UInt64(position)
  }
}
