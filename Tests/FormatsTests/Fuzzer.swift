import Core

/// Changes valid bytes at random for a bounded time; the seed stands in the test.
struct Fuzzer {
  var random: RandomStream
  let valid: [UInt8]

  mutating func mutated() -> [UInt8] {
    var bytes = valid
    for _ in 0...random.below(4) where !bytes.isEmpty {
      let at = random.below(bytes.count)
      switch random.below(6) {
      case 0: bytes[at] = UInt8(random.below(256))
      case 1: bytes[at] ^= 1 << UInt8(random.below(8))
      case 2: bytes.removeSubrange(at..<min(bytes.count, at + 1 + random.below(9)))
      case 3:
        bytes.insert(contentsOf: Array("{[\"0-9,:}]e\\".utf8).shuffled(using: &random), at: at)
      case 4: bytes.removeSubrange(at...)
      default:
        let from = random.below(bytes.count)
        bytes.insert(contentsOf: bytes[from..<min(bytes.count, from + 20)], at: at)
      }
    }
    return bytes
  }

  /// Calls `body` with changed bytes until `seconds` are over; anything that it throws other than
  /// `InputError` is passed on. Returns how many inputs were accepted and how many refused.
  mutating func run(
    seconds: Double, _ body: ([UInt8]) throws -> Void
  ) throws -> (accepted: Int, refused: Int) {
    let end = ContinuousClock.now + .seconds(seconds)
    var result = (accepted: 0, refused: 0)
    while ContinuousClock.now < end {
      do {
        try body(mutated())
        result.accepted += 1
      } catch let error as InputError {
        precondition(!error.description.contains("\n"), "two lines: \(error)")
        result.refused += 1
      }
    }
    return result
  }
}
