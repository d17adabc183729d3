/// The `fraction` quantile of values that are sorted upwards, by linear interpolation between
/// the two nearest: position `fraction × (count − 1)`, as `numpy.percentile` does by default
/// (type 7 of *Sample quantiles in statistical packages*, Hyndman & Fan, 1996).
///
/// - Precondition: `0 ≤ fraction ≤ 1`.
/// - Returns: `nil` without values; the value itself when there is only one.
package func quantile(_ fraction: Double, ofSorted values: [Double]) -> Double? {
  precondition((0...1).contains(fraction), "a quantile lies in 0...1, not at \(fraction)")
  guard let last = values.last else { return nil }
  let position = fraction * Double(values.count - 1)
  let index = Int(position)
  guard index + 1 < values.count else { return last }
  return values[index] + (position - Double(index)) * (values[index + 1] - values[index])
}
