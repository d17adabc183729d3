/// A sum of values and how many they are: marks given to answers, or, as counts of ones and
/// zeros, a `Proportion`. Rates and means are then one thing, `mean`.
///
/// It does not know how the values spread around their mean: what needs their binomial spread
/// takes a `Proportion`.
package struct Tally: Sendable, Hashable, Codable {
  package let sum: Double
  package let count: Double

  /// - Precondition: `count ≥ 0`, and both are finite.
  package init(sum: Double, count: Double) {
    precondition(
      count >= 0 && count.isFinite && sum.isFinite,
      "a tally takes a finite sum and count ≥ 0, not \(sum) of \(count)")
    self.sum = sum
    self.count = count
  }

  package init(_ proportion: Proportion) {
    self.init(sum: Double(proportion.successes), count: Double(proportion.trials))
  }

  package init(values: some Collection<Double>) {
    self.init(sum: values.reduce(0, +), count: Double(values.count))
  }

  /// `sum / count`; `nil` when there is no value, because nothing is then known.
  package var mean: Double? { count == 0 ? nil : sum / count }

  /// The values of both, pooled.
  package static func + (a: Tally, b: Tally) -> Tally {
    Tally(sum: a.sum + b.sum, count: a.count + b.count)
  }

  /// All of them pooled: every value weighs the same, whichever group it came from.
  package static func pooled(_ parts: some Sequence<Tally>) -> Tally {
    parts.reduce(Tally(sum: 0, count: 0), +)
  }
}
