extension Proportion {
  /// Wilson's score interval for the probability of a success.
  ///
  /// With p̂ = successes / trials and n = trials:
  /// `(p̂ + z²/2n ± z √(p̂(1 − p̂)/n + z²/4n²)) / (1 + z²/n)`.
  ///
  /// It covers the draw of *answers* from the models at hand, as if all answers were independent
  /// draws with one probability. It says nothing about other models (other seeds) or other
  /// questions: for models see `SeedInterval`.
  ///
  /// Without a trial there is no interval (`nil`). It is defined for a single trial, and with 0
  /// or `trials` successes its outer end is exactly 0 or 1.
  ///
  /// - Parameter z: normal quantile of the wanted confidence; the default gives 95 %.
  ///
  /// Reference: *Probable inference, the law of succession, and statistical inference*
  /// (E. B. Wilson, JASA 22, 1927). Without continuity correction, as there.
  package func wilsonInterval(z: Double = Interval.normalQuantile975) -> Interval? {
    guard let rate else { return nil }
    let n = Double(trials)
    let square = z * z
    let center = rate + square / (2 * n)
    let margin = z * (rate * (1 - rate) / n + square / (4 * n * n)).squareRoot()
    let scale = 1 + square / n
    // At the ends the two terms cancel exactly in theory, and only nearly so in floating point.
    return Interval(
      low: successes == 0 ? 0 : (center - margin) / scale,
      high: successes == trials ? 1 : (center + margin) / scale)
  }
}
