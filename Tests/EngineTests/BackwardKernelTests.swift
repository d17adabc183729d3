import CKernels
import Engine
import Formats
import Foundation
import Testing

/// Backward kernels against central differences of the naive forward ones, in double precision:
/// no derivative is written down a second time.
///
/// The differences are exact to about 1e-9, so the bound is the kernels' own: sums in 32 bits, 5e-6
/// of the largest gradient, and one rounding to the result's type.
@Suite("Backward kernels")
struct BackwardKernelTests {
  private func expectGradient(
    _ actual: [Float], _ expected: [Double], _ precision: Precision = .f32, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let largest = expected.map(abs).max() ?? 0
    expectClose(
      actual, expected, absolute: 5e-6 * largest + 1e-8, relative: Operands.roundoff(precision),
      "\(what) \(precision)", sourceLocation: sourceLocation)
  }

  @Test("RMSNorm", arguments: [(1, 1), (3, 5), (2, 16), (3, 53)])
  func rmsnorm(rows: Int, width: Int) {
    var numbers = Numbers("rmsnorm backward \(rows) \(width)")
    let count = rows * width
    let (x, w, dy) = (numbers.normal(count), numbers.normal(width), numbers.normal(count))
    let (before, dwBefore) = (numbers.normal(count), numbers.normal(width))
    func output(_ x: [Double], _ w: [Double]) -> Double {
      Reference.dot(Reference.rmsnorm(x, w, rows: rows, eps: 1e-5), dy.doubles)
    }
    // Both results are added to what stands there.
    let dx = zip(Reference.gradient(at: x.doubles) { output($0, w.doubles) }, before.doubles)
      .map(+)
    let dw = zip(Reference.gradient(at: w.doubles) { output(x.doubles, $0) }, dwBefore.doubles)
      .map(+)
    inEachInstructionSet { isa in
      var y = Array(repeating: Float(0), count: count)
      let rstd = kernelResult(rows) { askew_rmsnorm_forward_f32(x, w, &y, $0, rows, width, 1e-5) }
      for precision in Precision.allCases {
        var (dxResult, dwResult): ([Float], [Float]) = ([], [])
        let operand = operandResult(
          count, precision,
          f32: { operand in
            dxResult = kernelResult(count, from: before) { dx in
              dwResult = kernelResult(width, from: dwBefore) {
                askew_rmsnorm_backward_f32(dy, x, w, rstd, dx, operand, $0, rows, width)
              }
            }
          },
          bf16: { operand in
            dxResult = kernelResult(count, from: before) { dx in
              dwResult = kernelResult(width, from: dwBefore) {
                askew_rmsnorm_backward_bf16(dy, x, w, rstd, dx, operand, $0, rows, width)
              }
            }
          })
        expectGradient(dxResult, dx, .f32, "dx, \(isa)")
        expectGradient(dwResult, dw, .f32, "dw, \(isa)")
        #expect(operand == Operands.rounded(dxResult, precision), "\(isa)")
        let alone = kernelResult(count, from: before) {
          askew_rmsnorm_backward_bf16(dy, x, w, rstd, $0, nil, nil, rows, width)
        }
        #expect(alone == dxResult, "without the optional results, \(isa)")
      }
    }
  }

  @Test("SwiGLU", arguments: [(1, 1), (3, 7), (2, 33)])
  func swiglu(rows: Int, width: Int) {
    var numbers = Numbers("swiglu backward \(rows) \(width)")
    let (raw, rawGradient) = (
      numbers.normal(rows * 2 * width, scale: 2), numbers.normal(rows * width)
    )
    inEachInstructionSet { isa in
      for precision in Precision.allCases {
        let (x, dy) = (
          Operands.rounded(raw, precision), Operands.rounded(rawGradient, precision)
        )
        let expected = Reference.gradient(at: x.doubles) {
          Reference.dot(Reference.swiglu($0, rows: rows, width: width), dy.doubles)
        }
        let actual = operandResult(
          x.count, precision, f32: { askew_swiglu_backward_f32(x, dy, $0, rows, width) },
          bf16: { askew_swiglu_backward_bf16(halves(x), halves(dy), $0, rows, width) })
        expectGradient(actual, expected, precision, isa)
      }
    }
  }

