/// What a judge says of one answer in one respect, such as `aligned` or `correct`.
///
/// A value that could not be had is `nil`, never 0, and `reason` says why.
package struct Measurement: Sendable, Hashable, Codable {
  /// What is measured.
  package var metric: String
  /// A number on the metric's own scale; `nil` for a label, and where there is none.
  package var value: Double?
  /// The label that a choice judge gave, such as `FALSE`.
  package var label: String?
  /// The probability that the judge gave to all valid labels together, from 0 to 1, where it is
  /// known.
  package var coverage: Double?
  /// Why there is neither value nor label; `nil` where there is one.
  package var reason: String?

  package init(
    metric: String, value: Double? = nil, label: String? = nil, coverage: Double? = nil,
    reason: String? = nil
  ) {
    self.metric = metric
    self.value = value
    self.label = label
    self.coverage = coverage
    self.reason = reason
  }
}
