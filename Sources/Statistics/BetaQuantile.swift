import Core

/// The x at which the regularised incomplete beta function I(x; a, b) is `probability`: the
/// quantile of the beta distribution.
///
/// Newton's method from the mean a / (a + b), kept within what is known to lie on either side:
/// a step that would leave it is replaced by the middle. Where nothing is yet known below,
/// the middle is a tenth of what is known above, for the value may lie many magnitudes below 1.
///
/// It is as exact as I itself: to about 1e-14 of x, in tails above 1e-10.
///
/// - Precondition: `0 ≤ probability ≤ 1`, a and b are positive.
func betaQuantile(_ probability: Double, _ a: Double, _ b: Double) -> Double {
  precondition(
    (0...1).contains(probability) && a > 0 && b > 0,
    "a beta quantile takes a share and a, b > 0, not \(probability), \(a) and \(b)")
  if probability == 0 { return 0 }
  if probability == 1 { return 1 }
  let logBeta = logGamma(a) + logGamma(b) - logGamma(a + b)
  var (low, high) = (0.0, 1.0)
  var x = a / (a + b)
  for _ in 0..<500 {
    let excess = incompleteBeta(x, a, b) - probability
    if excess > 0 { high = x } else { low = x }
    let density = Double.exponential(
      (a - 1) * Double.log(x) + (b - 1) * Double.logOfOnePlus(-x) - logBeta)
    var next = x - excess / density
    if !(low < next && next < high) { next = low == 0 ? high / 10 : (low + high) / 2 }
    let step = abs(next - x)
    x = next
    if step <= 1e-15 * x || high - low <= 1e-15 * high { break }
  }
  return x
}