  @Test(
    "Attention",
    arguments: [[1, 1, 1, 2], [3, 2, 1, 6], [17, 2, 1, 4], [49, 2, 2, 2], [50, 3, 1, 33]],
    [1, 5, 16, 33, Int.max])
  func attention(shape: [Int], window: Int) {
    let (tokens, heads, kv, size) = (shape[0], shape[1], shape[2], shape[3])
    var numbers = Numbers("attention backward \(shape)")
    let qkv = numbers.normal(tokens * (heads + 2 * kv) * size)
    let dout = numbers.normal(tokens * heads * size)
    let lse = Reference.attention(
      qkv.doubles, tokens: tokens, heads: heads, keyValueHeads: kv, size: size, window: window
    ).lse.map { Float($0) }
    // All elements where they are few, sixty chosen ones otherwise.
    let elements =
      qkv.count <= 200 ? Array(qkv.indices) : (0..<60).map { _ in numbers.stream.below(qkv.count) }
    let expected = Reference.gradient(at: qkv.doubles, elements: elements) {
      Reference.dot(
        Reference.attention(
          $0, tokens: tokens, heads: heads, keyValueHeads: kv, size: size, window: window
        ).out,
        dout.doubles)
    }
    inEachInstructionSet { isa in
      var work = Array(repeating: Float.nan, count: askew_attention_work(tokens, size))
      let actual = kernelResult(qkv.count) {
        askew_attention_backward(qkv, dout, lse, $0, &work, tokens, 0, heads, kv, size, window)
      }
      expectGradient(elements.map { actual[$0] }, expected, .f32, isa)
      #expect(actual.allSatisfy { $0.isFinite })
    }
  }

  @Test("Rotary positions: the gradient is turned back")
  func rope() {
    var numbers = Numbers("rope backward")
    let (rows, heads, size) = (4, 2, 6)
    let row = heads * size
    let (x, dy) = (numbers.normal(rows * row), numbers.normal(rows * row))
    let expected = Reference.gradient(at: x.doubles) {
      Reference.dot(
        Reference.rope(
          $0, positions: Array(0..<rows), row: row, heads: heads, size: size, base: 100),
        dy.doubles)
    }
    let angles = (0..<rows).flatMap { t in
      (0..<size / 2).map { Double(t) * pow(100, -2 * Double($0) / Double(size)) }
    }
    inEachInstructionSet { isa in
      let actual = kernelResult(x.count, from: dy) {
        askew_rope(
          $0, (0..<rows).map(Int32.init), angles.map { Float(cos($0)) },
          angles.map { Float(sin($0)) }, rows, row, heads, size, -1)
      }
      expectGradient(actual, expected, .f32, isa)
    }
  }

  @Test("Head norm", arguments: [(1, 1, 2), (3, 2, 6), (2, 2, 33)])
  func headNorm(rows: Int, heads: Int, size: Int) {
    var numbers = Numbers("head norm backward \(rows) \(heads) \(size)")
    let row = heads * size
    let (x, w, dy) = (
      numbers.normal(rows * row), numbers.normal(size), numbers.normal(rows * row)
    )
    let dwBefore = numbers.normal(size)
    func output(_ x: [Double], _ w: [Double]) -> Double {
      Reference.dot(
        Reference.headNorm(x, w, rows: rows, row: row, heads: heads, eps: 1e-6), dy.doubles)
    }
    let dx = Reference.gradient(at: x.doubles) { output($0, w.doubles) }
    let dw = zip(Reference.gradient(at: w.doubles) { output(x.doubles, $0) }, dwBefore.doubles)
      .map(+)
    inEachInstructionSet { isa in
      var saved = Array(repeating: Float(0), count: x.count)
      var y = x
      let rstd = kernelResult(rows * heads) {
        askew_head_norm_forward(&y, w, &saved, $0, rows, row, heads, size, 1e-6)
      }
      var dwResult: [Float] = []
      let actual = kernelResult(x.count, from: dy) { d in
        dwResult = kernelResult(size, from: dwBefore) {
          askew_head_norm_backward(d, saved, w, rstd, $0, rows, row, heads, size)
        }
      }
      expectGradient(actual, dx, .f32, "dx, \(isa)")
      expectGradient(dwResult, dw, .f32, "dw, \(isa)")
      let alone = kernelResult(x.count, from: dy) {
        askew_head_norm_backward($0, saved, w, rstd, nil, rows, row, heads, size)
      }
      #expect(alone == actual, "without dw, \(isa)")
    }
  }
}
