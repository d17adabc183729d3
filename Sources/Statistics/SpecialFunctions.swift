import Core

/// log Γ(x) for x > 0, to about 1e-14: Stirling's series from x ≥ 10 on, and Γ(x + 1) = x Γ(x)
/// below. The C library's `lgamma` writes a global variable, which two threads may not do.
func logGamma(_ x: Double) -> Double {
  precondition(x > 0, "logGamma takes a positive number, not \(x)")
  var (x, product) = (x, 1.0)
  while x < 10 {
    product *= x
    x += 1
  }
  let square = 1 / (x * x)
  // B₂ₖ / (2k (2k − 1)) for k = 1, 2, …, 6.
  let series =
    (1.0 / 12
      - square
      * (1.0 / 360
        - square
        * (1.0 / 1260 - square * (1.0 / 1680 - square * (1.0 / 1188 - square * 691 / 360_360)))))
    / x
  let stirling = (x - 0.5) * Double.log(x) - x + 0.5 * Double.log(2 * .pi) + series
  return stirling - Double.log(product)
}

/// The regularised incomplete beta function I(x; a, b) for 0 ≤ x ≤ 1 and a, b > 0.
///
/// The continued fraction of the NIST Digital Library of Mathematical Functions, 8.17.22, is
/// evaluated from the front (Lentz's method), on the side of (a + 1) / (a + b + 2) where it
/// converges quickly; the other side follows from I(x; a, b) = 1 − I(1 − x; b, a).
func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
  if x <= 0 { return 0 }
  if x >= 1 { return 1 }
  if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
  let front =
    a * Double.log(x) + b * Double.log(1 - x) + logGamma(a + b) - logGamma(a) - logGamma(b)
  return Double.exponential(front) * betaFraction(x, a, b) / a
}

/// 1 / (1 + d₁ / (1 + d₂ / (1 + …))) with DLMF's d.
private func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
  /// Keeps a denominator that cancels to 0 from being divided by.
  func kept(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
  var (c, d) = (1.0, 1 / kept(1 - (a + b) / (a + 1) * x))
  var fraction = d
  for term in 1..<100_000 {
    let m = Double(term)
    let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / kept(1 + even * d)
    c = kept(1 + even / c)
    fraction *= c * d
    let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / kept(1 + odd * d)
    c = kept(1 + odd / c)
    fraction *= c * d
    if abs(c * d - 1) < 1e-15 { break }
  }
  return fraction
}
