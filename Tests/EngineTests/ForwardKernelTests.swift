import CKernels
import Engine
import Formats
import Foundation
import Testing

/// Forward kernels against the naive references, in each instruction set and precision.
///
/// Bounds: a result is one rounding to its type away from sums in 32 bits. Those are off by at most
/// a few roundoffs of 2⁻²⁴ for every doubling of the number of terms; 2e-6 of the largest result
/// covers them, and the type's own roundoff comes on top.
@Suite("Forward kernels")
struct ForwardKernelTests {
  private func expectRounded(
    _ actual: [Float], _ expected: [Double], _ precision: Precision, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let largest = expected.map(abs).max() ?? 0
    expectClose(
      actual, expected, absolute: 2e-6 * max(largest, 1e-3),
      relative: Operands.roundoff(precision), "\(what) \(precision)",
      sourceLocation: sourceLocation)
  }

  @Test("RMSNorm", arguments: [(1, 1), (3, 5), (2, 8), (5, 31), (4, 48), (3, 193)])
  func rmsnorm(rows: Int, width: Int) {
    var numbers = Numbers("rmsnorm \(rows) \(width)")
    let (x, w) = (numbers.normal(rows * width, scale: 3), numbers.normal(width))
    let expected = Reference.rmsnorm(x.doubles, w.doubles, rows: rows, eps: 1e-5)
    let rstds = (0..<rows).map { t in
      1
        / (x.doubles[t * width..<(t + 1) * width].reduce(0) { $0 + $1 * $1 } / Double(width)
        + 1e-5).squareRoot()
    }
    inEachInstructionSet { isa in
      for precision in Precision.allCases {
        var rstd: [Float] = []
        let y = operandResult(
          rows * width, precision,
          f32: { y in
            rstd = kernelResult(rows) { askew_rmsnorm_forward_f32(x, w, y, $0, rows, width, 1e-5) }
          },
          bf16: { y in
            rstd = kernelResult(rows) {
              askew_rmsnorm_forward_bf16(x, w, y, $0, rows, width, 1e-5)
            }
          })
        expectRounded(y, expected, precision, "y, \(isa)")
        expectRounded(rstd, rstds, .f32, "rstd, \(isa)")
      }
    }
  }

  @Test("SwiGLU", arguments: [(1, 1), (3, 7), (2, 16), (3, 53)])
  func swiglu(rows: Int, width: Int) {
    var numbers = Numbers("swiglu \(rows) \(width)")
    let raw = numbers.normal(rows * 2 * width, scale: 4)
    inEachInstructionSet { isa in
      for precision in Precision.allCases {
        let x = Operands.rounded(raw, precision)
        let y = operandResult(
          rows * width, precision, f32: { askew_swiglu_forward_f32(x, $0, rows, width) },
          bf16: { askew_swiglu_forward_bf16(halves(x), $0, rows, width) })
        expectRounded(
          y, Reference.swiglu(x.doubles, rows: rows, width: width), precision, isa)
      }
    }
  }

  @Test("SwiGLU of huge gates neither overflows nor turns into NaN")
  func swigluExtremes() {
    let x: [Float] = [100, -100, 1e4, -1e4, 0, 3, 3, 3, 3, 3]
    inEachInstructionSet { isa in
      let y = kernelResult(5) { askew_swiglu_forward_f32(x, $0, 1, 5) }
      #expect(y[0] == 300 && y[2] == 3e4 && y[4] == 0, "\(isa)")
      #expect(abs(y[1]) < 1e-30 && abs(y[3]) < 1e-30, "\(isa)")
    }
  }

  /// Around the blocks of 48 queries, 16 keys and 6 rows; one head, shared heads, odd sizes.
  static let attentionShapes = [
    [1, 1, 1, 2], [3, 2, 1, 6], [16, 2, 2, 16], [17, 4, 2, 16], [48, 2, 1, 32], [50, 6, 3, 20],
    [101, 3, 1, 33],
  ]

  @Test("Attention", arguments: attentionShapes, [1, 7, 16, 40, Int.max])
  func attention(shape: [Int], window: Int) {
    let (tokens, heads, kv, size) = (shape[0], shape[1], shape[2], shape[3])
    var numbers = Numbers("attention \(shape)")
    let qkv = numbers.normal(tokens * (heads + 2 * kv) * size, scale: 1.5)
    let expected = Reference.attention(
      qkv.doubles, tokens: tokens, heads: heads, keyValueHeads: kv, size: size, window: window)
    inEachInstructionSet { isa in
      for precision in Precision.allCases {
        var lse: [Float] = []
        // Workspace that holds NaN must not matter.
        var work = Array(repeating: Float.nan, count: askew_attention_work(tokens, size))
        let out = operandResult(
          tokens * heads * size, precision,
          f32: { out in
            lse = kernelResult(heads * tokens) {
              askew_attention_forward_f32(qkv, out, $0, &work, tokens, 0, heads, kv, size, window)
            }
          },
          bf16: { out in
            lse = kernelResult(heads * tokens) {
              askew_attention_forward_bf16(qkv, out, $0, &work, tokens, 0, heads, kv, size, window)
            }
          })
        expectRounded(out, expected.out, precision, "out, \(isa)")
        expectRounded(lse, expected.lse, .f32, "lse, \(isa)")
      }
    }
  }

