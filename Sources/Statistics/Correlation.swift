/// How two scores of the same things go together.
package enum Correlation {
  /// Pearson's correlation, from −1 to 1.
  ///
  /// - Returns: `nil` for fewer than two pairs, or where either side has one value only.
  package static func pearson(_ x: [Double], _ y: [Double]) -> Double? {
    precondition(x.count == y.count, "pairs take as many of both, not \(x.count) and \(y.count)")
    guard x.count > 1, Set(x).count > 1, Set(y).count > 1 else { return nil }
    let (xMean, yMean) = (NumPyBootstrap.mean(x), NumPyBootstrap.mean(y))
    var (xx, yy, xy) = (0.0, 0.0, 0.0)
    for (a, b) in zip(x, y) {
      xx += (a - xMean) * (a - xMean)
      yy += (b - yMean) * (b - yMean)
      xy += (a - xMean) * (b - yMean)
    }
    let r = xy / (xx.squareRoot() * yy.squareRoot())
    return r.isFinite ? min(1, max(-1, r)) : nil
  }

  /// Spearman's rank correlation: Pearson's of the ranks, equal values sharing their mean rank.
  ///
  /// - Returns: `nil` as for Pearson's.
  package static func spearman(_ x: [Double], _ y: [Double]) -> Double? {
    pearson(ranks(x), ranks(y))
  }

  /// From 1; equal values have the mean of the ranks that they take up.
  static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = values
    var start = 0
    while start < order.count {
      let end = order[start...].firstIndex { values[$0] != values[order[start]] } ?? order.count
      for index in order[start..<end] { ranks[index] = Double(start + 1 + end) / 2 }
      start = end
    }
    return ranks
  }
}
