import Core

/// Many contexts, an e-value each: which of them may be called?
///
/// An e-value is what `MixtureEProcess` holds, with a mean of at most 1 where nothing is the matter.
/// Neither method asks how the contexts depend on each other, nor when each was stopped, nor by
/// what the next one to ask was chosen.
package struct EValueSelection: Sendable, Hashable {
  /// Which contexts are called, at what level.
  package struct Rejections: Sendable, Hashable, Codable {
    /// Upwards.
    package let indices: [Int]
    /// The share or probability of error that is promised.
    package let level: Double
    /// In nats: what ln E had to reach.
    package let logThreshold: Double
  }

  /// ln E of each context, in nats; `nil` where nothing was asked.
  package let logEValues: [Double?]

  /// - Parameter logEValues: `nil` for a context that was not asked: it is no test and does not
  ///   count as one. A context may not be left out for what its answers were.
  /// - Precondition: no value is NaN.
  package init(logEValues: [Double?]) {
    precondition(!logEValues.contains { $0?.isNaN == true }, "an e-value is a number")
    self.logEValues = logEValues
  }

  private var testCount: Int { logEValues.count { $0 != nil } }

  /// e-BH: of those called, on average no more than the share `level` is called in error.
  ///
  /// With m e-values, sorted downwards: the greatest k for which `E(k) ≥ m / (level k)`; the k
  /// greatest are called. A false discovery rate of at most `level` × the share of contexts where
  /// nothing is the matter. It takes E as it is when one stops; greatest values on the way
  /// (`logPeak`) are no e-values and lose the promise.
  ///
  /// - Precondition: `0 < level < 1`.
  ///
  /// Reference: *False discovery rate control with e-values* (R. Wang & A. Ramdas, JRSS B 84, 2022),
  /// arXiv 2009.02824.
  package func benjaminiHochberg(level: Double = 0.05) -> Rejections {
    let lone = Double.log(Double(max(1, testCount))) + ErrorLevel.logGoal(alpha: level)
    let sorted = logEValues.compactMap { $0 }.sorted(by: >)
    let called = sorted.indices.last { sorted[$0] >= lone - Double.log(Double($0 + 1)) }
    let threshold = lone - Double.log(Double((called ?? 0) + 1))
    return rejections(from: threshold, level: level)
  }

  /// Bonferroni: the probability that *any* context is called in error is at most `level`.
  ///
  /// Those with `E ≥ m / level` are called. By Ville's inequality it may be given greatest values
  /// on the way (`logPeak`) as well.
  ///
  /// - Precondition: `0 < level < 1`.
  package func bonferroni(level: Double = 0.05) -> Rejections {
    let threshold = Double.log(Double(max(1, testCount))) + ErrorLevel.logGoal(alpha: level)
    return rejections(from: threshold, level: level)
  }

  private func rejections(from threshold: Double, level: Double) -> Rejections {
    let indices = logEValues.indices.filter { logEValues[$0].map { $0 >= threshold } ?? false }
    return Rejections(indices: indices, level: level, logThreshold: threshold)
  }
}
