/// The random numbers of numpy's `default_rng(seed)`, draw for draw, for checking intervals that
/// were published with them. Askew's own draws come from `RandomStream`.
///
/// `SeedSequence` spreads the seed over the state of PCG64, a 128-bit linear congruential generator
/// with an XSL-RR output; a draw of 32 bits takes the lower half of one of 64 bits and keeps the
/// upper half for the next.
///
/// Reference: *PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms for Random
/// Number Generation* (M. E. O'Neill, 2014); `SeedSequence` after *Developing a seed_seq
/// Alternative* (M. E. O'Neill, 2015), with the constants of numpy 1.17 and later, whose streams
/// numpy's policy (NEP 19) keeps for bit generators.
package struct NumPyRandom: Sendable, Hashable {
  private var state: UInt128
  private let increment: UInt128
  /// The upper half of the last draw of 64 bits, while nobody has taken it.
  private var upperHalf: UInt32?

  /// `default_rng(seed)`.
  package init(seed: UInt64) {
    let words = SeedSequence(seed: seed).words()
    increment = (UInt128(words[2]) << 64 | UInt128(words[3])) << 1 | 1
    state = increment &+ (UInt128(words[0]) << 64 | UInt128(words[1]))
    step()
  }

  private mutating func step() {
    let multiplier: UInt128 = 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645
    state = state &* multiplier &+ increment
  }

  /// 64 random bits, as the bit generator's `random_raw()`.
  package mutating func nextUInt64() -> UInt64 {
    step()
    let mixed = UInt64(truncatingIfNeeded: state >> 64) ^ UInt64(truncatingIfNeeded: state)
    let turn = UInt64(truncatingIfNeeded: state >> 122)
    return mixed >> turn | mixed << ((64 &- turn) & 63)
  }

  /// 32 random bits: halves of 64, the lower one first.
  package mutating func nextUInt32() -> UInt32 {
    if let upper = upperHalf {
      upperHalf = nil
      return upper
    }
    let bits = nextUInt64()
    upperHalf = UInt32(truncatingIfNeeded: bits >> 32)
    return UInt32(truncatingIfNeeded: bits)
  }

  /// `Generator.random()`: a number in `0 ..< 1` with 53 random bits.
  package mutating func random() -> Double { Double(nextUInt64() >> 11) * 0x1p-53 }

  /// `Generator.integers(0, bound)`: a whole number in `0 ..< bound`, without bias (Lemire,
  /// arXiv 1805.10941), from draws of 32 bits up to a bound of 2³². A bound of 1 draws nothing.
  ///
  /// - Precondition: `bound > 0`.
  package mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0, "integer(below:) takes a positive bound, not \(bound)")
    if bound == 1 { return 0 }
    if bound == 1 << 32 { return Int(nextUInt32()) }
    if bound < 1 << 32 { return Int(below(UInt32(bound))) }
    return Int(below(UInt64(bound)))
  }

  private mutating func below(_ bound: UInt32) -> UInt32 {
    var product = nextUInt32().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = nextUInt32().multipliedFullWidth(by: bound) }
    }
    return product.high
  }

  private mutating func below(_ bound: UInt64) -> UInt64 {
    var product = nextUInt64().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = nextUInt64().multipliedFullWidth(by: bound) }
    }
    return product.high
  }

  /// `Generator.choice(values, size, replace=True)`.
  ///
  /// - Precondition: there is a value.
  package mutating func choice<Value>(_ values: [Value], size: Int) -> [Value] {
    precondition(!values.isEmpty, "choice(_:size:) takes at least one value")
    return (0..<size).map { _ in values[integer(below: values.count)] }
  }
}

/// `numpy.random.SeedSequence(seed)`: a pool of four words that every bit of the seed acts on.
private struct SeedSequence {
  private var pool: [UInt32]

  init(seed: UInt64) {
    var constant: UInt32 = 0x43b0_d7e5
    func hash(_ word: UInt32) -> UInt32 {
      let value = word ^ constant
      constant &*= 0x931e_8875
      let product = value &* constant
      return product ^ product >> 16
    }
    let entropy = [UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32), 0, 0]
    pool = entropy.map(hash)
    for source in 0..<4 {
      for target in 0..<4 where source != target {
        let mixed = 0xca01_f9dd &* pool[target] &- 0x4973_f715 &* hash(pool[source])
        pool[target] = mixed ^ mixed >> 16
      }
    }
  }

  /// `generate_state(4, uint64)`.
  func words() -> [UInt64] {
    var constant: UInt32 = 0x8b51_f9dd
    let halves = (0..<8).map { index in
      let value = pool[index % 4] ^ constant
      constant &*= 0x58f3_8ded
      let product = value &* constant
      return UInt64(product ^ product >> 16)
    }
    return (0..<4).map { halves[2 * $0] | halves[2 * $0 + 1] << 32 }
  }
}
