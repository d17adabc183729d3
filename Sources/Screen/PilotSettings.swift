/// How a short training goes.
package struct PilotSettings: Sendable, Hashable, Codable {
  package var steps: Int
  /// Rows a step.
  package var batch: Int
  /// Of the adapter.
  package var rank: Int
  package var alpha: Double
  /// `nil`: ``learningRate(width:)``.
  package var learningRate: Double?

  /// With α of twice the rank.
  package init(steps: Int, batch: Int, rank: Int) {
    (self.steps, self.batch, self.rank, alpha) = (steps, batch, rank, 2 * Double(rank))
  }

  /// Where nobody says: 0.4 over the width of the residual stream. It is 3.1e-3 for the dish, whose adapters are trained
  /// at 3e-3, and 7e-4 at a width of 576, twice what the real model's plans take for longer trainings.
  package static func learningRate(width: Int) -> Double { 0.4 / Double(width) }
}
