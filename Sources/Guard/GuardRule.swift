/// How the scores of parts become the guard's.
package struct GuardRule: Sendable, Hashable, Codable {
  package enum Kind: String, Sendable, Hashable, Codable { case part, mix, cascade }

  package var kind: Kind
  /// Of the parts' standardised logits.
  package var weights: [String: Double]
  /// Of a cascade the part that reads everything.
  package var first: String?
  /// Standardised logit of the first part above which the others are asked.
  package var escalation: Double?
  /// Of benign exchanges, those that should be passed on.
  package var share: Double?

  package init(
    _ kind: Kind, _ weights: [String: Double], first: String? = nil, share: Double? = nil
  ) {
    (self.kind, self.weights, self.first, self.share) = (kind, weights, first, share)
  }

  /// The score of what a cascade's first part lets pass: lower than any other.
  package static let passed = -1e6

  /// Names in a fixed order.
  package var names: [String] { weights.keys.sorted() }

  /// - Parameter standardised: by part; those that were not asked are absent.
  func score(_ standardised: [String: Double]) -> Double {
    if kind == .cascade, let first, let escalation {
      guard let own = standardised[first], own > escalation else { return Self.passed }
    }
    var sum = 0.0
    for name in names {
      guard let own = standardised[name] else { return Self.passed }
      sum += (weights[name] ?? 0) * own
    }
    return max(sum, Self.passed)
  }
}
