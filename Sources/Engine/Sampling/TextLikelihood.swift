/// How likely a model finds the scored tokens of a text.
package struct TextLikelihood: Sendable, Hashable {
  /// −Σ log p of them, in nats.
  package private(set) var sum: Double
  /// −log p of each, in their order.
  package private(set) var tokens: [Float]

  /// Of none, to which ``add(_:)`` adds.
  package init() { (sum, tokens) = (0, []) }

  package mutating func add(_ loss: Double) {
    sum += loss
    tokens.append(Float(loss))
  }
}
