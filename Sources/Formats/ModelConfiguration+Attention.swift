/// How Llama 3 stretches RoPE beyond the length that a model was first trained on: slow rotations
/// are slowed further, fast ones stay (`rope_type` "llama3" of Hugging Face transformers).
package struct RopeScaling: Sendable, Hashable {
  /// What slow frequencies are divided by; at least 1.
  package var factor: Double
  /// A rotation with fewer than this many turns over the original length is slow.
  package var lowFrequencyFactor: Double
  /// One with more than this many turns is fast; above `lowFrequencyFactor`.
  package var highFrequencyFactor: Double
  /// The length of the first training, in tokens.
  package var originalPositionCount: Int

  package init(
    factor: Double, lowFrequencyFactor: Double, highFrequencyFactor: Double,
    originalPositionCount: Int
  ) {
    self.factor = factor
    self.lowFrequencyFactor = lowFrequencyFactor
    self.highFrequencyFactor = highFrequencyFactor
    self.originalPositionCount = originalPositionCount
  }

  /// The frequency that takes the place of `frequency`, both in radians per token.
  ///
  /// With t = original length · frequency / 2π turns: frequency / factor below the low factor,
  /// frequency itself above the high one, and between them the mixture
  /// (1 − s) · frequency / factor + s · frequency with s = (t − low) / (high − low).
  package func scaled(_ frequency: Double) -> Double {
    let turns = Double(originalPositionCount) * frequency / (2 * .pi)
    let share = (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor)
    let s = min(max(share, 0), 1)
    return (1 - s) * frequency / factor + s * frequency
  }
}

/// Blocks whose tokens see only the last few tokens before them.
package struct SlidingWindow: Sendable, Hashable {
  /// Tokens that a token sees, itself among them: position i sees i − size + 1 to i.
  package var size: Int
  /// Indices of the blocks that have the window, ascending; the others see everything before.
  package var layers: [Int]

  package init(size: Int, layers: [Int]) {
    self.size = size
    self.layers = layers
  }
}

extension ModelConfiguration {
  /// How many tokens a token sees in block `layer`, itself among them; `nil`: all before it.
  package func slidingWindow(layer: Int) -> Int? {
    guard let slidingWindow, slidingWindow.layers.contains(layer) else { return nil }
    return slidingWindow.size
  }
}
