import Core

extension RandomStream {
  /// How many of `trials` succeed, each with `probability`: one uniform draw, inverted.
  ///
  /// The counts' probabilities are taken off the draw in turn, beginning with the likeliest count
  /// and going outwards; it takes about as many steps as the count's standard deviation.
  ///
  /// - Precondition: `trials ≥ 0`, `0 ≤ probability ≤ 1`.
  package mutating func binomial(trials: Int, probability: Double) -> Int {
    precondition(
      trials >= 0 && (0...1).contains(probability),
      "a binomial draw takes trials ≥ 0 and a probability, not \(trials) and \(probability)")
    if trials == 0 || probability == 0 { return 0 }
    if probability == 1 { return trials }
    let n = Double(trials)
    let odds = probability / (1 - probability)
    let mode = min(n, ((n + 1) * probability).rounded(.down))
    let logPeak =
      logGamma(n + 1) - logGamma(mode + 1) - logGamma(n - mode + 1)
      + mode * Double.log(probability) + (n - mode) * Double.log(1 - probability)
    var (low, high) = (mode, mode)
    var (atLow, atHigh) = (Double.exponential(logPeak), Double.exponential(logPeak))
    var rest = uniform() - atLow
    while rest >= 0 && (low > 0 || high < n) {
      if high < n {
        atHigh *= (n - high) / (high + 1) * odds
        high += 1
        rest -= atHigh
        if rest < 0 { return Int(high) }
      }
      if low > 0 {
        atLow *= low / ((n - low + 1) * odds)
        low -= 1
        rest -= atLow
        if rest < 0 { return Int(low) }
      }
    }
    return Int(mode)
  }
}
