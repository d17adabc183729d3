extension ModulePattern {
  /// A set of byte values.
  struct ByteSet: Sendable {
    private var bits: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    static let digit = ByteSet(ranges: [0x30...0x39])
    static let word = ByteSet(ranges: [0x30...0x39, 0x41...0x5a, 0x5f...0x5f, 0x61...0x7a])
    static let space = ByteSet(ranges: [0x09...0x0d, 0x20...0x20])
    /// `.`: everything but a line feed.
    static let any = ByteSet(ranges: [0x00...0x09, 0x0b...0xff])

    init(ranges: [ClosedRange<UInt8>] = []) { for range in ranges { insert(range) } }

    func contains(_ byte: UInt8) -> Bool {
      let word =
        switch byte >> 6 {
        case 0: bits.0
        case 1: bits.1
        case 2: bits.2
        default: bits.3
        }
      return word >> UInt64(byte & 63) & 1 == 1
    }

    mutating func insert(_ range: ClosedRange<UInt8>) {
      for byte in range {
        let bit = UInt64(1) << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: bits.0 |= bit
        case 1: bits.1 |= bit
        case 2: bits.2 |= bit
        default: bits.3 |= bit
        }
      }
    }

    mutating func formUnion(_ other: ByteSet) {
      for byte in UInt8.min ... .max where other.contains(byte) { insert(byte...byte) }
    }

    var inverted: ByteSet {
      var result = ByteSet()
      for byte in UInt8.min ... .max where !contains(byte) { result.insert(byte...byte) }
      return result
    }
  }
}
