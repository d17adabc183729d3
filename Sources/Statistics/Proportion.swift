/// A count of successes among trials, such as misaligned answers among coherent ones.
package struct Proportion: Sendable, Hashable, Codable {
  package let successes: Int
  package let trials: Int

  /// - Precondition: `0 ≤ successes ≤ trials`.
  package init(successes: Int, trials: Int) {
    precondition(
      0 <= successes && successes <= trials,
      "a proportion takes 0 ≤ successes ≤ trials, not \(successes) of \(trials)")
    self.successes = successes
    self.trials = trials
  }

  /// `successes / trials`; `nil` when there was no trial, because nothing is then known.
  package var rate: Double? { trials == 0 ? nil : Double(successes) / Double(trials) }

  /// The counts of both, pooled.
  package static func + (a: Proportion, b: Proportion) -> Proportion {
    Proportion(successes: a.successes + b.successes, trials: a.trials + b.trials)
  }

  /// All of them pooled: every trial weighs the same, whichever group it came from.
  package static func pooled(_ parts: some Sequence<Proportion>) -> Proportion {
    parts.reduce(Proportion(successes: 0, trials: 0), +)
  }
}
