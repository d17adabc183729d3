import Foundation

/// Naive double-precision versions of the kernels: one obvious loop each, for comparison and for
/// numerical derivatives.
enum Reference {
  static func rmsnorm(_ x: [Double], _ w: [Double], rows: Int, eps: Double) -> [Double] {
    let width = w.count
    return (0..<rows).flatMap { t in
      let row = x[t * width..<(t + 1) * width]
      let mean = row.reduce(0) { $0 + $1 * $1 } / Double(width)
      return zip(row, w).map { $0 * $1 / (mean + eps).squareRoot() }
    }
  }

  static func swiglu(_ x: [Double], rows: Int, width: Int) -> [Double] {
    (0..<rows).flatMap { t in
      (0..<width).map { f in
        let gate = x[t * 2 * width + f]
        return gate / (1 + exp(-gate)) * x[t * 2 * width + width + f]
      }
    }
  }

  /// Causal attention over one sequence; qkv [T, (H + 2·KV)·D], result [T, H·D]. A query meets
  /// itself and the `window` − 1 keys before it.
  static func attention(
    _ qkv: [Double], tokens: Int, heads: Int, keyValueHeads: Int, size: Int, window: Int = .max
  ) -> (out: [Double], lse: [Double]) {
    let row = (heads + 2 * keyValueHeads) * size
    var out = Array(repeating: 0.0, count: tokens * heads * size)
    var lse = Array(repeating: 0.0, count: heads * tokens)
    for h in 0..<heads {
      let key = (heads + h / (heads / keyValueHeads)) * size
      let value = key + keyValueHeads * size
      for t in 0..<tokens {
        let first = t >= window ? t - window + 1 : 0
        let scores = (first...t).map { s in
          (0..<size).reduce(0) { $0 + qkv[t * row + h * size + $1] * qkv[s * row + key + $1] }
            / Double(size).squareRoot()
        }
        let top = scores.max() ?? 0
        let sum = scores.reduce(0) { $0 + exp($1 - top) }
        lse[h * tokens + t] = top + log(sum)
        for (s, score) in scores.enumerated() {
          let p = exp(score - top) / sum
          for d in 0..<size {
            out[t * heads * size + h * size + d] += p * qkv[(first + s) * row + value + d]
          }
        }
      }
    }
    return (out, lse)
  }

  /// Rotates pairs (i, i + D/2) of every head by t · base^(−2i/D).
  static func rope(
    _ x: [Double], positions: [Int], row: Int, heads: Int, size: Int, base: Double
  ) -> [Double] {
    var y = x
    for (t, position) in positions.enumerated() {
      for h in 0..<heads {
        for i in 0..<size / 2 {
          let angle = Double(position) * pow(base, -2 * Double(i) / Double(size))
          let at = t * row + h * size + i
          y[at] = x[at] * cos(angle) - x[at + size / 2] * sin(angle)
          y[at + size / 2] = x[at + size / 2] * cos(angle) + x[at] * sin(angle)
        }
      }
    }
    return y
  }

  /// RMSNorm of each of the first `heads` heads in rows of `row` numbers.
  static func headNorm(
    _ x: [Double], _ w: [Double], rows: Int, row: Int, heads: Int, eps: Double
  ) -> [Double] {
    var y = x
    let size = w.count
    for t in 0..<rows {
      for h in 0..<heads {
        let range = t * row + h * size..<t * row + (h + 1) * size
        y.replaceSubrange(range, with: rmsnorm(Array(x[range]), w, rows: 1, eps: eps))
      }
    }
    return y
  }

  /// −log softmax(logits)[target] per row; 0 where the target is negative.
  static func crossEntropy(_ logits: [Double], targets: [Int32], vocabulary: Int) -> [Double] {
    targets.enumerated().map { p, target in
      if target < 0 { return 0 }
      let row = logits[p * vocabulary..<(p + 1) * vocabulary]
      let top = row.max() ?? 0
      return top + log(row.reduce(0) { $0 + exp($1 - top) }) - row[row.startIndex + Int(target)]
    }
  }

  static func logSoftmax(_ row: ArraySlice<Double>) -> [Double] {
    let top = row.max() ?? 0
    let sum = row.reduce(0) { $0 + exp($1 - top) }
    return row.map { $0 - top - log(sum) }
  }

  /// KL(softmax(reference) ‖ softmax(logits)) per row; 0 where the target is negative.
  static func divergence(
    _ logits: [Double], from reference: [Double], targets: [Int32], vocabulary: Int
  ) -> [Double] {
    targets.enumerated().map { p, target in
      if target < 0 { return 0 }
      let row = p * vocabulary..<(p + 1) * vocabulary
      return zip(logSoftmax(reference[row]), logSoftmax(logits[row])).reduce(0) {
        $0 + exp($1.0) * ($1.0 - $1.1)
      }
    }
  }

  /// ∂f/∂x at every element, or at `elements`, by central differences.
  static func gradient(
    at x: [Double], elements: [Int]? = nil, step: Double = 1e-5, _ f: ([Double]) -> Double
  ) -> [Double] {
    (elements ?? Array(x.indices)).map { i in
      var (above, below) = (x, x)
      above[i] += step
      below[i] -= step
      return (f(above) - f(below)) / (2 * step)
    }
  }

  static func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }
}

extension [Float] {
  var doubles: [Double] { map(Double.init) }
}
