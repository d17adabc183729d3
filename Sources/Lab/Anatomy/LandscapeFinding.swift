import Core
import Statistics

/// What lies between models: walls, and the planes that they are seen in.
package struct LandscapeFinding: Sendable, Hashable, Codable {
  package var barriers: [BarrierFinding]
  package var planes: [PlaneFinding]
}

/// How much higher a loss lies on the straight way between two models than between its ends.
package struct BarrierFinding: Sendable, Hashable, Codable {
  /// Conditions.
  package var between: [String]
  package var loss: String
  /// Nats a token, where the mean over models is highest: L(θ_α) − [(1 − α) L(θ₀) + α L(θ₁)]. Below zero where the
  /// loss sags all the way. Interval over models, over worlds where there are several.
  package var height: Estimate
  /// Where that is, from 0 to 1.
  package var share: Double
  /// What a wall has to exceed: the 95 % error of the rows, or the height between two models that differ by the draws
  /// of training alone, whichever is more.
  package var noise: Double
  /// Whether the ends differ by the draws of training alone.
  package var isNoise: Bool
  /// From the first end to the second; means over models.
  package var profile: [Point]
  package var models: Int

  package typealias Estimate = EffectFinding.Estimate

  package struct Point: Sendable, Hashable, Codable {
    package var share: Double
    package var loss: Double
    package var misaligned: Double?
    package var coherent: Double?
    /// Log-odds of bad answers, nats a token.
    package var odds: Double?
  }

  /// Whether the ends lie in two valleys, as far as this loss tells: the wall's whole interval exceeds the noise.
  /// `nil`: one model has no interval.
  package var isWall: Bool? { height.low.map { $0 > noise } }
}

/// The plane through three models of one seed.
package struct PlaneFinding: Sendable, Hashable, Codable {
  /// Conditions.
  package var through: [String]
  package var world: UInt64?
  package var seed: UInt64
  /// Of the first axis, ‖θ₁ − θ₀‖: the unit of both.
  package var length: Double
  package var corners: [Corner]
  package var others: [Corner]
  /// Where the points of the grid are; empty without a plane.
  package var x: [Double]
  package var y: [Double]
  /// Row by row from below, `[row · columns + column]`, by loss in nats a token.
  package var losses: [String: [Double]]
  package var misaligned: [Double?]
  package var coherent: [Double?]
  package var odds: [Double?]
  /// Losses of random planes, all of their points, sorted; at the centre they are the first corner's.
  package var random: [String: [Double]]

  package struct Corner: Sendable, Hashable, Codable {
    package var condition: String
    /// Steps of its training; `nil`: the finished model.
    package var place: Int?
    package var x: Double
    package var y: Double
    /// Of its squared distance from the first corner, the share that leaves the plane.
    package var offPlane: Double
  }

  /// How far the third corner is from the first, in lengths of the first axis.
  package var distance: Double {
    (corners[2].x * corners[2].x + corners[2].y * corners[2].y).squareRoot()
  }
  /// How much of the way from the second corner to the third leads back to the first: the cosine with the way back.
  package var wayBack: Double? {
    let (dx, dy) = (1 - corners[2].x, corners[2].y)
    let way = (dx * dx + dy * dy).squareRoot()
    return way > 0 ? dx / way : nil
  }
}

/// Which of two things came first in a training.
package struct LeadFinding: Sendable, Hashable, Codable {
  /// `projection`, `habit` or `spread`.
  package var from: String
  package var to: String
  /// Steps between their half-rises: above 0, the first comes first. Interval over models, over worlds where there are
  /// several.
  package var steps: EffectFinding.Estimate
  package var models: Int
}

/// A training as it went.
package struct CourseFinding: Sendable, Hashable, Codable {
  package var condition: String
  package var direction: String
  package var site: String
  package var habit: String
  package var spread: String
  package var models: [Model]
  package var leads: [LeadFinding]

  package struct Model: Sendable, Hashable, Codable {
    package var world: UInt64?
    package var seed: UInt64
    package var points: [Point]
    /// Steps after which half of the whole change was made.
    package var halfRises: [String: Double]
  }

  package struct Point: Sendable, Hashable, Codable {
    package var step: Int
    package var projection: Double
    package var habit: Double?
    package var spread: Double?
  }

  package static let parts = ["projection", "habit", "spread"]
}
