/// A seeded stream of random numbers that is named by a path, such as
/// `["sampling", "quick-money", "17"]`.
///
/// Streams are independent of each other and of the order in which they are made: adding a
/// question or a seed never moves another one's draws. The generator is SplitMix64
/// (Steele, Lea & Flood, *Fast splittable pseudorandom number generators*, OOPSLA 2014), a
/// counter passed through a mixer, started at the FNV-1a hash of the path mixed with the seed.
/// Every draw below is spelled out here and not left to the standard library, whose algorithms
/// may change between releases.
package struct RandomStream: RandomNumberGenerator, Sendable, Hashable {
  private var counter: UInt64

  package init(seed: UInt64, path: [String]) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for part in path {
      for byte in part.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      // A byte that UTF-8 never uses ends each part, so ["ab","c"] and ["a","bc"] differ.
      hash = (hash ^ 0xff) &* 0x100_0000_01b3
    }
    counter = Self.mix(Self.mix(seed &+ 0x9e37_79b9_7f4a_7c15) ^ hash)
  }

  package init(seed: UInt64, _ path: String...) { self.init(seed: seed, path: path) }

  package mutating func next() -> UInt64 {
    counter &+= 0x9e37_79b9_7f4a_7c15
    return Self.mix(counter)
  }

  /// A number in `0 ..< 1` with 53 random bits.
  package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A whole number in `0 ..< bound`, without bias (Lemire, arXiv 1805.10941).
  package mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0, "below(_:) takes a positive bound, not \(bound)")
    let bound = UInt64(bound)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// A draw from the standard normal distribution (Box and Muller's transform, first half).
  package mutating func normal() -> Double {
    let radius = (-2 * Double.log(1 - uniform())).squareRoot()
    return radius * Double.cos(2 * .pi * uniform())
  }

  package mutating func element<T>(of items: [T]) -> T { items[below(items.count)] }

  /// Fisher–Yates.
  package mutating func shuffle<T>(_ items: inout [T]) {
    guard items.count > 1 else { return }
    for i in stride(from: items.count - 1, to: 0, by: -1) { items.swapAt(i, below(i + 1)) }
  }

  package mutating func shuffled<T>(_ items: [T]) -> [T] {
    var copy = items
    shuffle(&copy)
    return copy
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
