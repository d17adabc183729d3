import Core

/// How answers are sampled. Nothing is applied that is not said here: a folder's generation_config
/// names tokens that end an answer, and no more of it is used.
package struct AnswerSettings: Sendable, Hashable, Codable {
  package var temperature = 1.0
  package var topP = 1.0
  package var topK = 0
  package var minP = 0.0
  package var maximumTokens = 600
  package var seed: UInt64 = 0
  /// The beginning of every answer, which the model goes on from.
  package var prefill: String?
  /// What becomes of thinking before an answer; `nil` is `strip`, the default, which
  /// leaves the addresses of answers what they were.
  package var thinking: Thinking?

  package init() {}
}
