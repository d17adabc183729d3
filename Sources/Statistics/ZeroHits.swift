import Core

/// What it says that nothing was found in n answers.
package enum ZeroHits {
  /// The rate above which n answers without a hit would have had a probability below
  /// 1 − confidence: `1 − (1 − confidence)^(1/n)`. 20 answers: 13.9 %, 300: 0.99 %.
  ///
  /// - Parameter trials: need not be whole, as an effective number is not.
  /// - Returns: `nil` without a trial.
  package static func upperBound(trials: Double, confidence: Double = 0.95) -> Double? {
    guard trials > 0 else { return nil }
    return ExactBound.upper(0, of: trials, tail: ErrorLevel.alpha(confidence: confidence))
  }

  /// 3 / n: that bound at 95 %, for the head. It is above the exact one, by less than 5 % from 32
  /// answers on and 2 % from 82 on, since −ln 0.05 = 2.996 and 1 − e⁻ˣ < x.
  ///
  /// - Returns: `nil` without a trial; 1 for fewer than three.
  ///
  /// Reference: *If nothing goes wrong, is everything all right?* (J. A. Hanley & A. Lippman-Hand,
  /// JAMA 249, 1983).
  package static func ruleOfThree(trials: Int) -> Double? {
    trials > 0 ? min(1, 3 / Double(trials)) : nil
  }

  /// The fewest answers that exclude `rate` if none of them is a hit: ln(1 − confidence) /
  /// ln(1 − rate), rounded up. 59, 299 and 2,995 for 5, 1 and 0.1 %.
  ///
  /// - Precondition: `0 < rate < 1`.
  package static func trialsNeeded(toExclude rate: Double, confidence: Double = 0.95) -> Int {
    precondition(0 < rate && rate < 1, "a rate to exclude lies between 0 and 1, not at \(rate)")
    let trials = Double.log(ErrorLevel.alpha(confidence: confidence)) / Double.logOfOnePlus(-rate)
    // A rate that was itself computed as a bound needs the number it came from, not one more.
    return max(1, Int((trials * (1 - 1e-12)).rounded(.up)))
  }
}
