/// Holm's step-down adjusted p-values: those at most α may all be called significant, and the
/// probability that any of these calls is wrong is at most α, however the tests depend on each
/// other.
///
/// With m tests, p sorted upwards: the i-th (from 1) becomes the largest of
/// `min(1, (m − j + 1) p(j))` over j ≤ i.
///
/// - Parameter pValues: `nil` where a test could not be made; it stays `nil` and does not count as
///   a test.
/// - Precondition: every p lies in 0…1.
///
/// Reference: *A simple sequentially rejective multiple test procedure* (S. Holm, Scandinavian
/// Journal of Statistics 6, 1979).
package func holmAdjusted(_ pValues: [Double?]) -> [Double?] {
  let sorted = pValues.indices.compactMap { index in pValues[index].map { (index, $0) } }
    .sorted { $0.1 < $1.1 }
  var adjusted = [Double?](repeating: nil, count: pValues.count)
  var largest = 0.0
  for (rank, (index, p)) in sorted.enumerated() {
    precondition((0...1).contains(p), "a p-value lies in 0...1, not at \(p)")
    largest = max(largest, min(1, Double(sorted.count - rank) * p))
    adjusted[index] = largest
  }
  return adjusted
}
