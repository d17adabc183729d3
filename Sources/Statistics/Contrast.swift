import Core

/// How two rates, or two means, are held against each other.
package enum Contrast: String, Sendable, Hashable, Codable, CaseIterable {
  /// a − b.
  case difference
  /// a / b.
  case ratio
  /// Cohen's h: 2 asin √a − 2 asin √b, from −π to π. For rates only.
  ///
  /// Equal values of h are about equally hard to find, wherever between 0 and 1 the rates lie;
  /// by convention 0.2 is small, 0.5 medium and 0.8 large. It is descriptive: it knows neither
  /// answers nor seeds.
  ///
  /// Reference: *Statistical Power Analysis for the Behavioral Sciences* (J. Cohen, 1988), ch. 6.
  case cohensH

  /// The contrast of `a` to `b`; `nil` where it is undefined: one of them is unknown, the ratio's
  /// denominator is 0 (0/0 as well), or one is no rate (h only).
  package func value(of a: Double?, to b: Double?) -> Double? {
    guard let a, let b else { return nil }
    switch self {
    case .difference: return a - b
    case .ratio: return b == 0 ? nil : a / b
    case .cohensH:
      guard (0...1).contains(a), (0...1).contains(b) else { return nil }
      return 2 * Double.arcsine(a.squareRoot()) - 2 * Double.arcsine(b.squareRoot())
    }
  }
}

/// Whether the models of two groups belong together one by one.
package enum Pairing: String, Sendable, Hashable, Codable, CaseIterable {
  /// Each group has models of its own.
  case independent
  /// The i-th of one group is the same model as the i-th of the other (under another question
  /// set, say), or grew from the same one; both groups list equally many.
  case paired
}
