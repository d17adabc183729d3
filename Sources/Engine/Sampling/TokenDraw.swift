import CKernels
import Core

/// Draws tokens from rows of logits. One worker's; it keeps its scratch.
struct TokenDraw {
  private var weights: [Float]
  private var order: [Int32] = []
  private let options: SamplingOptions

  init(vocabulary: Int, options: SamplingOptions) {
    weights = Array(repeating: 0, count: vocabulary)
    self.options = options
  }

  /// One token from softmax(logits / temperature), cut to its nucleus.
  ///
  /// Takes exactly one number from `stream`, none at temperature 0.
  mutating func next(
    _ logits: UnsafePointer<Float>, from stream: inout RandomStream
  ) -> Int32 {
    if options.temperature <= 0 { return argmax(logits) }
    var sum: Float = 0
    askew_exponentials(
      logits, &weights, weights.count, Float(1 / options.temperature), &sum)
    let point = stream.uniform()
    return options.topP < 1
      ? nucleus(point, total: Double(sum)) : scan(point * Double(sum))
  }

  private func argmax(_ logits: UnsafePointer<Float>) -> Int32 {
    var best = 0
    for i in 1..<weights.count where logits[i] > logits[best] { best = i }
    return Int32(best)
  }

  private func scan(_ target: Double) -> Int32 {
    var cumulated = 0.0
    var last = 0
    for i in weights.indices where weights[i] > 0 {
      cumulated += Double(weights[i])
      if cumulated > target { return Int32(i) }
      last = i
    }
    return Int32(last)
  }

  /// The smallest set of likeliest tokens whose share reaches `topP`; ties by token id.
  private mutating func nucleus(_ point: Double, total: Double) -> Int32 {
    order = (0..<Int32(weights.count)).sorted {
      (weights[Int($1)], $0) < (weights[Int($0)], $1)
    }
    var kept = 0
    var share = 0.0
    while kept < order.count, share < options.topP * total {
      share += Double(weights[Int(order[kept])])
      kept += 1
    }
    var cumulated = 0.0
    for token in order.prefix(kept) {
      cumulated += Double(weights[Int(token)])
      if cumulated > point * share { return token }
    }
    return order[max(0, kept - 1)]
  }
}
