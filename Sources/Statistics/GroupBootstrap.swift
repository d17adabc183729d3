import Core

/// The percentile bootstrap over groups: the groups are models (seeds), each with its own count
/// of successes among its answers.
///
/// Whole models are drawn with replacement, as many as there are, and the rate is computed again
/// for each draw; the interval runs from the 2.5th to the 97.5th percentile of those rates. It
/// covers the choice of *models* that were trained. It does not cover the draw of answers from
/// a model, nor the choice of questions.
///
/// Few models give too short an interval. With three, the interval is nearly always the range
/// from the lowest to the highest model, which covers the middle of a continuous distribution
/// with probability 1 − 2/2³ = 75 % and not 95 %: read it as a range.
///
/// Reference: *Emergent Misalignment* (Betley et al., 2025), arXiv 2502.17424, which takes the
/// mean over models and 2,000 resamples. The default here is the pooled rate, so that the rate
/// can be read off the counts; the paper's is `.meanOfRates`. Both are equal when all
/// models have equally many trials. Draws come from `RandomStream` and not from numpy.
public struct GroupBootstrap: Sendable, Hashable {
  /// What is computed from the groups of a draw.
  public enum Estimator: Sendable, Hashable {
    /// All successes over all trials.
    case pooled
    /// The mean of the groups' rates, each group weighing the same: the paper's.
    case meanOfRates
  }

  /// An interval, or why there is none.
  public enum Outcome: Sendable, Hashable {
    case interval(Interval)
    /// Fewer than two groups had a trial: the spread between models is unknown, not zero.
    case tooFewGroups(Int)

    public var interval: Interval? {
      if case .interval(let interval) = self { interval } else { nil }
    }
  }

  public var resamples: Int
  public var estimator: Estimator

  /// - Precondition: `resamples` is positive.
  public init(resamples: Int = 2_000, estimator: Estimator = .pooled) {
    precondition(resamples > 0, "a bootstrap takes a positive number of resamples")
    self.resamples = resamples
    self.estimator = estimator
  }

  /// The rate of the groups as they are; `nil` when no group has a trial. Groups without a trial
  /// have no rate and are left out.
  public func estimate(_ groups: [Proportion]) -> Double? {
    switch estimator {
    case .pooled: return Proportion.pooled(groups).rate
    case .meanOfRates:
      let rates = groups.compactMap(\.rate)
      return rates.isEmpty ? nil : rates.reduce(0, +) / Double(rates.count)
    }
  }

  /// The 95 % percentile interval of `estimate` over the groups that have trials.
  ///
  /// - Parameters:
  ///   - groups: successes and trials of each group.
  ///   - stream: the only source of chance: the same stream gives the same interval.
  /// - Complexity: O(resamples × groups).
  public func interval(_ groups: [Proportion], stream: RandomStream) -> Outcome {
    let groups = groups.filter { $0.trials > 0 }
    guard groups.count > 1 else { return .tooFewGroups(groups.count) }
    var stream = stream
    var rates: [Double] = []
    rates.reserveCapacity(resamples)
    for _ in 0..<resamples {
      let draw = groups.map { _ in stream.element(of: groups) }
      if let rate = estimate(draw) { rates.append(rate) }
    }
    rates.sort()
    guard let low = quantile(0.025, ofSorted: rates), let high = quantile(0.975, ofSorted: rates)
    else { return .tooFewGroups(groups.count) }
    return .interval(Interval(low: low, high: high))
  }
}
