import Engine

/// A linear function of the residual stream, token by token, and how an answer's logits become one number.
///
/// z_t = w · h_t + b at the answer's tokens; of `exchange` parts v · h_p comes to it, h_p the stream where the question
/// ends. What comes of all tokens up to one is the same whether an answer is read whole or as it grows.
package struct Readout: Sendable, Hashable {
  /// `[site × channel]`.
  package var token: [Float]
  /// The same where the question ends; empty: it is not read.
  package var prompt: [Float]
  package var bias: Double
  package var pool: GuardPart.Pool
  package var window: Int

  package init(
    token: [Float], prompt: [Float] = [], bias: Double, pool: GuardPart.Pool, window: Int
  ) {
    precondition(window > 0, "a window has a token at least")
    // As files keep it, so that a guard scores alike before and after it was written.
    (self.token, self.prompt, self.bias) = (token, prompt, Double(Float(bias)))
    (self.pool, self.window) = (pool, window)
  }

  /// - Parameter tokens: where the question ends, then the answer's.
  /// - Returns: what is known behind each token of the answer, `[token]`.
  package func course(_ tokens: TokenActivations) -> [Double] {
    let opening = prompt.isEmpty ? bias : bias + Self.dot(prompt, tokens[0])
    var pooled = PooledLogit(pool, window: window)
    return (1..<max(1, tokens.tokenCount)).map {
      pooled.take(opening + (token.isEmpty ? 0 : Self.dot(token, tokens[$0])))
    }
  }

  static func dot(_ weights: [Float], _ values: ArraySlice<Float>) -> Double {
    weights.withUnsafeBufferPointer { weights in
      values.withUnsafeBufferPointer { values in
        var sum = 0.0
        for i in weights.indices { sum += Double(weights[i]) * Double(values[i]) }
        return sum
      }
    }
  }
}

/// The logits of an answer's tokens as they come, and what they are together so far.
///
/// A window holds the tokens that are there: the mean of the first three is over three, not over the window with zeros.
package struct PooledLogit: Sendable {
  private let pool: GuardPart.Pool
  private let window: Int
  private var kept: [Double] = []
  private var sum = 0.0
  private var count = 0
  private var greatest = -Double.infinity
  // Σ eᶻ⁻ᵐ and Σ eᶻ⁻ᵐ z.
  private var weight = 0.0
  private var weighted = 0.0

  package init(_ pool: GuardPart.Pool, window: Int) { (self.pool, self.window) = (pool, window) }

  /// - Returns: of all tokens so far.
  package mutating func take(_ logit: Double) -> Double {
    count += 1
    switch pool {
    case .last: return logit
    case .mean:
      sum += logit
      return sum / Double(count)
    case .max:
      greatest = Swift.max(greatest, logit)
      return greatest
    case .rolling:
      kept.append(logit)
      if kept.count > window { kept.removeFirst() }
      greatest = Swift.max(greatest, kept.reduce(0, +) / Double(kept.count))
      return greatest
    case .softmax:
      let above = Swift.max(greatest, logit)
      let shrink = greatest == -.infinity ? 0 : exponential(greatest - above)
      weight = weight * shrink + exponential(logit - above)
      weighted = weighted * shrink + exponential(logit - above) * logit
      greatest = above
      return weighted / weight
    }
  }
}
