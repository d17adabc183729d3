import Core

/// How tokens are drawn. Nothing is applied that is not said here.
package struct SamplingOptions: Sendable, Hashable, Codable {
  /// 0: the likeliest token, the first of equals.
  package var temperature = 1.0
  /// Nucleus sampling (Holtzman et al., arXiv 1904.09751): the likeliest tokens up to this share;
  /// 1: all.
  package var topP = 1.0
  /// Only the likeliest tokens, at most this many; 0: all.
  package var topK = 0
  /// Only tokens at least this share as likely as the likeliest (Nguyen et al., arXiv 2407.01082);
  /// 0: all.
  package var minP = 0.0
  /// 0: every answer is empty.
  package var maximumTokens: Int
  /// Tokens that end an answer; they are not part of it.
  package var stopTokens: [Int32]

  package init(maximumTokens: Int, stopTokens: [Int32]) {
    self.maximumTokens = maximumTokens
    self.stopTokens = stopTokens
  }

  /// Whether some tokens are never drawn.
  var cutsTokens: Bool { topP < 1 || topK > 0 || minP > 0 }
}

/// A prompt and the random streams of the answers wanted to it, one an answer.
package struct Prompt: Sendable {
  /// At least one token.
  package var tokens: [Int32]
  package var streams: [RandomStream]

  package init(tokens: [Int32], streams: [RandomStream]) {
    self.tokens = tokens
    self.streams = streams
  }
}

/// One sampled answer.
package struct SampledAnswer: Sendable, Hashable {
  package enum Finish: String, Sendable, Hashable, Codable {
    case stop, length
    /// The model's own numbers are not finite: what was said before may be right, and no more comes.
    case notFinite
  }

  /// Index into the prompts.
  package var prompt: Int
  /// Index into the prompt's streams.
  package var sample: Int
  /// Without the stop token.
  package var tokens: [Int32]
  package var finish: Finish
}
