import Core

/// Logistic regression with a squared penalty: the w and b for which
///
/// (1/Σc) Σᵢ cᵢ log(1 + exp(−yᵢ (w · xᵢ + b))) + ½ λ ‖w‖²
///
/// is least, y = ±1; c gives both classes the same weight in all, so that b does not tell how many rows of each there
/// happened to be. scikit-learn's `LogisticRegression(C=1/(λ Σc), class_weight="balanced")` is the same.
package struct LogisticFit: Sendable, Hashable {
  /// `[width]`.
  package let weights: [Double]
  package let bias: Double
  /// Largest part of the gradient where it ended.
  package let slope: Double

  package init(weights: [Double], bias: Double, slope: Double = 0) {
    (self.weights, self.bias, self.slope) = (weights, bias, slope)
  }

  /// - Parameters:
  ///   - rows: as they are; whoever wants features of one scale standardises them before.
  ///   - labels: one a row, both of them among them.
  ///   - penalty: λ, above 0.
  package init(_ rows: some FeatureRows, _ labels: [Bool], penalty: Double, rounds: Int = 500) {
    precondition(rows.count == labels.count && penalty > 0, "a label a row and a penalty")
    let (width, shares) = (rows.width, Self.shares(labels))
    let start = [Double](repeating: 0, count: width + 1)
    let outcome = LimitedMemoryBFGS.minimum(from: start, rounds: rounds) { point, gradient in
      let logits = rows.products(point[..<width]).map { $0 + point[width] }
      var value = 0.0
      var residuals = [Double](repeating: 0, count: logits.count)
      for i in logits.indices {
        value += shares[i] * Self.loss(logits[i], labels[i])
        residuals[i] = shares[i] * (Double.logistic(logits[i]) - (labels[i] ? 1 : 0))
      }
      rows.add(residuals, to: &gradient)
      gradient[width] = residuals.reduce(0, +)
      for i in 0..<width {
        value += penalty / 2 * point[i] * point[i]
        gradient[i] += penalty * point[i]
      }
      return value
    }
    weights = Array(outcome.point[..<width])
    bias = outcome.point[width]
    slope = outcome.slope
  }

  /// Of each row, so that all together are 1 and either class is a half.
  package static func shares(_ labels: [Bool]) -> [Double] {
    let positive = Double(labels.count { $0 })
    let negative = Double(labels.count) - positive
    return labels.map { 0.5 / ($0 ? positive : negative) }
  }

  /// −log p of the label, in nats, without overflow.
  package static func loss(_ logit: Double, _ label: Bool) -> Double {
    let margin = label ? logit : -logit
    return margin > 0
      ? Double.logOfOnePlus(Double.exponential(-margin))
      : -margin + Double.logOfOnePlus(Double.exponential(margin))
  }

  /// 1 / (1 + e⁻ᶻ).
  package static func probability(_ logit: Double) -> Double { .logistic(logit) }

  package func logits(_ rows: some FeatureRows) -> [Double] {
    rows.products(weights[...]).map { $0 + bias }
  }
}
