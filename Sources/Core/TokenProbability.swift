/// A token that a model might have said, and how likely it was: of the alternatives that a model
/// reports for one position.
package struct TokenProbability: Sendable, Hashable, Codable {
  package var token: String
  /// From 0 to 1.
  package var probability: Double

  package init(token: String, probability: Double) {
    self.token = token
    self.probability = probability
  }
}