  @Test(
    "Attention of one query against prefix and tail is the last row of attention over both",
    arguments: [
      [1, 0, 1, 1, 4], [1, 1, 2, 1, 6], [15, 2, 4, 2, 16], [16, 16, 2, 2, 32], [17, 33, 6, 3, 20],
      [5, 3, 2, 1, 600],
    ], [1, 4, 20, Int.max])
  func attentionDecode(shape: [Int], window: Int) {
    let (prefix, tail, heads, kv, size) = (shape[0], shape[1], shape[2], shape[3], shape[4])
    var numbers = Numbers("decode \(shape)")
    let (tokens, row) = (prefix + tail, (heads + 2 * kv) * size)
    let qkv = numbers.normal(tokens * row)
    let query = Array(qkv[(tokens - 1) * row..<(tokens - 1) * row + heads * size])
    inEachInstructionSet { isa in
      for precision in Precision.allCases {
        // The cache holds operands: the reference attends to keys and values rounded like them.
        let rounded = Operands.rounded(qkv, precision)
        let expected = Reference.attention(
          (Array(rounded.dropLast(row)) + query + rounded.suffix(row - query.count)).doubles,
          tokens: tokens, heads: heads, keyValueHeads: kv, size: size, window: window
        ).out.suffix(heads * size)
        let first = KeysAndValues(rounded, 0..<prefix, heads, kv, size)
        let second = KeysAndValues(rounded, prefix..<tokens, heads, kv, size)
        var work = Array(
          repeating: Float.nan, count: heads * (first.capacity + second.capacity) + size)
        let out = operandResult(
          heads * size, precision,
          f32: {
            askew_attention_decode_f32(
              query, first.keys, first.values, prefix, first.capacity, second.keys, second.values,
              tail, second.capacity, $0, &work, heads, kv, size, max(0, tokens - window))
          },
          bf16: {
            askew_attention_decode_bf16(
              query, halves(first.keys), halves(first.values), prefix, first.capacity,
              halves(second.keys), halves(second.values), tail, second.capacity, $0, &work, heads,
              kv, size, max(0, tokens - window))
          })
        expectRounded(out, Array(expected), precision, isa)
      }
    }
  }

  @Test("A cache is filled position by position in the layout that attention reads")
  func cacheStore() {
    let (count, heads, kv, size) = (37, 4, 2, 6)
    var numbers = Numbers("cache")
    let row = (heads + 2 * kv) * size
    let qkv = Operands.rounded(numbers.normal(count * row), .bf16)
    let expected = KeysAndValues(qkv, 0..<count, heads, kv, size)
    inEachInstructionSet { isa in
      var keys = expected.keys.map { _ in Float.nan }
      var values = keys
      var (keyHalves, valueHalves) = (halves(keys), halves(values))
      for t in 0..<count {
        let own = Array(qkv[(t * row + heads * size)..<((t + 1) * row)])
        let (k, v) = (Array(own.prefix(kv * size)), Array(own.suffix(kv * size)))
        askew_cache_store_f32(k, v, &keys, &values, t, expected.capacity, kv, size)
        askew_cache_store_bf16(k, v, &keyHalves, &valueHalves, t, expected.capacity, kv, size)
      }
      #expect(keys.map(\.bitPattern) == expected.keys.map(\.bitPattern), "\(isa)")
      #expect(values.map(\.bitPattern) == expected.values.map(\.bitPattern), "\(isa)")
      #expect(keyHalves == halves(expected.keys), "\(isa)")
      #expect(valueHalves == halves(expected.values), "\(isa)")
    }
  }

  /// Positions of a sequence in the layout of the cache.
  private struct KeysAndValues {
    var keys: [Float]
    var values: [Float]
    let capacity: Int

    init(_ qkv: [Float], _ range: Range<Int>, _ heads: Int, _ kv: Int, _ size: Int) {
      capacity = (max(1, range.count) + 15) / 16 * 16
      // What lies behind the last position is never looked at.
      keys = Array(repeating: .nan, count: kv * size * capacity)
      values = keys
      let row = (heads + 2 * kv) * size
      for (j, t) in range.enumerated() {
        for h in 0..<kv {
          for d in 0..<size {
            let at = h * size * capacity + (j / 16 * size + d) * 16 + j % 16
            keys[at] = qkv[t * row + (heads + h) * size + d]
            values[(h * capacity + j) * size + d] = qkv[t * row + (heads + kv + h) * size + d]
          }
        }
      }
    }
  }

  @Test("Cross-entropy and its gradient", arguments: [(1, 1), (3, 2), (5, 17), (4, 64), (2, 199)])
  func crossEntropy(rows: Int, vocabulary: Int) {
    var numbers = Numbers("cross-entropy \(rows) \(vocabulary)")
    let logits = numbers.normal(rows * vocabulary, scale: 5)
    var targets = numbers.tokens(rows, below: vocabulary)
    if rows > 1 { targets[1] = -1 }
    let expected = Reference.crossEntropy(
      logits.doubles, targets: targets, vocabulary: vocabulary)
    let gradient = Reference.gradient(at: logits.doubles) {
      0.25 * Reference.crossEntropy($0, targets: targets, vocabulary: vocabulary).reduce(0, +)
    }
    inEachInstructionSet { isa in
      for precision in Precision.allCases {
        var losses: [Float] = []
        let dlogits = operandResult(
          logits.count, precision,
          f32: { d in
            losses = kernelResult(rows) {
              askew_cross_entropy_f32(logits, targets, d, $0, rows, vocabulary, 0.25)
            }
          },
          bf16: { d in
            losses = kernelResult(rows) {
              askew_cross_entropy_bf16(logits, targets, d, $0, rows, vocabulary, 0.25)
            }
          })
        // A loss is a difference of numbers as large as the logits, the gradient of a target a
        // difference from 1: small ones carry the roundoff of the large.
        let largest = logits.doubles.map(abs).max() ?? 0
        expectClose(losses, expected, absolute: 0x1p-22 * (1 + largest), "losses, \(isa)")
        expectClose(
          dlogits, gradient, absolute: 0x1p-22 * 0.25, relative: Operands.roundoff(precision),
          "gradient, \(isa)")
      }
    }
  }
}
