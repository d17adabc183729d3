import Core

/// Student's t distribution with a number of degrees of freedom that need not be whole (Welch).
///
/// Reference: *The probable error of a mean* (Student, Biometrika 6, 1908).
package struct StudentT: Sendable, Hashable {
  package let degreesOfFreedom: Double

  /// - Precondition: positive and finite.
  package init(degreesOfFreedom: Double) {
    precondition(
      degreesOfFreedom > 0 && degreesOfFreedom.isFinite,
      "Student's t takes degrees of freedom above 0, not \(degreesOfFreedom)")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// The density at `t`.
  package func density(_ t: Double) -> Double {
    let ν = degreesOfFreedom
    let constant = logGamma((ν + 1) / 2) - logGamma(ν / 2) - 0.5 * Double.log(ν * .pi)
    return Double.exponential(constant - (ν + 1) / 2 * Double.log(1 + t * t / ν))
  }

  /// The probability above `t`: ½ I(ν / (ν + t²); ν/2, ½) for t ≥ 0.
  package func upperTail(_ t: Double) -> Double {
    let ν = degreesOfFreedom
    let half = 0.5 * incompleteBeta(ν / (ν + t * t), ν / 2, 0.5)
    return t < 0 ? 1 - half : half
  }

  /// The value that a draw exceeds with probability `tail`, by Newton's method from 0: above 0
  /// the distribution function is concave, so that the steps approach the value from below.
  ///
  /// - Precondition: `0 < tail < 1`.
  package func quantile(upperTail tail: Double) -> Double {
    precondition(0 < tail && tail < 1, "a quantile takes a tail in 0..<1, not \(tail)")
    if tail == 0.5 { return 0 }
    if tail > 0.5 { return -quantile(upperTail: 1 - tail) }
    var t = 0.0
    for _ in 0..<200 {
      let step = (upperTail(t) - tail) / density(t)
      t += step
      if abs(step) <= 1e-12 * t { break }
    }
    return t
  }
}
