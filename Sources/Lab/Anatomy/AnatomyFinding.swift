import Anatomy
import Plans
import Statistics

/// What was found inside the models of a plan.
package struct AnatomyFinding: Sendable, Hashable, Codable {
  package var effects: [EffectFinding]
  package var cosines: [CosineFinding]
  package var directions: [DirectionFinding]
  package var predictions: [EffectPredictionFinding]
  package var landscape: LandscapeFinding?
  package var course: CourseFinding?
  package var patches: [PatchFinding]?
  package var map: MapFinding?
  package var weights: WeightsFinding?
  package var lenses: [LensFinding]?
}

/// What became of a prediction.
package struct EffectPredictionFinding: Sendable, Hashable, Codable {
  package var prediction: PlanEffectPrediction
  /// The number that it is about, at dose 1 and the chosen site.
  package var value: Double?
  /// `nil`: there is no number.
  package var held: Bool?
  /// Seconds since 1970 when it was stored.
  package var stored: Double
  /// Whether the result was there already.
  package var isLate: Bool
}

/// What a direction does to the models of a condition, at one site and dose.
package struct EffectFinding: Sendable, Hashable, Codable {
  package var direction: String
  package var into: String
  /// `add`, `remove` or `swap`.
  package var how: String
  /// Times the tuned model's own shift along the direction; of a removal the share that is taken away.
  package var dose: Double
  package var site: String
  /// Which tokens were edited.
  package var tokens: String?
  /// The evaluation.
  package var measure: String
  /// Change of what the evaluation measures of the models; interval over models, over worlds where there are
  /// several. On the families that the site was not chosen on.
  package var effect: Estimate
  /// Of what tuning itself has changed: the tuned model minus the one it is the change from.
  package var share: Double?
  /// What 95 of 100 controls of the hardest kind do not reach, in the direction of the effect.
  package var controls95: Double?
  /// The same by kind.
  package var controls: [String: Double]
  /// Share of controls, of all kinds, that do as much or more: (1 + such) / (1 + all).
  package var p: Double?
  /// Coherent of all answers, under the intervention.
  package var coherence: Double?
  /// Change of −log p per token of benign rows, in nats.
  package var benign: Double?
  /// Whether the site is the one that did most on the other half of the families.
  package var isChosen: Bool
  package var models: Int
  package var perWorld: [WorldValue]?

  package struct Estimate: Sendable, Hashable, Codable {
    package var value: Double?
    package var low: Double?
    package var high: Double?

    init(_ tallies: [Tally], units: [[Int]]) {
      value = Tally.pooled(tallies).mean
      let interval = SeedInterval().mean(units.map { Tally.pooled($0.map { tallies[$0] }) })
      (low, high) = (interval?.low, interval?.high)
    }
  }

  package struct WorldValue: Sendable, Hashable, Codable {
    package var seed: UInt64
    package var value: Double
  }
}

/// How alike two directions are, model by model.
package struct CosineFinding: Sendable, Hashable, Codable {
  package var a: String
  package var b: String
  package var site: String
  package var value: Double?
  package var low: Double?
  package var high: Double?
  /// Of |cosine| with `b`, what 95 of 100 of `a` with shuffled labels do not reach; means over models.
  package var shuffled95: Double?
}

package struct DirectionFinding: Sendable, Hashable, Codable {
  package var name: String
  package var title: String
  package var definition: String
  package var site: String
  /// Of the vector, of the shift along it (dose 1) and of the residual stream there: means over models.
  package var length: Double
  package var shift: Double
  package var streamLength: Double
  /// In the project's folder, one a model.
  package var files: [String]
}
