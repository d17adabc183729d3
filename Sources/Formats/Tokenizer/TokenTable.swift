/// The tokens of a vocabulary by id, in one stretch of memory.
struct TokenTable: Sendable {
  private struct Place: Sendable {
    var start: UInt32 = 0
    var count: UInt32 = 0
    var exists = false
    var isVerbatim = false
    /// Of the model's vocabulary; otherwise an added token alone.
    var isOfModel = false
  }

  private var places: [Place] = []
  private var contents: [UInt8] = []

  /// One more than the largest id.
  var count: Int { places.count }

  /// How many ids have a token.
  private(set) var existingCount = 0

  func contains(_ id: Int) -> Bool { places.indices.contains(id) && places[id].exists }

  /// The bytes of a token: those that its characters stand for in the byte alphabet, or the UTF-8 of
  /// its text if `isVerbatim`.
  subscript(id: Int) -> ArraySlice<UInt8>? {
    guard contains(id) else { return nil }
    let place = places[id]
    return contents[Int(place.start)..<Int(place.start + place.count)]
  }

  /// How many bytes a token has.
  ///
  /// - Precondition: the vocabulary has it.
  func byteCount(_ id: Int) -> Int { Int(places[id].count) }

  func isVerbatim(_ id: Int) -> Bool { places[id].isVerbatim }
  func isOfModel(_ id: Int) -> Bool { contains(id) && places[id].isOfModel }

  /// The token as it is written in files.
  func text(_ id: Int) -> String? {
    self[id].map {
      isVerbatim(id) ? String(decoding: $0, as: UTF8.self) : ByteAlphabet.text($0)
    }
  }

  mutating func reserve(_ count: Int) {
    places.reserveCapacity(count)
    contents.reserveCapacity(8 * count)
  }

  /// - Precondition: the id is not negative and has no token yet.
  mutating func insert(
    _ bytes: some Collection<UInt8>, id: Int, isVerbatim: Bool, isOfModel: Bool
  ) {
    if id >= places.count {
      places.append(contentsOf: repeatElement(Place(), count: id + 1 - places.count))
    }
    existingCount += 1
    places[id] = Place(
      start: UInt32(contents.count), count: UInt32(bytes.count), exists: true,
      isVerbatim: isVerbatim, isOfModel: isOfModel)
    contents.append(contentsOf: bytes)
  }

  func equals(_ id: Int, _ bytes: UnsafeBufferPointer<UInt8>, isVerbatim: Bool) -> Bool {
    let place = places[id]
    guard Int(place.count) == bytes.count, place.isVerbatim == isVerbatim else { return false }
    let start = Int(place.start)
    for index in 0..<bytes.count where contents[start + index] != bytes[index] { return false }
    return true
  }
}

/// Finds the id of a token by its bytes: open addressing.
struct TokenIndex: Sendable {
  /// A hash in the upper half, one more than the id in the lower; 0 is free.
  private var slots: [UInt64]
  private var count = 0

  init(capacity: Int) {
    var size = 16
    while size < 2 * capacity { size *= 2 }
    slots = Array(repeating: 0, count: size)
  }

  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>, _ isVerbatim: Bool) -> UInt64 {
    var hash: UInt64 = isVerbatim ? 0x9e37_79b9_7f4a_7c15 : 0xd6e8_feb8_6659_fd93
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    let product = hash.multipliedFullWidth(by: 0xa076_1d64_78bd_642f)
    return (product.high ^ product.low) >> 32
  }

  func id(
    of bytes: UnsafeBufferPointer<UInt8>, isVerbatim: Bool, in tokens: TokenTable
  ) -> Int? {
    let hash = Self.hash(bytes, isVerbatim)
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let id = Int(slots[slot] & 0xffff_ffff) - 1
      if slots[slot] >> 32 == hash, tokens.equals(id, bytes, isVerbatim: isVerbatim) { return id }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  /// - Precondition: the token is not there yet.
  mutating func insert(_ id: Int, _ bytes: UnsafeBufferPointer<UInt8>, isVerbatim: Bool) {
    count += 1
    if 2 * count > slots.count { grow() }
    place(Self.hash(bytes, isVerbatim) << 32 | UInt64(id + 1))
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: 0, count: 2 * old.count)
    for slot in old where slot != 0 { place(slot) }
  }

  private mutating func place(_ entry: UInt64) {
    var slot = Int(entry >> 32) & (slots.count - 1)
    while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = entry
  }
}
