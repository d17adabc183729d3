import Core

/// A two-sided permutation test over models: could labels dealt at random have parted the groups'
/// mean rates this far?
///
/// The statistic is |mean of a's values − mean of b's|, each model weighing the same. While there
/// are at most `exactLimit` ways to deal the labels, all are looked at and p is the share of those
/// that part the groups at least as far, ties and the actual one included. Otherwise `draws` random
/// ones are, and p = (b + 1) / (m + 1), with which p ≤ α happens no more often than α if the
/// labels mean nothing.
///
/// It tests that the two groups of models have one *distribution*. It assumes no normal values,
/// but models that are exchangeable under that hypothesis; groups of equal mean and different
/// spread can fail it. The questions are taken as given. With few models p cannot be small,
/// whatever the data: see `leastP`.
///
/// Reference: *The Design of Experiments* (R. A. Fisher, 1935), section 21; *Permutation p-values
/// should never be zero* (Phipson & Smyth, 2010), arXiv 1603.05766.
package struct PermutationTest: Sendable, Hashable {
  /// What a permutation or sign-flip test found.
  package struct Result: Sendable, Hashable, Codable {
    /// Mean of a minus mean of b.
    package let difference: Double
    package let p: Double
    /// The least p that so many models can give, whatever their values.
    package let leastP: Double
    /// Ways to deal the labels that were looked at.
    package let dealings: Int
    /// Whether those were all there are.
    package let isExact: Bool
  }

  package var exactLimit: Int
  package var draws: Int

  /// - Precondition: `exactLimit ≥ 0` and `draws > 0`.
  package init(exactLimit: Int = 20_000, draws: Int = 10_000) {
    precondition(
      exactLimit >= 0 && draws > 0, "a permutation test takes a positive number of draws")
    self.exactLimit = exactLimit
    self.draws = draws
  }

  /// Compares models under one condition with other models under another.
  ///
  /// - Parameters:
  ///   - a: one value a model under the one condition, such as its rate.
  ///   - b: the same of the other models.
  ///   - stream: the only source of chance; not used by an exact test.
  /// - Returns: `nil` with no model on a side.
  package func compare(_ a: [Double], _ b: [Double], stream: RandomStream) -> Result? {
    guard !a.isEmpty, !b.isEmpty else { return nil }
    let splits = splits(a.count, b.count, stream: stream)
    let difference = a.reduce(0, +) / Double(a.count) - b.reduce(0, +) / Double(b.count)
    let found = splits.countAtLeast(difference, a + b)
    let least = Self.leastP(a.count, b.count) ?? 1
    return result(
      difference, found, of: splits.count, isExact: splits.isExact, leastP: least)
  }

  /// Compares the same models under two conditions: the signs of their differences are flipped,
  /// 2ⁿ ways. `a` and `b` list the models in one order.
  ///
  /// It tests that each model's difference is as likely up as down, by the same amounts.
  ///
  /// - Returns: `nil` with no model.
  /// - Precondition: `a` and `b` are equally many.
  package func comparePaired(_ a: [Double], _ b: [Double], stream: RandomStream) -> Result? {
    precondition(a.count == b.count, "pairs need equally many, not \(a.count) and \(b.count)")
    guard !a.isEmpty else { return nil }
    let differences = zip(a, b).map { $0 - $1 }
    let total = differences.reduce(0, +)
    let bound = abs(total) - 1e-12 * differences.reduce(0) { $0 + abs($1) }
    let n = differences.count
    let isExact = n < 62 && 1 << n <= exactLimit
    let dealings = isExact ? 1 << n : draws
    var (stream, found) = (stream, 0)
    for dealing in 0..<dealings {
      var sum = 0.0
      var signs = UInt64(dealing)
      for (index, difference) in differences.enumerated() {
        // Bit i flips the i-th sign; a random dealing takes 64 new bits for every 64 models.
        if !isExact, index % 64 == 0 { signs = stream.next() }
        sum += signs >> UInt64(index % 64) & 1 == 0 ? difference : -difference
      }
      if abs(sum) >= bound { found += 1 }
    }
    return result(
      total / Double(n), found, of: dealings, isExact: isExact,
      leastP: Self.leastPairedP(n) ?? 1)
  }

  /// The least p that an exact test of `a` against `b` models can give: 1 / C(a + b, a), and twice
  /// that for groups of equal size, where exchanging the groups parts them as far. 3 against 3
  /// models: 0.1; 4 against 4: 0.029. `nil` with no model on a side.
  package static func leastP(_ a: Int, _ b: Int) -> Double? {
    guard a > 0, b > 0 else { return nil }
    return (a == b ? 2 : 1) / SeedSplits.count(choosing: a, of: a + b)
  }

  /// The least p that an exact test of `pairs` models can give: 2 / 2ⁿ, all signs alike. Five
  /// models: 0.0625; six: 0.031. `nil` with no model.
  package static func leastPairedP(_ pairs: Int) -> Double? {
    pairs > 0 ? Double(sign: .plus, exponent: 1 - pairs, significand: 1) : nil
  }

  /// The dealings that a test of `a` against `b` models looks at.
  func splits(_ a: Int, _ b: Int, stream: RandomStream) -> SeedSplits {
    SeedSplits(choosing: a, of: a + b, limit: exactLimit, draws: draws, stream: stream)
  }

  /// p for `found` dealings that part the groups at least as far.
  static func p(_ found: Int, of dealings: Int, isExact: Bool) -> Double {
    isExact ? Double(found) / Double(dealings) : Double(found + 1) / Double(dealings + 1)
  }

  private func result(
    _ difference: Double, _ found: Int, of dealings: Int, isExact: Bool, leastP: Double
  ) -> Result {
    Result(
      difference: difference, p: Self.p(found, of: dealings, isExact: isExact),
      leastP: isExact ? leastP : max(leastP, 1 / Double(dealings + 1)), dealings: dealings,
      isExact: isExact)
  }
}
