/// The value that a standard normal draw exceeds with probability `tail`, to about 1e-15 of it.
///
/// By Newton's method from 0 on ½ erfc(z / √2): above 0 that curve is convex, so that the steps
/// approach the value from below.
///
/// - Precondition: `0 < tail < 1`.
package func normalQuantile(upperTail tail: Double) -> Double {
  precondition(0 < tail && tail < 1, "a quantile takes a tail in 0..<1, not \(tail)")
  if tail > 0.5 { return -normalQuantile(upperTail: 1 - tail) }
  var z = 0.0
  for _ in 0..<200 {
    let above = 0.5 * Double.complementaryError(z / 2.0.squareRoot())
    let density = Double.exponential(-z * z / 2) / (2 * Double.pi).squareRoot()
    let step = (above - tail) / density
    z += step
    if abs(step) <= 1e-15 * z { break }
  }
  return z
}
