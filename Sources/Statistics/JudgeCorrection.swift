/// From how often a judge says "bad" to how often answers are bad, by what it said of answers that
/// are known: spikes, slipped blind among the others.
///
/// A judge with sensitivity s and specificity c calls the share `π s + (1 − π)(1 − c)` bad where the
/// share π is. Both are measured on finitely many spikes, as like the real answers as can be; for
/// answers of another kind the correction is as wrong as its spikes.
///
/// Reference: *Estimating prevalence from the results of a screening test* (W. J. Rogan & B. Gladen,
/// American Journal of Epidemiology 107, 1978).
package struct JudgeCorrection: Sendable, Hashable, Codable {
  /// Bad spikes called bad.
  package let sensitivity: Proportion
  /// Good spikes called good.
  package let specificity: Proportion

  package init(sensitivity: Proportion, specificity: Proportion) {
    self.sensitivity = sensitivity
    self.specificity = specificity
  }

  /// `(p + c − 1) / (s + c − 1)`, p the share called bad; not below 0 nor above 1.
  ///
  /// - Returns: `nil` without spikes of both kinds or answers, and for a judge that calls bad
  ///   answers bad no more often than good ones.
  package func rate(_ calledBad: Proportion) -> Double? {
    guard let p = calledBad.rate, let s = sensitivity.rate, let c = specificity.rate, s + c > 1
    else { return nil }
    return min(1, max(0, (p + c - 1) / (s + c - 1)))
  }

  /// The interval of that rate, over the draw of answers and of spikes.
  ///
  /// With z²/2 successes and failures added to the answers and one of each to the spikes (primes),
  /// and `π′ = (p′ + c′ − 1)/(s′ + c′ − 1)`: the middle is
  /// `π′ + 2 z² (π′ s′(1 − s′)/nₛ′ − (1 − π′) c′(1 − c′)/n꜀′)`, and half the width is
  /// `z √(p′(1 − p′)/n′ + π′² s′(1 − s′)/nₛ′ + (1 − π′)² c′(1 − c′)/n꜀′) / (s′ + c′ − 1)`.
  ///
  /// By simulation, 20,000 runs a cell, it covers 94.7 % at least with 60 bad and 60 or 600 good
  /// spikes, s from .7 to .95, c from .9 to 1, rates from 0 to 30 %, 100 or 800 answers.
  ///
  /// - Returns: `nil` without answers or without spikes of both kinds, and where s′ + c′ ≤ 1. Within
  ///   0…1.
  ///
  /// Reference: *Confidence limits for prevalence of disease adjusted for estimated sensitivity and
  /// specificity* (Z. Lang & J. Reiczigel, Preventive Veterinary Medicine 113, 2014). The variance
  /// has (1 − π)², as Rogan and Gladen have it.
  package func interval(_ calledBad: Proportion, confidence: Double = 0.95) -> Interval? {
    guard calledBad.trials > 0, sensitivity.trials > 0, specificity.trials > 0 else { return nil }
    let z = normalQuantile(upperTail: ErrorLevel.alpha(confidence: confidence) / 2)
    let answers = Shrunk(calledBad, adding: z * z / 2)
    let (bad, good) = (Shrunk(sensitivity, adding: 1), Shrunk(specificity, adding: 1))
    let power = bad.rate + good.rate - 1
    guard power > 0 else { return nil }
    let rate = (answers.rate + good.rate - 1) / power
    let middle = rate + 2 * z * z * (rate * bad.variance - (1 - rate) * good.variance)
    let variance =
      answers.variance + rate * rate * bad.variance + (1 - rate) * (1 - rate) * good.variance
    let margin = z * variance.squareRoot() / power
    let clamp = { (x: Double) in min(1, max(0, x)) }
    return Interval(low: clamp(middle - margin), high: clamp(middle + margin))
  }

  /// An upper bound of the rate of bad answers from one of the rate of those *called* bad: divided
  /// by Clopper and Pearson's lower limit of the sensitivity.
  ///
  /// Since at least π s are called bad, it holds whatever the specificity; a judge that cries wolf
  /// makes it large, not wrong. Both limits may err: with 95 % each, 90 % are certain for the quotient
  /// (in the cells of `interval` it covered 95 % at least).
  ///
  /// - Parameter bound: of the rate called bad, whichever way it was found, anytime-valid as well.
  /// - Returns: 1 where the lower limit is below the bound; `nil` without a bad spike.
  package func dividing(_ bound: Double, confidence: Double = 0.95) -> Double? {
    guard let least = sensitivity.lowerBound(confidence: confidence) else { return nil }
    return least <= bound ? 1 : bound / least
  }

  /// That bound from counts, with a confidence for both limits together: each gets half the error.
  package func upperBound(_ calledBad: Proportion, confidence: Double = 0.95) -> Double? {
    let each = 1 - ErrorLevel.alpha(confidence: confidence) / 2
    return calledBad.upperBound(confidence: each).flatMap { dividing($0, confidence: each) }
  }
}

/// A rate drawn towards ½ by as many successes as failures.
private struct Shrunk {
  let rate: Double
  let variance: Double

  init(_ counts: Proportion, adding each: Double) {
    let trials = Double(counts.trials) + 2 * each
    rate = (Double(counts.successes) + each) / trials
    variance = rate * (1 - rate) / trials
  }
}
