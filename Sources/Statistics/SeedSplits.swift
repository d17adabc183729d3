import Core

/// Ways to divide `size` models into a first group of `chosen` and the rest: all of them when
/// they are at most `limit`, otherwise `draws` random ones.
struct SeedSplits {
  /// The models of the first group, `chosen` after `chosen`.
  private let members: [Int]
  private let chosen: Int
  private let size: Int
  let isExact: Bool
  var count: Int { members.count / chosen }

  /// - Precondition: `0 < chosen < size`.
  init(choosing chosen: Int, of size: Int, limit: Int, draws: Int, stream: RandomStream) {
    precondition(0 < chosen && chosen < size, "\(chosen) of \(size) models leave a group empty")
    self.chosen = chosen
    self.size = size
    isExact = Self.count(choosing: chosen, of: size) <= Double(limit)
    members =
      isExact
      ? Self.all(choosing: chosen, of: size)
      : Self.random(draws, choosing: chosen, of: size, stream: stream)
  }

  /// The binomial coefficient, exact while below 2⁵³.
  static func count(choosing chosen: Int, of size: Int) -> Double {
    (0..<min(chosen, size - chosen)).reduce(1.0) { product, i in
      (product * Double(size - i) / Double(i + 1)).rounded()
    }
  }

  /// How many splits part the means of the two groups at least as far as `difference`, in size.
  ///
  /// Sums of the same numbers in another order differ in their last digits: a shortfall of 10⁻¹²
  /// of the values' total size still counts as a tie.
  func countAtLeast(_ difference: Double, _ values: [Double]) -> Int {
    precondition(values.count == size, "splits of \(size) models, not of \(values.count)")
    let total = values.reduce(0, +)
    let bound = abs(difference) - 1e-12 * values.reduce(0) { $0 + abs($1) }
    // mean(first) − mean(rest) = sum(first) · (1/k + 1/l) − total / l.
    let rest = Double(size - chosen)
    let factor = 1 / Double(chosen) + 1 / rest
    var found = 0
    for start in stride(from: 0, to: members.count, by: chosen) {
      var sum = 0.0
      for position in start..<start + chosen { sum += values[members[position]] }
      if abs(sum * factor - total / rest) >= bound { found += 1 }
    }
    return found
  }

  /// In the order of the dictionary: the last index that can still move up does.
  private static func all(choosing chosen: Int, of size: Int) -> [Int] {
    var split = Array(0..<chosen)
    var members = split
    while let position = split.indices.last(where: { split[$0] < size - chosen + $0 }) {
      split[position] += 1
      for next in position + 1..<max(chosen, position + 1) { split[next] = split[next - 1] + 1 }
      members += split
    }
    return members
  }

  private static func random(
    _ draws: Int, choosing chosen: Int, of size: Int, stream: RandomStream
  ) -> [Int] {
    var stream = stream
    var order = Array(0..<size)
    var members: [Int] = []
    members.reserveCapacity(draws * chosen)
    for _ in 0..<draws {
      for i in 0..<chosen { order.swapAt(i, i + stream.below(size - i)) }
      members += order[..<chosen]
    }
    return members
  }
}
