import Core

extension Proportion {
  /// Clopper and Pearson's exact interval for the probability of a success.
  ///
  /// With k of n and α = 1 − confidence, from the rate at which k or more have probability α/2 to
  /// that at which k or fewer have: `B(α/2; k, n − k + 1)` to `B(1 − α/2; k + 1, n − k)`, B the
  /// quantile of the beta distribution. It covers *at least* as often as it says, at every rate and
  /// every n, and mostly more often: for a certificate. `wilsonInterval` covers as often on average.
  ///
  /// It covers the draw of *answers*, if they are independent, and for a number of them that was
  /// fixed before: who stops when it looks good takes `AnytimeUpperBound`, who asks each question
  /// more than once `DesignEffect`.
  ///
  /// - Returns: `nil` without a trial. With 0 or `trials` successes the outer end is exactly 0 or 1,
  ///   and the other still has α/2: `upperBound` is the tighter statement there.
  /// - Precondition: `0 < confidence < 1`.
  ///
  /// Reference: *The use of confidence or fiducial limits illustrated in the case of the binomial*
  /// (C. J. Clopper & E. S. Pearson, Biometrika 26, 1934).
  package func clopperPearsonInterval(confidence: Double = 0.95) -> Interval? {
    guard trials > 0 else { return nil }
    let tail = ErrorLevel.alpha(confidence: confidence) / 2
    let (k, n) = (Double(successes), Double(trials))
    return Interval(
      low: ExactBound.lower(k, of: n, tail: tail), high: ExactBound.upper(k, of: n, tail: tail))
  }

  /// The rate above which so few successes would have had a probability below 1 − confidence:
  /// Clopper and Pearson's limit on one side. "Excluded at 95 %: rates above this."
  ///
  /// - Returns: `nil` without a trial; exactly 1 when all succeed.
  package func upperBound(confidence: Double = 0.95) -> Double? {
    guard trials > 0 else { return nil }
    let tail = ErrorLevel.alpha(confidence: confidence)
    return ExactBound.upper(Double(successes), of: Double(trials), tail: tail)
  }

  /// The rate below which so many successes would have had a probability below 1 − confidence.
  ///
  /// - Returns: `nil` without a trial; exactly 0 when none succeeds.
  package func lowerBound(confidence: Double = 0.95) -> Double? {
    guard trials > 0 else { return nil }
    let tail = ErrorLevel.alpha(confidence: confidence)
    return ExactBound.lower(Double(successes), of: Double(trials), tail: tail)
  }
}

/// Clopper and Pearson's limits for counts that need not be whole, as effective ones are not.
enum ExactBound {
  static func upper(_ successes: Double, of trials: Double, tail: Double) -> Double {
    if successes >= trials { return 1 }
    if successes == 0 { return -Double.exponentialMinusOne(Double.log(tail) / trials) }
    return betaQuantile(1 - tail, successes + 1, trials - successes)
  }

  static func lower(_ successes: Double, of trials: Double, tail: Double) -> Double {
    1 - upper(trials - successes, of: trials, tail: tail)
  }
}
