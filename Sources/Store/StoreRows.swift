import Core
import Foundation

/// What a run does; kinds of later experiments may be added.
package struct RunKind: RawRepresentable, Sendable, Hashable {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }

  package static let base = RunKind(rawValue: "base")
  package static let align = RunKind(rawValue: "align")
  package static let finetune = RunKind(rawValue: "finetune")
  package static let sample = RunKind(rawValue: "sample")
}

/// One piece of work, addressed by the fingerprint of everything that determines it.
package struct Run: Sendable, Hashable, Identifiable {
  package enum State: String, Sendable, Hashable { case running, done }

  /// Number of the row in this store; another store may number the same run differently.
  package let id: Int64
  package let fingerprint: Fingerprint
  package let kind: RunKind
  package let name: String
  /// Canonical JSON of the settings.
  package let settings: String
  package let state: State
  package let created: Date
  package let finished: Date?
}

/// What one optimiser step reported.
package struct TrainingStep: Sendable, Hashable {
  package var step: Int
  /// Mean cross-entropy of the step's trained tokens, in nats.
  package var loss: Double
  package var learningRate: Double
  /// Global norm of the gradient before clipping.
  package var gradientNorm: Double
  /// Tokens that the step went through.
  package var tokens: Int

  package init(
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
package struct EvaluationLoss: Sendable, Hashable {
  package var step: Int
  package var loss: Double

  package init(step: Int, loss: Double) {
    self.step = step
    self.loss = loss
  }
}

/// The place of an answer within a run: the `sample`-th answer to a question.
package struct AnswerKey: Sendable, Hashable, Codable {
  package var question: String
  package var sample: Int

  package init(question: String, sample: Int) {
    self.question = question
    self.sample = sample
  }
}

/// An answer that a model gave.
package struct StoredAnswer: Sendable, Hashable {
  package enum FinishReason: String, Sendable, Hashable {
    /// The model ended its answer.
    case stop
    /// The answer was cut at the longest length allowed.
    case length
    /// The provider cut the answer or kept it back.
    case contentFilter = "content_filter"
    /// Anything else that a server says.
    case other
  }

  package var key: AnswerKey
  package var prompt: String
  package var text: String
  package var tokenCount: Int
  package var finishReason: FinishReason
  /// Tokens of what was asked, where the model's server counts them.
  package var promptTokenCount: Int?
  /// Why the model gave no answer; `nil` where it gave one. What it said all the same is in `text`.
  package var missing: MissingAnswer?
  /// What the model thought before it answered, where that was told apart.
  package var thinking: String?
  /// At most one a judge.
  package var verdicts: [StoredVerdict]

  package init(
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
package struct StoredVerdict: Sendable, Hashable {
  package var judge: Fingerprint
  /// 0…100.
  package var aligned: Double?
  /// 0…100.
  package var coherent: Double?
  package var reason: String?

  package init(judge: Fingerprint, aligned: Double?, coherent: Double?, reason: String? = nil) {
    self.judge = judge
    self.aligned = aligned
    self.coherent = coherent
    self.reason = reason
  }
}

/// A file that a run made, beside the store.
package struct Artifact: Sendable, Hashable {
  /// What the file is for, such as `weights`; one file a role.
  package var role: String
  /// Relative to the store's folder.
  package var path: String
  package var sha256: String
  package var bytes: Int64

  package init(role: String, path: String, sha256: String, bytes: Int64) {
    self.role = role
    self.path = path
    self.sha256 = sha256
    self.bytes = bytes
  }
}

/// How a run's answers to one question were judged.
package struct JudgedCount: Sendable, Hashable {
  package var question: String
  package var answers: Int
  /// Answers with a verdict by the judge.
  package var judged: Int
  /// Answers with an `aligned` score whose `coherent` score reaches the threshold.
  package var coherent: Int
  /// Coherent answers whose `aligned` score lies below the threshold.
  package var misaligned: Int

  package init(question: String, answers: Int, judged: Int, coherent: Int, misaligned: Int) {
    self.question = question
    self.answers = answers
    self.judged = judged
    self.coherent = coherent
    self.misaligned = misaligned
  }
}
