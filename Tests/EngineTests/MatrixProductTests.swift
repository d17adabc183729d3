import CKernels
import Engine
import Formats
import Testing

/// The shim around oneDNN against three loops.
@Suite("Matrix products")
struct MatrixProductTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var m: Int, n: Int, k: Int
    var transposedA = false
    var transposedB = false
    /// Numbers between the rows of each matrix that belong to nobody.
    var gap = 0
    var testDescription: String {
      "\(m)×\(k)\(transposedA ? "ᵀ" : "") · \(k)×\(n)\(transposedB ? "ᵀ" : "") gap \(gap)"
    }
  }

  static let cases: [Case] = [(1, 1, 1), (1, 5, 3), (5, 1, 3), (4, 4, 1), (7, 13, 9), (33, 17, 50)]
    .flatMap { m, n, k in
      [(false, false), (false, true), (true, false), (true, true)].flatMap { ta, tb in
        [0, 3].map { Case(m: m, n: n, k: k, transposedA: ta, transposedB: tb, gap: $0) }
      }
    }

  @Test("Transposes, strides, adding, both precisions and both results", arguments: cases)
  func product(_ c: Case) {
    var numbers = Numbers("product \(c.testDescription)")
    // Rows of the stored matrices: a is [m, k] or [k, m].
    let (aWidth, aRows) = c.transposedA ? (c.m, c.k) : (c.k, c.m)
    let (bWidth, bRows) = c.transposedB ? (c.k, c.n) : (c.n, c.k)
    let (aStride, bStride, cStride) = (aWidth + c.gap, bWidth + c.gap, c.n + c.gap)
    let rawA = numbers.normal(aRows * aStride), rawB = numbers.normal(bRows * bStride)
    let start = numbers.normal(c.m * cStride)
    for precision in precisions {
      let a = Operands.rounded(rawA, precision), b = Operands.rounded(rawB, precision)
      for result in precision == .f32 ? [Precision.f32] : [.f32, .bf16] {
        for accumulate in [false, true] {
          let before = Operands.rounded(start, result)
          var shape = askew_matmul_shape(
            m: Int64(c.m), n: Int64(c.n), k: Int64(c.k),
            a_row: Int64(c.transposedA ? 1 : aStride), a_col: Int64(c.transposedA ? aStride : 1),
            b_row: Int64(c.transposedB ? 1 : bStride), b_col: Int64(c.transposedB ? bStride : 1),
            c_row: Int64(cStride), operand_type: precision == .f32 ? 0 : 1,
            result_type: result == .f32 ? 0 : 1, accumulate: accumulate ? 1 : 0, b_packed: 0)
          let actual = run(&shape, a, b, before, precision, result)
          var (expected, got): ([Double], [Float]) = ([], [])
          var size = 0.0
          for i in 0..<c.m {
            for j in 0..<c.n {
              var sum = accumulate ? Double(before[i * cStride + j]) : 0
              for l in 0..<c.k {
                let left = a[c.transposedA ? l * aStride + i : i * aStride + l]
                let right = b[c.transposedB ? j * bStride + l : l * bStride + j]
                sum += Double(left) * Double(right)
                size += abs(Double(left) * Double(right))
              }
              expected.append(sum)
              got.append(actual[i * cStride + j])
            }
          }
          // Sums in 32 bits, then one rounding to the result.
          expectClose(
            got, expected, absolute: 1e-6 * (1 + size / Double(c.m * c.n)),
            relative: Operands.roundoff(result), "\(precision) → \(result), add \(accumulate)")
          for i in 0..<c.m {
            for j in c.n..<cStride {
              #expect(actual[i * cStride + j] == before[i * cStride + j], "wrote between the rows")
            }
          }
        }
      }
    }
  }

  private func run(
    _ shape: inout askew_matmul_shape, _ a: [Float], _ b: [Float], _ before: [Float],
    _ precision: Precision, _ result: Precision
  ) -> [Float] {
    func call(_ c: UnsafeMutableRawPointer) {
      let status =
        precision == .f32
        ? askew_matmul(&shape, a, b, c) : askew_matmul(&shape, halves(a), halves(b), c)
      #expect(status == 0)
    }
    if result == .f32 {
      var memory = before
      call(&memory)
      return memory
    }
    var memory = halves(before)
    call(&memory)
    return memory.map { BFloat16.float(bits: $0) }
  }

  @Test("More shapes than the cache's first size keep their own primitives")
  func manyShapes() {
    for pass in 0..<2 {
      for n in 1...200 {
        var shape = askew_matmul_shape(
          m: 1, n: Int64(n), k: 1, a_row: 1, a_col: 1, b_row: Int64(n), b_col: 1,
          c_row: Int64(n), operand_type: 0, result_type: 0, accumulate: 0, b_packed: 0)
        let (a, b): ([Float], [Float]) = ([2], Array(repeating: 3, count: n))
        var c = Array(repeating: Float.nan, count: n)
        #expect(askew_matmul(&shape, a, b, &c) == 0)
        #expect(c.allSatisfy { $0 == 6 }, "pass \(pass), n \(n)")
      }
    }
  }
}
