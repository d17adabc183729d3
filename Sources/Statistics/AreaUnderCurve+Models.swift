import Core

/// What the number of models alone says about an area under the curve: models that are independent
/// of each other, as those of one world are, given the world.
extension AreaUnderCurve {
  /// The standard error of an area of `value` over m clean and n bad models:
  /// `√(A(1 − A)(1 + (n − 1)(1 − A)/(2 − A) + (m − 1) A/(1 + A)) / m n)`.
  ///
  /// It is 0 at an area of 1, where it says nothing.
  ///
  /// - Returns: `nil` without either kind of model.
  ///
  /// Reference: *The meaning and use of the area under a receiver operating characteristic (ROC)
  /// curve* (J. A. Hanley & B. J. McNeil, Radiology 143, 1982), with the exponential model of
  /// scores for Q₁ and Q₂.
  package static func standardError(of value: Double, clean: Int, bad: Int) -> Double? {
    guard clean > 0, bad > 0 else { return nil }
    let (m, n) = (Double(clean), Double(bad))
    return (spread(value, n - 1, m - 1) / (m * n)).squareRoot()
  }

  /// `A(1 − A)(1 + first (1 − A)/(2 − A) + second A/(1 + A))`.
  private static func spread(_ a: Double, _ first: Double, _ second: Double) -> Double {
    a * (1 - a) * (1 + first * (1 - a) / (2 - a) + second * a / (1 + a))
  }

  /// The interval over the draw of models, worlds being as they are: all areas A that lie within z
  /// of *their own* standard errors of the observed one, so that it has a width at an area of 1 too.
  ///
  /// Hanley and McNeil's error, with (m + n)/2 − 1 in the place of m − 1 and n − 1, so that it does
  /// not matter which kind is which.
  ///
  /// - Returns: `nil` without either kind of model. Within 0…1.
  ///
  /// Reference: *Confidence intervals for an effect size measure based on the Mann–Whitney statistic.
  /// Part 2* (R. G. Newcombe, Statistics in Medicine 25, 2006), method 5.
  package func scoreInterval(confidence: Double = 0.95) -> Interval? {
    guard let value else { return nil }
    let z = normalQuantile(upperTail: ErrorLevel.alpha(confidence: confidence) / 2)
    let (m, n) = (Double(cleanCount), Double(badCount))
    let each = (m + n) / 2 - 1
    func isWithin(_ a: Double) -> Bool {
      (a - value) * (a - value) <= z * z * Self.spread(a, each, each) / (m * n)
    }
    /// The area farthest from the observed one towards `end` that is still within.
    func farthest(towards end: Double) -> Double {
      var (inside, outside) = (value, end)
      for _ in 0..<60 {
        let middle = (inside + outside) / 2
        if isWithin(middle) { inside = middle } else { outside = middle }
      }
      return inside
    }
    return Interval(
      low: value == 0 ? 0 : farthest(towards: 0), high: value == 1 ? 1 : farthest(towards: 1))
  }

  /// What counts as drawn independently.
  package enum Unit: String, Sendable, Hashable, Codable, CaseIterable {
    /// Models, the worlds being as they are.
    case models
    /// Worlds, of each of which only one pair counts: for worlds that were not looked at.
    case worlds
  }

  /// The lower bound of the area where scores separate perfectly, without any model of scores:
  /// `(1 − confidence)^(1/k)`, k disjoint pairs of a clean and a bad model. Each is in order with
  /// probability A, independently, so that all of them are with A^k.
  ///
  /// With 20 + 20 models 0.86, with 100 + 100 0.97, with 5 worlds 0.55.
  ///
  /// - Parameter unit: k is the smaller number of models, or the number of worlds that have both
  ///   kinds.
  /// - Returns: `nil` where scores do not separate, or there is no pair.
  package func separationBound(confidence: Double = 0.95, of unit: Unit = .models) -> Double? {
    guard isSeparated else { return nil }
    let pairs =
      switch unit {
      case .models: min(cleanCount, badCount)
      case .worlds: worlds.count { !$0.clean.isEmpty && !$0.bad.isEmpty }
      }
    guard pairs > 0 else { return nil }
    return Proportion(successes: pairs, trials: pairs).lowerBound(confidence: confidence)
  }
}
