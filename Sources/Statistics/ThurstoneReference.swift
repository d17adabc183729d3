import Core

/// The fit as it was published with *Utility Engineering* (Mazeika et al., 2025, arXiv 2502.08640), to compare with.
///
/// Each pair has one share, the mean over both orders; there is no bias. μ is standardised within every step and σ² with it;
/// mean cross-entropy, Adam (0.01, 0.9, 0.999), 1,000 steps from normal draws of deviation 0.01, which need not end where
/// the likelihood is highest. Ours is ``ThurstoneFit``.
package struct ThurstoneReference: Sendable {
  package let utilities: [Double]
  package let variances: [Double]

  private static let epsilon = 1e-5

  /// - Parameter start: μ, then log σ² of each outcome, before the first step; `nil`: drawn.
  /// - Precondition: `start` has two numbers an outcome.
  package init(
    _ choices: [PairedChoice], count: Int, start: [Double]? = nil, steps: Int = 1_000,
    learningRate: Double = 0.01
  ) {
    var stream = RandomStream(seed: 0, "thurstone")
    var values = start ?? (0..<2 * count).map { _ in 0.01 * stream.normal() }
    precondition(values.count == 2 * count, "a start has two numbers an outcome")
    let pairs = ThurstoneReference.averaged(choices)
    var first = values.map { _ in 0.0 }
    var second = first
    var (decay, squareDecay) = (1.0, 1.0)
    for _ in 0..<steps {
      let slope = Self.slope(values, pairs, count)
      decay *= 0.9
      squareDecay *= 0.999
      for index in values.indices {
        first[index] = 0.9 * first[index] + 0.1 * slope[index]
        second[index] = 0.999 * second[index] + 0.001 * slope[index] * slope[index]
        let root = (second[index] / (1 - squareDecay)).squareRoot() + 1e-8
        values[index] -= learningRate * first[index] / (1 - decay) / root
      }
    }
    let means = Array(values[..<count])
    let deviation = means.deviation + Self.epsilon
    utilities = means.centred.map { $0 / deviation }
    variances = values[count...].map { value in
      .exponential(value) / ((deviation + Self.epsilon) * (deviation + Self.epsilon))
    }
  }

  /// One choice a pair: the mean over what is told of it, orders weighing alike.
  package static func averaged(_ choices: [PairedChoice]) -> [PairedChoice] {
    choices.pairs.map { pair, places in
      let shares = [true, false].compactMap { isForward -> Double? in
        let own = places.map { choices[$0] }.filter { ($0.first == pair.low) == isForward }
        let weight = own.reduce(0) { $0 + $1.weight }
        guard weight > 0 else { return nil }
        let mean = own.reduce(0) { $0 + $1.share * $1.weight } / weight
        return isForward ? mean : 1 - mean
      }
      return PairedChoice(
        first: pair.low, second: pair.high,
        share: min(1, max(0, shares.reduce(0, +) / Double(shares.count))))
    }
  }

  /// Of the mean cross-entropy, by μ and log σ².
  private static func slope(
    _ values: [Double], _ pairs: [PairedChoice], _ count: Int
  ) -> [Double] {
    let means = Array(values[..<count])
    let (centred, deviation) = (means.centred, means.deviation)
    let unit = deviation + epsilon
    let scale = 1 / (unit + epsilon)
    let variances = values[count...].map { Double.exponential($0) * scale * scale }
    var byMean = means.map { _ in 0.0 }
    var byVariance = byMean
    for pair in pairs {
      let (i, j) = (pair.first, pair.second)
      let variance = variances[i] + variances[j] + epsilon
      let difference = (centred[i] - centred[j]) / unit
      let z = difference / variance.squareRoot()
      let p = normalShare(below: z)
      let density = Double.exponential(-z * z / 2) / (2 * Double.pi).squareRoot()
      let byZ = (p - pair.share) / max(1e-12, p * (1 - p)) * density / Double(pairs.count)
      byMean[i] += byZ / variance.squareRoot()
      byMean[j] -= byZ / variance.squareRoot()
      let spread = -byZ * difference / (2 * variance * variance.squareRoot())
      byVariance[i] += spread
      byVariance[j] += spread
    }
    // Both depend on μ by its standard deviation too.
    let alongMeans = zip(byMean, centred).reduce(0) { $0 + $1.0 * $1.1 } / (unit * unit)
    let alongVariances = zip(byVariance, variances).reduce(0) { $0 + $1.0 * $1.1 } * 2 * scale
    let ofMeans = zip(byMean.centred, centred).map { own, centred in
      own / unit
        - (alongMeans + alongVariances) * centred / (Double(count - 1) * deviation)
    }
    return ofMeans + zip(byVariance, variances).map { $0 * $1 }
  }
}
