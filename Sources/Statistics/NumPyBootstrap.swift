/// The percentile bootstrap of a mean, as the papers run it with numpy, to the last bit:
///
///     rng = numpy.random.default_rng(seed)
///     means = [rng.choice(values, len(values), replace=True).mean() for _ in range(resamples)]
///     numpy.percentile(means, [2.5, 97.5])
///
/// The values are of models (seeds): the interval covers the choice of models and, with few of
/// them, is too short; see `SeedInterval` for one to trust.
///
/// Reference: *Emergent Misalignment* (Betley et al., 2025), arXiv 2502.17424, with 2,000 resamples.
package struct NumPyBootstrap: Sendable, Hashable {
  package var seed: UInt64
  package var resamples: Int

  /// - Precondition: `resamples` is positive.
  package init(seed: UInt64 = 0, resamples: Int = 2_000) {
    precondition(resamples > 0, "a bootstrap takes a positive number of resamples")
    self.seed = seed
    self.resamples = resamples
  }

  /// The 95 % interval of the mean; `nil` for fewer than two values, whose spread is unknown, not
  /// zero. Every call begins with the seed anew.
  ///
  /// - Parameter values: finite; their order decides which draw means which value.
  package func interval(ofMean values: [Double]) -> Interval? {
    guard values.count > 1 else { return nil }
    var random = NumPyRandom(seed: seed)
    var means = (0..<resamples).map { _ in
      Self.mean(random.choice(values, size: values.count))
    }
    means.sort()
    return Interval(low: Self.quantile(0.025, of: means), high: Self.quantile(0.975, of: means))
  }

  /// `numpy.mean`, whose sum is taken pairwise.
  ///
  /// - Precondition: there is a value.
  package static func mean(_ values: [Double]) -> Double {
    precondition(!values.isEmpty, "a mean takes at least one value")
    return values.withUnsafeBufferPointer { sum($0[...]) } / Double(values.count)
  }

  /// `numpy.add.reduce`: up to 8 values one after the other, up to 128 in eight sums, more in halves.
  private static func sum(_ values: Slice<UnsafeBufferPointer<Double>>) -> Double {
    let count = values.count
    let first = values.startIndex
    // From −0, so that the sum of nothing but negative zeros keeps its sign.
    if count < 8 { return values.reduce(-0.0, +) }
    if count > 128 {
      let half = first + count / 2 / 8 * 8
      return sum(values[..<half]) + sum(values[half...])
    }
    var parts = Array(values[first..<first + 8])
    var index = 8
    while index + 8 <= count {
      for lane in 0..<8 { parts[lane] += values[first + index + lane] }
      index += 8
    }
    let total =
      ((parts[0] + parts[1]) + (parts[2] + parts[3]))
      + ((parts[4] + parts[5]) + (parts[6] + parts[7]))
    return values[(first + index)...].reduce(total, +)
  }

  /// `numpy.percentile` of sorted values: `quantile(_:ofSorted:)`, but measured from the nearer of
  /// the two neighbours, which rounds differently.
  private static func quantile(_ fraction: Double, of sorted: [Double]) -> Double {
    let position = fraction * Double(sorted.count - 1)
    let index = Int(position)
    guard index + 1 < sorted.count else { return sorted[sorted.count - 1] }
    let (low, high, part) = (sorted[index], sorted[index + 1], position - Double(index))
    return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part)
  }
}
