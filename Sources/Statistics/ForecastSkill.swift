import Core

/// Whether forecasts are better than always saying how often it happens.
///
/// `skill = 1 − S / S₀`, S the forecasts' mean score, S₀ that of one probability for all, the base
/// rate. 1 is perfect, 0 no better than the base rate, below 0 worse.
///
/// The base rate is that of the very same outcomes unless another is given: it is then known better
/// than any forecaster could, and a skill of 0 is already something.
///
/// Reference: *Statistical Methods in the Atmospheric Sciences* (D. S. Wilks, 2011), section 8.4.
package struct ForecastSkill: Sendable, Hashable {
  package let forecasts: [Forecast]
  /// What is said of each without knowing anything; `nil` without a forecast.
  package let baseRate: Double?

  /// - Parameter baseRate: known from elsewhere; the share of outcomes that came about otherwise.
  /// - Precondition: `0 ≤ baseRate ≤ 1`.
  package init(_ forecasts: [Forecast], baseRate: Double? = nil) {
    precondition(
      baseRate.map { (0...1).contains($0) } ?? true,
      "a base rate lies in 0...1, not at \(baseRate!)")
    self.forecasts = forecasts
    self.baseRate =
      baseRate
      ?? Proportion(successes: forecasts.count { $0.outcome }, trials: forecasts.count).rate
  }

  /// S; `nil` without a forecast.
  package func score(_ rule: ForecastRule) -> Double? {
    Tally(values: forecasts.map { rule.score($0.probability, outcome: $0.outcome) }).mean
  }

  /// S₀; `nil` without a forecast.
  package func baseScore(_ rule: ForecastRule) -> Double? {
    guard let baseRate else { return nil }
    return Tally(values: forecasts.map { rule.score(baseRate, outcome: $0.outcome) }).mean
  }

  /// 1 − S / S₀.
  ///
  /// - Returns: `nil` without a forecast, and where S₀ is 0 (Brier's, all outcomes alike): there was
  ///   nothing to foresee.
  package func skill(_ rule: ForecastRule) -> Double? {
    guard let score = score(rule), let base = baseScore(rule), base > 0 else { return nil }
    return 1 - score / base
  }

  /// The 95 % interval of S, by the bootstrap over clusters.
  ///
  /// - Returns: `nil` with fewer than two clusters.
  package func scoreInterval(
    _ rule: ForecastRule, bootstrap: ClusterBootstrap = ClusterBootstrap(), stream: RandomStream
  ) -> Interval? {
    let clusters = tallies(rule)
    guard clusters.count > 1 else { return nil }
    return bootstrap.percentiles(stream: stream) { stream in
      Tally.pooled(clusters.map { _ in stream.element(of: clusters).own }).mean
    }
  }

  /// The 95 % interval of the skill, by the bootstrap over clusters: as many as there are get drawn
  /// with replacement, each with all its forecasts.
  ///
  /// The base rate stays that of the whole in every draw: it is a rival whose forecast was
  /// committed, not one who gets to see the draw.
  ///
  /// - Returns: `nil` with fewer than two clusters, and where S₀ is 0 in a draw.
  package func skillInterval(
    _ rule: ForecastRule, bootstrap: ClusterBootstrap = ClusterBootstrap(), stream: RandomStream
  ) -> Interval? {
    let clusters = tallies(rule)
    guard clusters.count > 1 else { return nil }
    return bootstrap.percentiles(stream: stream) { stream in
      let drawn = clusters.map { _ in stream.element(of: clusters) }
      guard let score = Tally.pooled(drawn.map(\.own)).mean,
        let base = Tally.pooled(drawn.map(\.base)).mean, base > 0
      else { return nil }
      return 1 - score / base
    }
  }

  /// Scores by cluster, in order of first appearance.
  private func tallies(_ rule: ForecastRule) -> [(own: Tally, base: Tally)] {
    guard let baseRate else { return [] }
    var places: [String: Int] = [:]
    var clusters: [(own: Tally, base: Tally)] = []
    for forecast in forecasts {
      let own = rule.score(forecast.probability, outcome: forecast.outcome)
      let base = rule.score(baseRate, outcome: forecast.outcome)
      let part = (own: Tally(sum: own, count: 1), base: Tally(sum: base, count: 1))
      if let place = places[forecast.cluster] {
        clusters[place] = (clusters[place].own + part.own, clusters[place].base + part.base)
      } else {
        places[forecast.cluster] = clusters.count
        clusters.append(part)
      }
    }
    return clusters
  }
}
