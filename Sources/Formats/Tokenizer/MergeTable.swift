/// Memory that is written while it is made, and then only read.
///
/// `@unchecked Sendable`: what `init` has written nobody changes.
final class FlatStorage<Element: BitwiseCopyable>: @unchecked Sendable {
  let elements: UnsafePointer<Element>
  let count: Int

  init(_ elements: [Element]) {
    let copy = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
    elements.withUnsafeBufferPointer {
      if let base = $0.baseAddress { copy.initialize(from: base, count: $0.count) }
    }
    self.elements = UnsafePointer(copy)
    count = elements.count
  }

  deinit { elements.deallocate() }
}

/// The merges of a byte-pair vocabulary (Sennrich, Haddow & Birch, *Neural Machine Translation of
/// Rare Words with Subword Units*, arXiv 1508.07909): which pair becomes which token, and in
/// which order.
///
/// Open addressing in one stretch of memory: a key and a value per slot.
struct MergeTable: Sendable {
  /// A merge's rank in the upper half, its token in the lower: the least value is merged first.
  typealias Merge = UInt64

  /// The value of pairs that are not merged; greater than every merge.
  static let none = UInt64.max
  private static let empty = UInt64.max

  private let slots: FlatStorage<UInt64>
  private let mask: Int

  /// - Parameters:
  ///   - merges: pairs in the order in which they are merged. A pair that is named twice takes its
  ///     later rank, as in `tokenizers`.
  ///   - merged: the token that each pair becomes.
  init(_ merges: [(left: Int32, right: Int32)], merged: [Int32]) {
    var capacity = 16
    while capacity < 2 * merges.count { capacity *= 2 }
    mask = capacity - 1
    var slots = [UInt64](repeating: Self.empty, count: 2 * capacity)
    for (rank, (left, right)) in merges.enumerated() {
      let key = Self.key(left, right)
      var slot = Self.hash(key) & mask
      while slots[2 * slot] != Self.empty, slots[2 * slot] != key { slot = (slot + 1) & mask }
      slots[2 * slot] = key
      slots[2 * slot + 1] = UInt64(rank) << 32 | UInt64(UInt32(bitPattern: merged[rank]))
    }
    self.slots = FlatStorage(slots)
  }

  @inline(__always)
  static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  @inline(__always)
  private static func hash(_ key: UInt64) -> Int {
    let product = key.multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
    return Int(truncatingIfNeeded: product.high ^ product.low)
  }

  /// The merge of a pair, or `none`.
  @inline(__always)
  func merge(_ left: Int32, _ right: Int32) -> Merge {
    let key = Self.key(left, right)
    let elements = slots.elements
    var slot = Self.hash(key) & mask
    while true {
      let found = elements[2 * slot]
      if found == key { return elements[2 * slot + 1] }
      if found == Self.empty { return Self.none }
      slot = (slot + 1) & mask
    }
  }
}
