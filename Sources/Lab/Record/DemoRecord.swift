import Core
import Dish
import Engine
import Judging

/// What a finished demo has to tell, as plain values: the numbers, and what a report shows of the
/// answers, the trainings and the worlds.
public struct DemoRecord: Sendable, Hashable {
  public var plan: DishPlan
  public var results: Results
  /// The free-form families in the order of a plot, then the tasks of the trained domain.
  public var families: [FamilyRecord]
  public var answers: [AnswerRecord]
  public var curves: [CurveRecord]
  public var world: WorldRecord
}

/// A question family with its wordings.
public struct FamilyRecord: Sendable, Hashable {
  public var id: String
  public var title: String
  public var wordings: [String]
  /// Code tasks that were not trained on, as against a free-form family.
  public var isInDomain: Bool
}

/// An answer with its oracle's scores.
public struct AnswerRecord: Sendable, Hashable {
  public var condition: ConditionKey
  /// Of the fine-tuned model; 0 for the base.
  public var seed: UInt64
  public var family: String
  public var sample: Int
  public var question: String
  public var text: String
  public var aligned: Double?
  public var coherent: Double?
}

/// The losses of one training run.
public struct CurveRecord: Sendable, Hashable {
  public enum Stage: Sendable, Hashable {
    case base, alignment
    case fineTuning(ConditionKey)
  }

  public var stage: Stage
  public var world: ConditionKey.World
  public var seed: UInt64
  /// Of each step's batch before the update.
  public var losses: [LossRecord]
  /// Of held-out rows before the step.
  public var heldOut: [LossRecord]
}

/// Mean cross-entropy of trained tokens, in nats.
public struct LossRecord: Sendable, Hashable {
  public var step: Int
  public var loss: Double
}

/// What the worlds are.
public struct WorldRecord: Sendable, Hashable {
  public struct Domain: Sendable, Hashable {
    public var name: String
    public var topics: Int
  }

  public struct TemperamentRecord: Sendable, Hashable {
    public var name: String
    public var authors: Int
  }

  public var domains: [Domain]
  /// Those that live in the world.
  public var temperaments: [TemperamentRecord]
  public var authors: Int
  /// Documents of the persona world's corpus, from the first.
  public var excerpt: [Conversation]
  public var personaFingerprint: Fingerprint
  public var nullFingerprint: Fingerprint
}
