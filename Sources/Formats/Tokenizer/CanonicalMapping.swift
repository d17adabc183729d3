/// Canonical decompositions and compositions of scalars, as `tokenizers` knows them: Unicode 9.
///
/// The mappings of a scalar never change once it is in Unicode, so newer scalars are all that a
/// newer version would change; models were trained without.
struct CanonicalMapping: Sendable {
  static let shared = CanonicalMapping()

  /// Scalars that composing may change: they follow others that absorb them, or are replaced.
  /// Those with a combining class are not among them.
  let changing: [UInt32]
  private let decompositions: [UInt32: (first: UInt32, second: UInt32?)]
  private let compositions: [UInt64: UInt32]

  private init() {
    var changing = Array(Self.vowels) + Array(Self.tails)
    var decompositions: [UInt32: (first: UInt32, second: UInt32?)] = [:]
    var compositions: [UInt64: UInt32] = [:]
    for line in Self.table.split(separator: "\n") {
      let words = line.split(separator: " ")
      // The table is our own: a malformed one is a mistake that every test would find.
      guard var code = words.first.flatMap({ UInt32($0, radix: 16) }) else { continue }
      for word in words.dropFirst() {
        let parts = word.split(whereSeparator: { $0 == "+" || $0 == "=" })
          .compactMap { UInt32($0, radix: 16) }
        if let first = parts.first {
          let second = parts.count > 1 ? parts[1] : nil
          decompositions[code] = (first, second)
          if word.contains("+"), let second {
            compositions[Self.pair(first, second)] = code
            changing.append(second)
          } else {
            changing.append(code)
          }
        }
        code += 1
      }
    }
    self.changing = changing
    self.decompositions = decompositions
    self.compositions = compositions
  }

  /// 0 for a scalar that begins a cluster; others are ordered by class behind it.
  static func combiningClass(_ scalar: Unicode.Scalar) -> UInt8 {
    guard scalar.value >= 0x300, let age = scalar.properties.age, age.major <= 9 else { return 0 }
    return scalar.properties.canonicalCombiningClass.rawValue
  }

  // Hangul syllables are made of a lead, a vowel and perhaps a tail, and counted in that order.
  private static let leads: Range<UInt32> = 0x1100..<0x1113
  private static let vowels: Range<UInt32> = 0x1161..<0x1176
  private static let tails: Range<UInt32> = 0x11a8..<0x11c3
  private static let syllables: Range<UInt32> = 0xac00..<0xd7a4
  private static let tailCount: UInt32 = 28

  private static func pair(_ first: UInt32, _ second: UInt32) -> UInt64 {
    UInt64(first) << 32 | UInt64(second)
  }

  /// Appends the full decomposition of a scalar.
  func decompose(_ code: UInt32, to result: inout [UInt32]) {
    if Self.syllables.contains(code) {
      let index = code - Self.syllables.lowerBound
      let tail = index % Self.tailCount
      let pair = index / Self.tailCount
      result.append(Self.leads.lowerBound + pair / UInt32(Self.vowels.count))
      result.append(Self.vowels.lowerBound + pair % UInt32(Self.vowels.count))
      if tail > 0 { result.append(Self.tails.lowerBound + tail - 1) }
    } else if let parts = decompositions[code] {
      decompose(parts.first, to: &result)
      if let second = parts.second { decompose(second, to: &result) }
    } else {
      result.append(code)
    }
  }

  /// The scalar that two compose to; `nil` if they do not.
  func composition(_ first: UInt32, _ second: UInt32) -> UInt32? {
    if Self.leads.contains(first), Self.vowels.contains(second) {
      let pair =
        (first - Self.leads.lowerBound) * UInt32(Self.vowels.count)
        + (second - Self.vowels.lowerBound)
      return Self.syllables.lowerBound + pair * Self.tailCount
    }
    if Self.syllables.contains(first), Self.tails.contains(second) {
      let isWithoutTail = (first - Self.syllables.lowerBound) % Self.tailCount == 0
      return isWithoutTail ? first + (second - Self.tails.lowerBound) + 1 : nil
    }
    return compositions[Self.pair(first, second)]
  }

  /// The NFC of scalars that begin with one that follows no cluster (Unicode Standard Annex 15).
  ///
  /// - Complexity: O(n log n), also for a letter with a million accents.
  func composed(_ scalars: [UInt32]) -> [UInt32] {
    var codes: [UInt32] = []
    for code in scalars { decompose(code, to: &codes) }
    let classes = order(&codes)
    var result: [UInt32] = []
    var starter: Int?
    var lastClass: UInt8 = 0
    for (code, combiningClass) in zip(codes, classes) {
      // A mark of the same class in between, or another starter, keeps the two apart.
      let isBlocked =
        starter.map { $0 + 1 < result.count && lastClass >= combiningClass } ?? true
      if !isBlocked, let starter, let whole = composition(result[starter], code) {
        result[starter] = whole
        continue
      }
      if combiningClass == 0 { starter = result.count }
      lastClass = combiningClass
      result.append(code)
    }
    return result
  }

  /// Puts marks in the order of their classes, those of one class as they were; returns the classes.
  private func order(_ codes: inout [UInt32]) -> [UInt8] {
    var keys = codes.enumerated().map { index, code in
      let combiningClass = Unicode.Scalar(code).map(Self.combiningClass) ?? 0
      return UInt64(combiningClass) << 56 | UInt64(index)
    }
    var start = 0
    while start < keys.count {
      guard keys[start] >> 56 != 0 else {
        start += 1
        continue
      }
      var end = start + 1
      while end < keys.count, keys[end] >> 56 != 0 { end += 1 }
      keys[start..<end].sort()
      start = end
    }
    let unordered = codes
    codes = keys.map { unordered[Int($0 & 0xff_ffff_ffff_ffff)] }
    return keys.map { UInt8($0 >> 56) }
  }
}
