import Core
import Statistics

/// Fits a linear function of tokens to labels of whole answers.
///
/// An answer's loss is Σ_t a_t ℓ(z̄_t, y) with z̄ the means of the logits over a window, a = softmax(z̄), and ℓ the
/// cross-entropy: what a harmful answer says harmlessly counts little, and in a harmless one what looks worst counts
/// most (*Constitutional Classifiers++*, arXiv 2601.04603).
enum TokenLoss {
  /// - Parameters:
  ///   - rows: tokens of all answers, one behind the other.
  ///   - counts: of each answer's tokens.
  ///   - start: where it begins.
  static func fit(
    _ rows: DenseRows, counts: [Int], labels: [Bool], window: Int, penalty: Double,
    from start: LogisticFit, rounds: Int
  ) -> LogisticFit {
    let width = rows.width
    let shares = LogisticFit.shares(labels)
    let outcome = LimitedMemoryBFGS.minimum(
      from: start.weights + [start.bias], rounds: rounds, slope: 1e-5
    ) { point, gradient in
      let logits = rows.products(point[..<width]).map { $0 + point[width] }
      var residuals = [Double](repeating: 0, count: logits.count)
      var (value, first) = (0.0, 0)
      for (answer, count) in counts.enumerated() {
        let range = first..<first + count
        value +=
          shares[answer]
          * loss(logits[range], labels[answer], window, shares[answer], &residuals)
        first += count
      }
      rows.add(residuals, to: &gradient)
      gradient[width] = residuals.reduce(0, +)
      for i in 0..<width {
        value += penalty / 2 * point[i] * point[i]
        gradient[i] += penalty * point[i]
      }
      return value
    }
    return LogisticFit(
      weights: Array(outcome.point[..<width]), bias: outcome.point[width], slope: outcome.slope)
  }

  /// Of one answer; adds its gradient, times `share`, to `residuals`.
  static func loss(
    _ logits: ArraySlice<Double>, _ label: Bool, _ window: Int, _ share: Double,
    _ residuals: inout [Double]
  ) -> Double {
    guard !logits.isEmpty else { return 0 }
    var sum = 0.0
    var means: [Double] = []
    for (offset, t) in logits.indices.enumerated() {
      sum += logits[t]
      if offset >= window { sum -= logits[t - window] }
      means.append(sum / Double(min(offset + 1, window)))
    }
    let top = means.max() ?? 0
    let weights = means.map { exponential($0 - top) }
    let total = weights.reduce(0, +)
    let losses = means.map { LogisticFit.loss($0, label) }
    let value = zip(weights, losses).reduce(0) { $0 + $1.0 * $1.1 } / total
    for offset in means.indices {
      let a = weights[offset] / total
      let slope = LogisticFit.probability(means[offset]) - (label ? 1 : 0)
      let count = min(offset + 1, window)
      let part = share * a * (slope + losses[offset] - value) / Double(count)
      let t = logits.startIndex + offset
      for s in (t - count + 1)...t { residuals[s] += part }
    }
    return value
  }
}
