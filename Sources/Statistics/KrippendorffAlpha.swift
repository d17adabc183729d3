/// Krippendorff's α: agreement of any number of judges beyond chance, with missing values.
///
/// `α = 1 − Dₒ / Dₑ`: Dₒ is the mean difference between values of the same thing, Dₑ that between
/// any two values. 1 is perfect agreement, 0 what chance gives; below 0 judges disagree more than
/// that. Things with fewer than two values say nothing and are left out.
///
/// It is `nil` where there is nothing to compare, and where all values are equal (Dₑ is 0).
///
/// Reference: *Computing Krippendorff's Alpha-Reliability* (K. Krippendorff, 2011).
package enum KrippendorffAlpha {
  /// α for numbers, with the squared difference.
  ///
  /// - Parameter units: for each thing the values that judges gave it.
  package static func interval(_ units: [[Double]]) -> Double? {
    let units = units.filter { $0.count > 1 }
    let values = units.flatMap { $0 }
    guard let first = values.first, values.contains(where: { $0 != first }) else { return nil }
    // Σ over pairs i ≠ j of (vᵢ − vⱼ)² is 2 m Σ (v − mean)²; so no pair need be looked at.
    let observed = units.reduce(0.0) { sum, unit in
      sum + 2 * Double(unit.count) * squares(unit) / Double(unit.count - 1)
    }
    let expected = 2 * squares(values) / Double(values.count - 1)
    let alpha = 1 - observed / Double(values.count) / expected
    return alpha.isFinite ? alpha : nil
  }

  /// α for labels, which are equal or not.
  package static func nominal(_ units: [[String]]) -> Double? {
    let units = units.filter { $0.count > 1 }
    let labels = units.flatMap { $0 }
    guard let first = labels.first, labels.contains(where: { $0 != first }) else { return nil }
    let observed = units.reduce(0.0) { sum, unit in
      sum + Double(differentPairs(unit)) / Double(unit.count - 1)
    }
    let total = Double(labels.count)
    return 1 - observed / (Double(differentPairs(labels)) / (total - 1))
  }

  /// Σ (v − mean)².
  private static func squares(_ values: [Double]) -> Double {
    let mean = NumPyBootstrap.mean(values)
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  }

  /// How many of the m (m − 1) ordered pairs differ.
  private static func differentPairs(_ labels: [String]) -> Int {
    var counts: [String: Int] = [:]
    for label in labels { counts[label, default: 0] += 1 }
    return labels.count * labels.count - counts.values.reduce(0) { $0 + $1 * $1 }
  }
}
