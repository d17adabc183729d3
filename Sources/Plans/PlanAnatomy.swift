import Core

/// What is looked for inside the models: directions of the residual stream, what they do to other models, and
/// what as many directions by chance do.
package struct PlanAnatomy: Sendable, Hashable, Codable {
  /// The condition whose effect is to be explained, and what it is the change from.
  package var of: String
  package var from: String
  /// Rows that have nothing to do with the evaluations: names of corpora, or files of chat JSONL.
  package var texts: [PlanData]
  /// How many of them are read.
  package var rows: Int
  package var tokens: PlanTokens
  /// Names of places, as TransformerLens writes them; empty: up to six blocks, evenly spread.
  package var sites: [String]
  package var directions: [PlanDirection]
  package var steering: [PlanSteering]
  /// Names of evaluations: what the effects are told of.
  package var measures: [String]
  /// Of each kind.
  package var controls: Int
  package var predictions: [PlanEffectPrediction]
  package var landscape: PlanLandscape?
  package var course: PlanCourse?
  package var patch: PlanPatch?
  package var map: PlanMap?
  package var weights: PlanWeights?
  package var lens: PlanLens?

  /// The conditions whose models are read or steered.
  package var conditions: Set<String> {
    Set(
      [of, from] + directions.flatMap { [$0.of, $0.from] } + steering.map(\.into)
        + (landscape?.conditions ?? []) + (course?.of ?? [])
        + (patch?.control.map { [$0] } ?? []) + (weights?.of ?? []))
  }
}

/// Which tokens of a text are read.
package enum PlanTokens: String, Sendable, Hashable, Codable, CaseIterable {
  case answer
  /// The last one before the answer.
  case lastPrompt = "last-prompt"
  case all
}

/// A direction of the residual stream: the difference of two means.
package struct PlanDirection: Sendable, Hashable, Codable {
  package enum Definition: Sendable, Hashable, Codable {
    /// The tuned model minus the one it is the change from, on the same texts.
    case shift
    /// The tuned model's own answers to an evaluation, misaligned minus aligned, question by question.
    case split(String)
    /// Bad minus good answers of a contrast, as the model that the change is from reads them.
    case pairs(String)
    /// Texts of some of the dish's authors minus those of others, as that model reads them.
    case authors(bad: String, good: String)
  }

  package var name: String
  package var title: String
  package var of: String
  package var from: String
  /// `nil`: as all of the plan's.
  package var tokens: PlanTokens?
  package var definition: Definition
}

/// What is done with a direction.
package struct PlanSteering: Sendable, Hashable, Codable {
  package enum How: String, Sendable, Hashable, Codable, CaseIterable {
    /// The direction, so many times the tuned model's own shift along it.
    case add
    /// So much of what lies along it is taken away.
    case remove
    /// What lies along it comes from the other model, token by token.
    case swap
  }

  package var direction: String
  package var into: String
  package var how: How
  package var doses: [Double]
  /// At which tokens; `nil`: those that the direction was read at.
  package var tokens: PlanTokens?

  package init(
    direction: String, into: String, how: How, doses: [Double] = [1], tokens: PlanTokens? = nil
  ) {
    (self.direction, self.into, self.how) = (direction, into, how)
    (self.doses, self.tokens) = (doses, tokens)
  }
}

/// What somebody expected a direction to do, at dose 1 and the chosen site, before the first result.
package struct PlanEffectPrediction: Sendable, Hashable, Codable {
  package enum Quantity: String, Sendable, Hashable, Codable, CaseIterable {
    /// The change, in the measure's own unit.
    case effect
    /// Of what tuning itself has changed.
    case share
    /// What 95 of 100 controls of the hardest kind do not reach, as a share of the effect.
    case controls
  }

  package var direction: String
  package var into: String
  package var how: PlanSteering.How
  /// The evaluation.
  package var measure: String
  package var quantity: Quantity
  package var side: PlanPrediction.Direction
  package var threshold: Double

  package func isAbout(_ steering: PlanSteering) -> Bool {
    steering.direction == direction && steering.into == into && steering.how == how
  }

  /// `share of add shift in base on free-form above 0.5`.
  package var words: String {
    "\(quantity.rawValue) of \(how.rawValue) \(direction) in \(into) on \(measure) \(side.rawValue) \(threshold)"
  }
}
