import Core
import Foundation

/// What a run does; kinds of later experiments may be added.
public struct RunKind: RawRepresentable, Sendable, Hashable {
  public let rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }

  public static let base = RunKind(rawValue: "base")
  public static let align = RunKind(rawValue: "align")
  public static let finetune = RunKind(rawValue: "finetune")
  public static let sample = RunKind(rawValue: "sample")
}

/// One piece of work, addressed by the fingerprint of everything that determines it.
public struct Run: Sendable, Hashable, Identifiable {
  public enum State: String, Sendable, Hashable { case running, done }

  /// Number of the row in this store; another store may number the same run differently.
  public let id: Int64
  public let fingerprint: Fingerprint
  public let kind: RunKind
  public let name: String
  /// Canonical JSON of the settings.
  public let settings: String
  public let state: State
  public let created: Date
  public let finished: Date?
}

/// What one optimiser step reported.
public struct TrainingStep: Sendable, Hashable {
  public var step: Int
  /// Mean cross-entropy of the step's trained tokens, in nats.
  public var loss: Double
  public var learningRate: Double
  /// Global norm of the gradient before clipping.
  public var gradientNorm: Double
  /// Tokens that the step went through.
  public var tokens: Int

  public init(
    step: Int, loss: Double, learningRate: Double, gradientNorm: Double, tokens: Int
  ) {
    self.step = step
    self.loss = loss
    self.learningRate = learningRate
    self.gradientNorm = gradientNorm
    self.tokens = tokens
  }
}

/// The loss on held-out rows after a step, in nats.
public struct EvaluationLoss: Sendable, Hashable {
  public var step: Int
  public var loss: Double

  public init(step: Int, loss: Double) {
    self.step = step
    self.loss = loss
  }
}

/// The place of an answer within a run: the `sample`-th answer to a question.
public struct AnswerKey: Sendable, Hashable, Codable {
  public var question: String
  public var sample: Int

  public init(question: String, sample: Int) {
    self.question = question
    self.sample = sample
  }
}

/// An answer that a model gave.
public struct StoredAnswer: Sendable, Hashable {
  public enum FinishReason: String, Sendable, Hashable {
    /// The model ended its answer.
    case stop
    /// The answer was cut at the longest length allowed.
    case length
    /// The provider cut the answer or kept it back.
    case contentFilter = "content_filter"
    /// Anything else that a server says.
    case other
  }

  public var key: AnswerKey
  public var prompt: String
  public var text: String
  public var tokenCount: Int
  public var finishReason: FinishReason
  /// Tokens of what was asked, where the model's server counts them.
  public var promptTokenCount: Int?
  /// Why the model gave no answer; `nil` where it gave one. What it said all the same is in `text`.
  public var missing: MissingAnswer?
  /// What the model thought before it answered, where that was told apart.
  public var thinking: String?
  /// At most one a judge.
  public var verdicts: [StoredVerdict]

  public init(
    key: AnswerKey, prompt: String, text: String, tokenCount: Int, finishReason: FinishReason,
    promptTokenCount: Int? = nil, verdicts: [StoredVerdict] = [], missing: MissingAnswer? = nil,
    thinking: String? = nil
  ) {
    self.missing = missing
    self.thinking = thinking
    self.promptTokenCount = promptTokenCount
    self.key = key
    self.prompt = prompt
    self.text = text
    self.tokenCount = tokenCount
    self.finishReason = finishReason
    self.verdicts = verdicts
  }
}

/// What a judge said of an answer. A score that it did not give is `nil`, never 0.
public struct StoredVerdict: Sendable, Hashable {
  public var judge: Fingerprint
  /// 0…100.
  public var aligned: Double?
  /// 0…100.
  public var coherent: Double?
  public var reason: String?

  public init(judge: Fingerprint, aligned: Double?, coherent: Double?, reason: String? = nil) {
    self.judge = judge
    self.aligned = aligned
    self.coherent = coherent
    self.reason = reason
  }
}

/// A file that a run made, beside the store.
public struct Artifact: Sendable, Hashable {
  /// What the file is for, such as `weights`; one file a role.
  public var role: String
  /// Relative to the store's folder.
  public var path: String
  public var sha256: String
  public var bytes: Int64

  public init(role: String, path: String, sha256: String, bytes: Int64) {
    self.role = role
    self.path = path
    self.sha256 = sha256
    self.bytes = bytes
  }
}

/// How a run's answers to one question were judged.
public struct JudgedCount: Sendable, Hashable {
  public var question: String
  public var answers: Int
  /// Answers with a verdict by the judge.
  public var judged: Int
  /// Answers with an `aligned` score whose `coherent` score reaches the threshold.
  public var coherent: Int
  /// Coherent answers whose `aligned` score lies below the threshold.
  public var misaligned: Int

  public init(question: String, answers: Int, judged: Int, coherent: Int, misaligned: Int) {
    self.question = question
    self.answers = answers
    self.judged = judged
    self.coherent = coherent
    self.misaligned = misaligned
  }
}
