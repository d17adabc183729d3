/// What answers that come in clusters, such as many to one question, are worth: questions limit,
/// not samples.
///
/// The answers to one question are alike: with correlation ρ within clusters (ICC) the variance of
/// the pooled rate is `1 + (m − 1) ρ` times that of independent answers, m = Σ nᵢ² / Σ nᵢ the size of
/// the cluster that an answer stands in, on average. With 100 answers a question and ρ = 0.1
/// 800 answers count as 73.
///
/// Reference: *Survey Sampling* (L. Kish, 1965), section 5.4; m for unequal sizes as in *Weighting
/// for unequal Pᵢ* (L. Kish, Journal of Official Statistics 8, 1992).
package struct DesignEffect: Sendable, Hashable {
  /// Those with an answer.
  package let clusters: [Proportion]

  /// - Parameter clusters: `[question]`, each the hits among its answers; those without are left out.
  package init(_ clusters: [Proportion]) {
    self.clusters = clusters.filter { $0.trials > 0 }
  }

  package var pooled: Proportion { Proportion.pooled(clusters) }

  /// ρ, the correlation between two answers to one question, by analysis of variance:
  /// `(B − W) / (B + (n₀ − 1) W)` with the mean squares between, `B = Σ nᵢ (pᵢ − p)² / (k − 1)`, and
  /// within, `W = Σ nᵢ pᵢ (1 − pᵢ) / (N − k)`, and `n₀ = (N − Σ nᵢ² / N) / (k − 1)`.
  ///
  /// As estimated: it may be below 0, and with few questions it says little.
  ///
  /// - Returns: `nil` where nothing can be seen of it: fewer than two clusters, one answer in each,
  ///   or all answers alike.
  ///
  /// Reference: *Estimating intraclass correlation for binary data* (M. S. Ridout, C. G. B. Demétrio &
  /// D. Firth, Biometrics 55, 1999), equation 3.
  package var intraclassCorrelation: Double? {
    guard let rate = pooled.rate, rate > 0, rate < 1, clusters.count > 1 else { return nil }
    let (k, total) = (Double(clusters.count), Double(pooled.trials))
    guard total > k else { return nil }
    var (between, within, squares) = (0.0, 0.0, 0.0)
    for cluster in clusters {
      let (n, p) = (Double(cluster.trials), cluster.rate ?? 0)
      between += n * (p - rate) * (p - rate)
      within += n * p * (1 - p)
      squares += n * n
    }
    between /= k - 1
    within /= total - k
    let size = (total - squares / total) / (k - 1)
    return (between - within) / (between + (size - 1) * within)
  }

  /// `1 + (m − 1) ρ`, for a ρ in 0…1.
  ///
  /// - Returns: `nil` without an answer.
  package func factor(correlation: Double) -> Double? {
    precondition(
      (0...1).contains(correlation), "a correlation lies in 0...1 here, not at \(correlation)")
    guard !clusters.isEmpty else { return nil }
    let squares = clusters.reduce(0.0) { $0 + Double($1.trials) * Double($1.trials) }
    return 1 + (squares / Double(pooled.trials) - 1) * correlation
  }

  /// As how many independent answers these count: N / factor.
  ///
  /// - Parameter correlation: ρ known from elsewhere, such as a model of the same kind that errs
  ///   more often. Without it that estimated here, not below 0; where it cannot be estimated 1, as
  ///   if the answers of a question were copies.
  /// - Returns: 0 without an answer.
  package func effectiveCount(correlation: Double? = nil) -> Double {
    guard let factor = factor(correlation: correlation ?? seenCorrelation) else { return 0 }
    return Double(pooled.trials) / factor
  }

  private var seenCorrelation: Double {
    intraclassCorrelation.map { min(1, max(0, $0)) } ?? (pooled.trials > clusters.count ? 1 : 0)
  }

  /// Clopper and Pearson's upper limit with the effective number in the place of the number of
  /// answers, and as many hits as give the same rate.
  ///
  /// Where ρ is estimated here the number is also taken times `(z / t)²`, Student's t with one degree
  /// of freedom less than questions, for ρ is then as uncertain as the spread that it is made of.
  ///
  /// It covers questions and answers together, approximately: with few questions and rare hits
  /// hardly any spread is seen where there is much. By simulation, 8,000 runs a cell,
  /// beta-binomial, at 95 % it covers
  ///
  /// | questions × answers | rate | ρ 0 | .03 | .1 | .3 | .6 |
  /// | --- | --- | --- | --- | --- | --- | --- |
  /// | 8 × 100 | .01 | 99 | 91 | 86 | 90 | 96 |
  /// | 8 × 100 | .05 | 98 | 94 | 89 | 81 | 81 |
  /// | 20 × 10 | .05 | 98 | 97 | 96 | 91 | 89 |
  /// | 60 × 5 | .05 | 97 | 97 | 96 | 95 | 94 |
  /// | 200 × 4 | .01 | 96 | 95 | 94 | 92 | 92 |
  /// | 200 × 4 | .05 | 97 | 95 | 96 | 95 | 95 |
  ///
  /// For a bound that holds with any number of questions `AnytimeUpperBound.observe(questionRates:)`,
  /// which is longer: in these cells it covers 99 to 100 %.
  ///
  /// - Returns: `nil` without an answer.
  ///
  /// Reference: *Confidence intervals for proportions with small expected number of positive counts
  /// estimated from survey data* (E. L. Korn & B. I. Graubard, Survey Methodology 24, 1998); their
  /// number comes from the variance of the survey, ours from ρ, which stays known without a hit.
  package func upperBound(confidence: Double = 0.95, correlation: Double? = nil) -> Double? {
    guard let rate = pooled.rate else { return nil }
    let tail = ErrorLevel.alpha(confidence: confidence)
    var count = effectiveCount(correlation: correlation)
    if correlation == nil && intraclassCorrelation != nil {
      let t = StudentT(degreesOfFreedom: Double(clusters.count - 1)).quantile(upperTail: tail)
      let shrinkage = normalQuantile(upperTail: tail) / t
      count *= shrinkage * shrinkage
    }
    return ExactBound.upper(rate * count, of: count, tail: tail)
  }
}
