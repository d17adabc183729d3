import Core

/// How tokens are drawn. Nothing is applied that is not said here.
public struct SamplingOptions: Sendable, Hashable, Codable {
  /// 0: the likeliest token, the first of equals.
  public var temperature = 1.0
  /// Nucleus sampling (Holtzman et al., arXiv 1904.09751): the likeliest tokens up to this share;
  /// 1: all.
  public var topP = 1.0
  /// Only the likeliest tokens, at most this many; 0: all.
  public var topK = 0
  /// Only tokens at least this share as likely as the likeliest (Nguyen et al., arXiv 2407.01082);
  /// 0: all.
  public var minP = 0.0
  /// 0: every answer is empty.
  public var maximumTokens: Int
  /// Tokens that end an answer; they are not part of it.
  public var stopTokens: [Int32]

  public init(maximumTokens: Int, stopTokens: [Int32]) {
    self.maximumTokens = maximumTokens
    self.stopTokens = stopTokens
  }

  /// Whether some tokens are never drawn.
  var cutsTokens: Bool { topP < 1 || topK > 0 || minP > 0 }
}

/// A prompt and the random streams of the answers wanted to it, one an answer.
public struct Prompt: Sendable {
  /// At least one token.
  public var tokens: [Int32]
  public var streams: [RandomStream]

  public init(tokens: [Int32], streams: [RandomStream]) {
    self.tokens = tokens
    self.streams = streams
  }
}

/// One sampled answer.
public struct SampledAnswer: Sendable, Hashable {
  public enum Finish: String, Sendable, Hashable, Codable {
    case stop, length
    /// The model's own numbers are not finite: what was said before may be right, and no more comes.
    case notFinite
  }

  /// Index into the prompts.
  public var prompt: Int
  /// Index into the prompt's streams.
  public var sample: Int
  /// Without the stop token.
  public var tokens: [Int32]
  public var finish: Finish
}
