/// How far the values of one group lie below those of another.
package enum RankSum {
  /// The probability that a value of `lower` is below one of `upper`, ties counting half: U / (m n) of Mann and
  /// Whitney, which is the area under the ROC curve. 0.5: the groups cannot be told apart by it.
  ///
  /// - Returns: `nil` where either group is empty.
  /// - Precondition: no value is NaN.
  ///
  /// Reference: *On a test of whether one of two random variables is stochastically larger than the other*
  /// (H. B. Mann & D. R. Whitney, Annals of Mathematical Statistics 18, 1947).
  package static func probability(of lower: [Double], below upper: [Double]) -> Double? {
    guard !lower.isEmpty, !upper.isEmpty else { return nil }
    let (m, n) = (Double(lower.count), Double(upper.count))
    let sum = Correlation.ranks(upper + lower).prefix(upper.count).reduce(0, +)
    return (sum - n * (n + 1) / 2) / (m * n)
  }
}
