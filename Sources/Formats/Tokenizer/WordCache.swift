import Synchronization

/// Words of up to 24 bytes and their tokens, up to eight: the same words come again and again.
///
/// Direct-mapped: a word has one slot, of 64 bytes, and takes it from the one before. So the cache
/// never grows, and a text of nothing but new words costs a miss each.
final class WordCache {
  static let maximumByteCount = 24
  static let maximumTokenCount = 8
  private static let slotCount = 1 << 16

  /// A slot is three words of key, four of tokens, and one of byte count and token count.
  private let slots: UnsafeMutablePointer<UInt64>

  init() {
    slots = .allocate(capacity: Self.slotCount * 8)
    slots.initialize(repeating: 0, count: Self.slotCount * 8)
  }

  deinit { slots.deallocate() }

  /// A short word as numbers: with its length they tell it from all others.
  struct Key {
    let first: UInt64
    let middle: UInt64
    let last: UInt64

    /// - Precondition: `1...maximumByteCount` bytes.
    @inline(__always)
    init(_ bytes: UnsafePointer<UInt8>, _ count: Int) {
      let raw = UnsafeRawPointer(bytes)
      if count >= 16 {
        first = raw.loadUnaligned(as: UInt64.self)
        middle = raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        last = raw.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
      } else if count >= 8 {
        first = raw.loadUnaligned(as: UInt64.self)
        middle = raw.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
        last = 0
      } else if count >= 4 {
        let upper = raw.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)
        first = UInt64(raw.loadUnaligned(as: UInt32.self)) | UInt64(upper) << 32
        middle = 0
        last = 0
      } else {
        first = UInt64(bytes[0]) | UInt64(bytes[count / 2]) << 8 | UInt64(bytes[count - 1]) << 16
        middle = 0
        last = 0
      }
    }

    @inline(__always)
    func slot(_ count: Int) -> Int {
      let one = (first ^ UInt64(count)).multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
      let two = (middle ^ last &* 0xd6e8_feb8_6659_fd93)
        .multipliedFullWidth(by: 0xa076_1d64_78bd_642f)
      let mixed = one.high ^ one.low ^ two.high ^ two.low
      return Int(truncatingIfNeeded: mixed ^ mixed >> 32) & (WordCache.slotCount - 1)
    }
  }

  /// Appends the tokens of a word if it is there.
  @inline(__always)
  func append(_ key: Key, _ count: Int, to ids: inout [Int]) -> Bool {
    let slot = slots + key.slot(count) * 8
    let tail = slot[7]
    guard tail & 0xff == UInt64(count), slot[0] == key.first, slot[1] == key.middle,
      slot[2] == key.last
    else { return false }
    let tokens = UnsafeRawPointer(slot + 3)
    for index in 0..<Int(tail >> 8) {
      ids.append(Int(tokens.load(fromByteOffset: 4 * index, as: Int32.self)))
    }
    return true
  }

  /// Keeps the tokens of a word, unless they are too many.
  func insert(_ key: Key, _ count: Int, _ tokens: UnsafePointer<Int32>, tokenCount: Int) {
    guard tokenCount <= Self.maximumTokenCount else { return }
    let slot = slots + key.slot(count) * 8
    (slot[0], slot[1], slot[2]) = (key.first, key.middle, key.last)
    UnsafeMutableRawPointer(slot + 3)
      .copyMemory(from: UnsafeRawPointer(tokens), byteCount: 4 * tokenCount)
    slot[7] = UInt64(count) | UInt64(tokenCount) << 8
  }
}

/// What one call of an encoder needs to work; kept for the next.
///
/// `@unchecked Sendable`: used by one call at a time, which took it out of the pool.
final class Workspace: @unchecked Sendable {
  let merger = PairMerger()
  let cache = WordCache()
}

/// The workspaces that no call uses at the moment; as many as calls ever ran at once.
final class WorkspacePool: Sendable {
  private let idle = Mutex<[Workspace]>([])

  func withWorkspace<Result>(_ body: (Workspace) -> Result) -> Result {
    let workspace = idle.withLock { $0.popLast() } ?? Workspace()
    defer { idle.withLock { $0.append(workspace) } }
    return body(workspace)
  }
}
