import Core

/// Utilities behind choices between two outcomes, with a bias for what is named first.
///
/// U(i) ~ N(μᵢ, σᵢ²), and P(i ≻ j, i named first) = Φ((μᵢ − μⱼ + b) / √(σᵢ² + σⱼ²)), with b of the way of asking.
/// Weighted soft shares are fitted by maximum likelihood, Fisher's scoring from 0 on: the same choices give the same
/// numbers. A ridge of 0.01 on Σ μ² / 2 keeps outcomes finite that always win. Where σ is free, log σ has mean 0
/// beside log √½ and a standard normal prior.
///
/// μ and b are told in *probits*: with equal σ, by which 1 / (2 √½ √½) = 1 is the deviation of the noise of a comparison.
/// ``utilities`` are the same with mean 0 and standard deviation 1 over outcomes.
///
/// Errors are clustered by pair ("sandwich"), each pair's score divided by 1 − its leverage, as the jackknife does:
/// they hold for counts and for exact probabilities, whose only noise is that the model of utilities does not fit each pair.
/// They cover the choice of pairs and the draw of answers, not the wording of outcomes or the training of models.
///
/// Reference: *A law of comparative judgment* (Thurstone, 1927); its use for language models: *Utility Engineering*
/// (Mazeika et al., 2025, arXiv 2502.08640). There orders are averaged and there is no bias, no interval: see
/// ``ThurstoneReference``.
package struct ThurstoneFit: Sendable {
  package enum Spread: Sendable, Hashable { case equal, free }

  /// μ in probits, mean 0.
  package let means: [Double]
  /// σ; √½ each where they are equal.
  package let deviations: [Double]
  /// b of each form, in probits; empty: fixed at 0.
  package let biases: [Double]
  package let biasErrors: [Double]
  /// Of ``means``, `[outcome][outcome]`.
  package let covariance: [[Double]]

  /// - Parameters:
  ///   - count: of outcomes; those that no choice is about have mean 0 and a wide error.
  ///   - forms: ways of asking, each with a bias; 0: no bias.
  /// - Precondition: choices name outcomes below `count`, and forms below `forms` where there are some.
  /// - Complexity: O(count³) a step.
  package init(_ choices: [PairedChoice], count: Int, forms: Int, spread: Spread = .equal) {
    for choice in choices {
      precondition(
        choice.first < count && choice.second < count && (forms == 0 || choice.form < forms),
        "a choice is about one of \(count) outcomes in one of \(forms) forms")
    }
    let model = ThurstoneModel(choices: choices, count: count, forms: forms, spread: spread)
    let fitted = model.fitted()
    means = Array(fitted[..<count]).centred
    deviations = (0..<count).map { model.deviation(of: $0, in: fitted) }
    biases = forms == 0 ? [] : Array(fitted[(fitted.count - forms)...])
    let covariance = model.covariance(at: fitted)
    biasErrors = biases.indices.map { index in
      max(0, covariance[fitted.count - forms + index][fitted.count - forms + index]).squareRoot()
    }
    self.covariance = Self.centred(covariance.prefix(count).map { Array($0.prefix(count)) })
  }

  /// P(first ≻ second) as asked.
  package func probability(of choice: PairedChoice) -> Double {
    let (i, j) = (choice.first, choice.second)
    let noise = (deviations[i] * deviations[i] + deviations[j] * deviations[j]).squareRoot()
    let bias = choice.form < biases.count ? biases[choice.form] : 0
    return normalShare(below: (means[i] - means[j] + bias) / noise)
  }

  /// Standard deviation of ``means``, over n − 1: how far apart outcomes are.
  package var scale: Double { means.deviation }

  /// μ with mean 0 and standard deviation 1; all 0 where outcomes do not differ.
  package var utilities: [Double] { scale > 0 ? means.map { $0 / scale } : means }

  /// 95 % of each of ``utilities``.
  package var intervals: [Interval] {
    let utilities = utilities
    return utilities.indices.map { index in
      let error = error(of: utilities.indices.map { $0 == index ? 1 : 0 })
      let margin = Interval.normalQuantile975 * error
      return Interval(low: utilities[index] - margin, high: utilities[index] + margin)
    }
  }

  /// Standard error of Σ weight × utility, by the delta method.
  package func error(of weights: [Double]) -> Double {
    guard scale > 0 else { return .infinity }
    let (n, utilities) = (Double(means.count), utilities)
    let mean = weights.reduce(0, +) / n
    let along = zip(weights, utilities).reduce(0) { $0 + $1.0 * $1.1 } / (n - 1)
    let gradient = zip(weights, utilities).map { ($0 - mean - along * $1) / scale }
    var variance = 0.0
    for i in gradient.indices where gradient[i] != 0 {
      for j in gradient.indices { variance += gradient[i] * covariance[i][j] * gradient[j] }
    }
    return max(0, variance).squareRoot()
  }

  /// Mean of −(share log P + (1 − share) log (1 − P)) in nats; `nil` for no choices.
  package func logLoss(_ choices: [PairedChoice]) -> Double? {
    Tally(values: choices.map(logLoss)).mean
  }

  package func logLoss(_ choice: PairedChoice) -> Double {
    let p = min(1 - 1e-12, max(1e-12, probability(of: choice)))
    return -(choice.share * .log(p) + (1 - choice.share) * .log(1 - p))
  }

  /// ``means`` as they might be, drawn from their errors.
  package func draws(_ count: Int, stream: RandomStream) -> [[Double]] {
    var stream = stream
    // The mean is known, so that the covariance is singular by a direction that matters to nobody.
    let matrix = covariance.indices.map { row in
      covariance.indices.map { covariance[row][$0] + (row == $0 ? 1e-9 : 0) }
    }
    guard let root = Cholesky(matrix) else { return [] }
    return (0..<count).map { _ in
      zip(means, root.product(means.map { _ in stream.normal() })).map { $0 + $1 }
    }
  }

  private static func centred(_ matrix: [[Double]]) -> [[Double]] {
    let rows = matrix.map(\.centred)
    let means = matrix.indices.map { column in
      rows.reduce(0) { $0 + $1[column] } / Double(rows.count)
    }
    return rows.map { row in zip(row, means).map { $0 - $1 } }
  }
}

extension [Double] {
  /// Minus their mean.
  var centred: [Double] {
    let mean = isEmpty ? 0 : reduce(0, +) / Double(count)
    return map { $0 - mean }
  }

  /// Over n − 1; of fewer than two 0.
  var deviation: Double {
    guard count > 1 else { return 0 }
    return (centred.reduce(0) { $0 + $1 * $1 } / Double(count - 1)).squareRoot()
  }
}

/// Φ(z).
func normalShare(below z: Double) -> Double { 0.5 * .complementaryError(-z / 2.0.squareRoot()) }
