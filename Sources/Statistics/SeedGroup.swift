import Core

/// What is known of a group of models: the pooled mean, and each model's part in its error.
///
/// The pooled mean R = Σ sums / Σ counts is a ratio of two sums over models; to first order its
/// error is the sum of the models' `influences` eᵢ = (sumᵢ − R countᵢ) / Σ counts.
///
/// Reference: *Sampling Techniques* (W. G. Cochran, 1977), chapter 6, without the correction for
/// finite populations.
struct SeedGroup {
  let mean: Double
  let influences: [Double]
  /// Variance of the pooled mean that the draw of answers alone explains, if all models had one
  /// rate: R (1 − R) / answers. 0 where it is not known (marks).
  let answerVariance: Double
  /// Wilson's interval where all answers are alike, so that no spread can be seen; otherwise `nil`.
  let wilson: Interval?

  /// `nil` without a value; models without a value are left out.
  init?(_ seeds: [Tally]) {
    self.init(seeds, answerVariance: 0, wilson: nil)
  }

  init?(_ seeds: [Proportion]) {
    let pooled = Proportion.pooled(seeds)
    guard let rate = pooled.rate else { return nil }
    self.init(
      seeds.map { Tally($0) }, answerVariance: rate * (1 - rate) / Double(pooled.trials),
      wilson: rate == 0 || rate == 1 ? pooled.wilsonInterval() : nil)
  }

  private init?(_ seeds: [Tally], answerVariance: Double, wilson: Interval?) {
    let pooled = Tally.pooled(seeds)
    guard let mean = pooled.mean else { return nil }
    self.mean = mean
    influences = seeds.filter { $0.count > 0 }.map { ($0.sum - mean * $0.count) / pooled.count }
    self.answerVariance = answerVariance
    self.wilson = wilson
  }

  /// The error of the pooled mean over models, with k − 1 degrees of freedom.
  ///
  /// - Returns: `nil` with one model: the spread between models is unknown, not zero.
  var error: SeedError? {
    SeedError(influences: influences, answerVariance: answerVariance)
  }

  /// How far the Wilson interval reaches below and above the mean on a scale; 0 where there is
  /// spread to be seen.
  func wilsonReach(_ scale: (Double) -> Double = { $0 }) -> (below: Double, above: Double) {
    guard let wilson else { return (0, 0) }
    return mean == 0
      ? (0, scale(wilson.high) - scale(mean)) : (scale(mean) - scale(wilson.low), 0)
  }
}

/// The variance of an estimate over models, and how well that variance itself is known.
struct SeedError {
  let variance: Double
  let degreesOfFreedom: Double
  let answerVariance: Double

  /// k / (k − 1) Σ eᵢ². With equal counts this is s² / k, s² the variance of the models' means.
  init?(influences: [Double], answerVariance: Double) {
    let k = Double(influences.count)
    guard k > 1 else { return nil }
    variance = k / (k - 1) * influences.reduce(0) { $0 + $1 * $1 }
    degreesOfFreedom = k - 1
    self.answerVariance = answerVariance
  }

  /// The error of `aScale · a − bScale · b`, a and b independent, with Welch's degrees of freedom
  /// `(u + v)² / (u² / (k − 1) + v² / (l − 1))`.
  ///
  /// Reference: *The generalization of "Student's" problem when several different population
  /// variances are involved* (B. L. Welch, Biometrika 34, 1947), with Satterthwaite's (1946)
  /// approximation to it.
  init(_ a: SeedError, times aScale: Double, _ b: SeedError, times bScale: Double) {
    let u = aScale * aScale * a.variance
    let v = bScale * bScale * b.variance
    let uncertainty = u * u / a.degreesOfFreedom + v * v / b.degreesOfFreedom
    variance = u + v
    answerVariance = aScale * aScale * a.answerVariance + bScale * bScale * b.answerVariance
    degreesOfFreedom =
      uncertainty > 0
      ? variance * variance / uncertainty : a.degreesOfFreedom + b.degreesOfFreedom
  }

  /// Half a 95 % interval: t √variance, and no less than `floor` standard errors of the answers.
  func margin(floor: Double) -> Double {
    let t = StudentT(degreesOfFreedom: degreesOfFreedom).quantile(upperTail: 0.025)
    return max(t * variance.squareRoot(), floor * answerVariance.squareRoot())
  }
}
