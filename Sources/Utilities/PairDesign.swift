import Core
import Statistics

/// Which pairs are asked: of every model the same ones.
package struct PairDesign: Sendable, Hashable {
  /// Pairs that each outcome is in, about; `nil`: all pairs.
  package var perOutcome: Int?
  package var seed: UInt64

  package init(perOutcome: Int? = 8, seed: UInt64 = 0) {
    (self.perOutcome, self.seed) = (perOutcome, seed)
  }

  /// Rings through all outcomes in drawn orders, so that everything is compared with everything else over few others.
  ///
  /// - Parameter arm: of the outcomes; each draws its own.
  package func pairs(of count: Int, arm: String) -> [PairedChoice.Pair] {
    guard count > 1 else { return [] }
    guard let perOutcome, perOutcome < count - 1 else {
      return (0..<count).flatMap { a in (a + 1..<count).map { PairedChoice.Pair(a, $0) } }
    }
    var stream = RandomStream(seed: seed, "utilities", arm, "\(count)")
    var pairs: Set<PairedChoice.Pair> = []
    // Few pairs come twice; the last ring stops where there are enough.
    let wanted = max(count, count * perOutcome / 2)
    while pairs.count < wanted {
      let order = stream.shuffled(Array(0..<count))
      for (a, b) in zip(order, order.dropFirst() + order.prefix(1)) where pairs.count < wanted {
        pairs.insert(.init(a, b))
      }
    }
    return pairs.sorted()
  }
}
