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

  /// One token from softmax(logits / temperature), cut to its likeliest tokens by top-k, then top-p,
  /// then min-p: the order of transformers, each on what the one before left.
  ///
  /// Takes exactly one number from `stream`, none at temperature 0.
  ///
  /// - Returns: ``nothing`` where a logit is no finite number: nothing can be drawn then.
  mutating func next(
    _ logits: UnsafePointer<Float>, from stream: inout RandomStream
  ) -> Int32 {
    guard areFinite(logits) else { return Self.nothing }
    if options.temperature <= 0 { return argmax(logits) }
    var sum: Float = 0
    askew_exponentials(
      logits, &weights, weights.count, Float(1 / options.temperature), &sum)
    let point = stream.uniform()
    return options.cutsTokens
      ? likeliest(point, total: Double(sum)) : scan(point * Double(sum))
  }

  /// No token.
  static let nothing: Int32 = -1

  /// By all bits of the exponent, without a branch an element.
  private func areFinite(_ logits: UnsafePointer<Float>) -> Bool {
    var found = false
    for i in weights.indices {
      found = (logits[i].bitPattern & 0x7fff_ffff >= 0x7f80_0000) || found
    }
    return !found
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

  /// Of the kept tokens one; ties are ordered by token id.
  private mutating func likeliest(_ point: Double, total: Double) -> Int32 {
    gather(total)
    let limit = options.topK > 0 ? min(options.topK, order.count) : order.count
    let whole = options.topK > 0 ? sum(limit) : total
    var kept = 0
    var share = 0.0
    while kept < limit, options.topP >= 1 || share < options.topP * whole {
      let weight = weights[Int(order[kept])]
      // Weights are relative to the likeliest token's, 1.
      if weight < Float(options.minP) { break }
      share += Double(weight)
      kept += 1
    }
    var cumulated = 0.0
    for token in order.prefix(kept) {
      cumulated += Double(weights[Int(token)])
      if cumulated > point * share { return token }
    }
    return order[max(0, kept - 1)]
  }

  /// The likeliest tokens in their order: all that top-k and top-p can keep, and not many more, since
  /// sorting a vocabulary of 150,000 would take longer than a model's step.
  private mutating func gather(_ total: Double) {
    var masses = [Double](repeating: 0, count: 128)
    var counts = [Int](repeating: 0, count: 128)
    // By powers of two: weights are at most 1, whose exponent is 127.
    for weight in weights {
      let exponent = min(127, Int(weight.bitPattern >> 23))
      masses[exponent] += Double(weight)
      counts[exponent] += 1
    }
    var (mass, count, exponent) = (0.0, 0, 128)
    while exponent > 1 {
      exponent -= 1
      mass += masses[exponent]
      count += counts[exponent]
      if options.topK > 0 ? count >= options.topK : mass > options.topP * total { break }
    }
    let least = options.topK > 0 || options.topP < 1 ? UInt32(exponent) << 23 : 1
    order.removeAll(keepingCapacity: true)
    for i in weights.indices where weights[i].bitPattern >= least { order.append(Int32(i)) }
    order.sort { (weights[Int($1)], $0) < (weights[Int($0)], $1) }
  }

  private func sum(_ count: Int) -> Double {
    order.prefix(count).reduce(0) { $0 + Double(weights[Int($1)]) }
  }
}
