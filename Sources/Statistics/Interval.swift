/// A closed interval that a method says covers an unknown value with some confidence.
package struct Interval: Sendable, Hashable, Codable {
  package let low: Double
  package let high: Double

  /// - Precondition: `low ≤ high`.
  package init(low: Double, high: Double) {
    precondition(low <= high, "an interval runs upwards, not from \(low) to \(high)")
    self.low = low
    self.high = high
  }

  package func contains(_ value: Double) -> Bool { low <= value && value <= high }

  /// The 0.975 quantile of the standard normal distribution, for 95 % intervals.
  package static let normalQuantile975 = 1.959963984540054
}
