/// How often the first of two outcomes is preferred, in one way of asking.
///
/// A share is a count divided by answers, or the exact probability of an answer: between 0 and 1, not only at them.
package struct PairedChoice: Sendable, Hashable {
  /// Index of the outcome that is named first.
  package let first: Int
  package let second: Int
  /// Of the first.
  package let share: Double
  /// Answers that the share was counted from; 1 for an exact probability.
  package let weight: Double
  /// Way of asking: each has a bias of its own for what is named first.
  package let form: Int

  /// - Precondition: two different outcomes, a share from 0 to 1, a positive weight.
  package init(first: Int, second: Int, share: Double, weight: Double = 1, form: Int = 0) {
    precondition(first != second && first >= 0 && second >= 0, "a choice is between two outcomes")
    precondition((0...1).contains(share), "a share lies in 0...1, not at \(share)")
    precondition(weight > 0 && weight.isFinite, "a choice weighs something, not \(weight)")
    (self.first, self.second, self.share) = (first, second, share)
    (self.weight, self.form) = (weight, form)
  }

  package struct Pair: Sendable, Hashable, Comparable {
    package let low: Int
    package let high: Int

    package init(_ a: Int, _ b: Int) { (low, high) = (min(a, b), max(a, b)) }

    package static func < (a: Pair, b: Pair) -> Bool { (a.low, a.high) < (b.low, b.high) }
  }

  /// Without the order.
  package var pair: Pair { Pair(first, second) }
}

extension [PairedChoice] {
  /// Indices of the choices of each pair, pairs in their order.
  var pairs: [(pair: PairedChoice.Pair, places: [Int])] {
    Dictionary(grouping: indices) { self[$0].pair }.sorted { $0.key < $1.key }
      .map { ($0.key, $0.value) }
  }
}
