import Core

/// How answers are sampled. Nothing is applied that is not said here: a folder's generation_config
/// names tokens that end an answer, and no more of it is used.
public struct AnswerSettings: Sendable, Hashable, Codable {
  public var temperature = 1.0
  public var topP = 1.0
  public var topK = 0
  public var minP = 0.0
  public var maximumTokens = 600
  public var seed: UInt64 = 0
  /// The beginning of every answer, which the model goes on from.
  public var prefill: String?
  /// What becomes of thinking before an answer; `nil` is ``Core/Thinking/strip``, the default, which
  /// leaves the addresses of answers what they were.
  public var thinking: Thinking?

  public init() {}
}
