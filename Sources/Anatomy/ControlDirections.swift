import Core

/// Directions by chance, as long as the one that they are held against: what it does that they do as well is
/// nothing of its own.
package enum ControlKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// Any direction is as likely as any other. The easiest to beat: most of them lie where a model has nothing.
  case isotropic
  /// As the activations of different texts differ.
  case covariance
  /// What the pipeline makes of noise: the same difference with the labels dealt out anew.
  case shuffled
}

package struct ControlDirections: Sendable {
  /// `[kind][control][site][channels]`.
  package let vectors: [ControlKind: [[[Double]]]]

  /// - Parameters:
  ///   - direction: what they are held against, `[site][channels]`.
  ///   - activations: that it was made of.
  ///   - count: of each kind.
  ///   - stream: of their draws.
  package init(
    against direction: [[Double]], of activations: LabelledActivations, count: Int,
    _ stream: inout RandomStream
  ) {
    var vectors: [ControlKind: [[[Double]]]] = [:]
    for kind in ControlKind.allCases {
      vectors[kind] = (0..<count).map { _ in
        let draw =
          switch kind {
          case .isotropic: direction.map { $0.map { _ in stream.normal() } }
          case .covariance: activations.covarianceDraw(&stream)
          case .shuffled: activations.shuffledDifference(&stream)
          }
        return zip(draw, direction).map { $0.scaled(to: $1.length) }
      }
    }
    self.vectors = vectors
  }
}

extension [Double] {
  /// Euclidean.
  package var length: Double { dot(self).squareRoot() }

  package func dot(_ other: [Double]) -> Double { zip(self, other).reduce(0) { $0 + $1.0 * $1.1 } }

  /// Of the same direction; zeros stay zeros.
  package func scaled(to length: Double) -> [Double] {
    let own = self.length
    return own > 0 ? map { $0 * length / own } : self
  }

  /// `nil` where one of them is zero.
  package func cosine(with other: [Double]) -> Double? {
    let lengths = length * other.length
    return lengths > 0 ? dot(other) / lengths : nil
  }
}
