import CKernels
import Engine
import Formats
import Foundation
import Testing

/// Casts, exponentials, sums and the optimiser: exact where exactness is promised.
@Suite("Plain kernels")
struct PlainKernelTests {
  /// Bit patterns of a float and of the bfloat16 that IEEE 754's round-to-nearest-even gives.
  static let roundings: [(UInt32, UInt16)] = [
    (0x3f80_0000, 0x3f80),  // 1
    (0x3f80_8000, 0x3f80),  // halfway between an even and an odd: down to the even
    (0x3f81_8000, 0x3f82),  // halfway between an odd and an even: up to the even
    (0x3f80_8001, 0x3f81),  // above halfway: up
    (0x3f80_7fff, 0x3f80),  // below halfway: down
    (0xbf81_8000, 0xbf82),  // the same of negative numbers
    (0x7f7f_ffff, 0x7f80),  // the largest float is nearer to infinity
    (0x7f80_0000, 0x7f80), (0xff80_0000, 0xff80),  // infinities
    (0x0000_0000, 0x0000), (0x8000_0000, 0x8000),  // zeros keep their sign
    (0x0000_8000, 0x0000), (0x0001_8000, 0x0002),  // subnormals round alike
    (0x7f80_0001, 0x7fc0), (0xffc0_1234, 0xffc0),  // NaN stays NaN, even with a small payload
  ]

  @Test("Casts to bfloat16 round to nearest even and keep NaN, at any place of a vector")
  func castRounding() {
    // 15 patterns: a vector of 16 sees each at another place every time round.
    let patterns = (0..<7).flatMap { _ in Self.roundings }
    let x = patterns.map { Float(bitPattern: $0.0) }
    inEachInstructionSet { isa in
      var y = Array(repeating: UInt16(0), count: x.count)
      askew_cast_bf16(x, &y, x.count, 1)
      #expect(y == patterns.map(\.1), "\(isa)")
      #expect(x.map { BFloat16.bits($0) } == patterns.map(\.1))
    }
  }

  @Test("Casts scale first", arguments: [0, 1, 7, 16, 33])
  func cast(count: Int) {
    var numbers = Numbers("cast \(count)")
    let x = numbers.normal(count)
    inEachInstructionSet { isa in
      let y = kernelResult(count) { askew_cast_f32(x, $0, count, 0.3) }
      #expect(y == x.map { $0 * 0.3 }, "\(isa)")
      let z = operandResult(
        count, .bf16, f32: { _ in }, bf16: { askew_cast_bf16(x, $0, count, 0.3) })
      #expect(z == x.map { BFloat16.float(bits: BFloat16.bits($0 * 0.3)) }, "\(isa)")
    }
  }

  @Test("Exponentials are within 2 units in the last place of the exact value")
  func exponentialError() {
    // The exact maximum, 0, comes first so that the argument is x itself.
    let count = 100_001
    let x = (0..<count).map { $0 == 0 ? Float(0) : -87 * Float($0) / Float(count) }
    inEachInstructionSet { isa in
      var sum: Float = 0
      let p = kernelResult(count) { askew_exponentials(x, $0, count, 1, &sum) }
      // First and last, a whole vector and a part of one.
      for x in [x, x.reversed()] {
        #expect(kernelResult(1) { askew_largest(x, count, $0) } == [0])
      }
      var worst = 0.0
      for (x, p) in zip(x, p) {
        let exact = Foundation.exp(Double(x))
        worst = max(worst, abs(Double(p) - exact) / Double(Float(exact).ulp))
      }
      #expect(worst < 2, "\(isa)")
      #expect(p[0] == 1)
      let total = p.reduce(0.0) { $0 + Double($1) }
      #expect(abs(Double(sum) - total) < 1e-5 * total, "\(isa)")
    }
  }

  @Test("Exponentials: temperature, lengths, in place, extremes", arguments: [1, 5, 16, 47])
  func exponentials(count: Int) {
    var numbers = Numbers("exponentials \(count)")
    let x = numbers.normal(count, scale: 10)
    let top = Double(x.max() ?? 0)
    inEachInstructionSet { isa in
      var sum: Float = 0
      let p = kernelResult(count, from: x) { askew_exponentials($0, $0, count, 0.5, &sum) }
      expectClose(
        p, x.map { Foundation.exp((Double($0) - top) / 2) }, absolute: 1e-30, relative: 5e-6, isa)
      // Far below the largest nothing is left; never a denormal, never NaN.
      let far = kernelResult(3) { askew_exponentials([0, -1e30, -.infinity], $0, 3, 1, &sum) }
      #expect(far[0] == 1 && far[1] < 1.3e-38 && far[2] < 1.3e-38, "\(isa)")
      let poisoned = kernelResult(2) { askew_exponentials([0, .nan], $0, 2, 1, &sum) }
      #expect(poisoned[1].isNaN && sum.isNaN, "\(isa)")
    }
  }

  @Test("A NaN or an infinity among the logits makes the loss a NaN, in any place")
  func crossEntropyOfNaN() {
    inEachInstructionSet { isa in
      for bad in [Float.nan, .infinity] {
        for place in [0, 3, 15, 16, 20] {
          var logits = Array(repeating: Float(0.5), count: 21)
          logits[place] = bad
          var loss: [Float] = []
          _ = kernelResult(21) { d in
            loss = kernelResult(1) { askew_cross_entropy_f32(logits, [2], d, $0, 1, 21, 1) }
          }
          #expect(loss[0].isNaN, "\(bad) at \(place), \(isa)")
        }
      }
    }
  }

  @Test("Rotary positions and back", arguments: [(1, 1, 2), (5, 3, 6), (4, 2, 16), (3, 3, 34)])
  func rope(rows: Int, heads: Int, size: Int) {
    var numbers = Numbers("rope \(rows) \(heads) \(size)")
    let row = heads * size + 5
    let x = numbers.normal(rows * row)
    let positions = (0..<rows).map { ($0 * 7) % 11 }
    func angle(_ t: Int, _ i: Int) -> Double {
      Double(t) * Foundation.pow(10_000, -2 * Double(i) / Double(size))
    }
    let table = (0..<11).flatMap { t in (0..<size / 2).map { i in angle(t, i) } }
    let (cosine, sine) = (table.map { Float(cos($0)) }, table.map { Float(sin($0)) })
    let expected = Reference.rope(
      x.doubles, positions: positions, row: row, heads: heads, size: size, base: 10_000)
    inEachInstructionSet { isa in
      func turned(_ x: [Float], _ direction: Float) -> [Float] {
        kernelResult(x.count, from: x) {
          askew_rope(
            $0, positions.map(Int32.init), cosine, sine, rows, row, heads, size, direction)
        }
      }
      let y = turned(x, 1)
      expectClose(y, expected, absolute: 2e-6, isa)
      expectClose(turned(y, -1), x.doubles, absolute: 2e-6, "back, \(isa)")
    }
  }

  @Test("Head norm", arguments: [(1, 1, 2), (3, 2, 6), (4, 3, 16), (2, 2, 33)])
  func headNorm(rows: Int, heads: Int, size: Int) {
    var numbers = Numbers("head norm \(rows) \(heads) \(size)")
    let row = heads * size + 3
    let (x, w) = (numbers.normal(rows * row, scale: 2), numbers.normal(size))
    let expected = Reference.headNorm(
      x.doubles, w.doubles, rows: rows, row: row, heads: heads, eps: 1e-6)
    inEachInstructionSet { isa in
      var (saved, rstd): ([Float], [Float]) = ([], [])
      let y = kernelResult(x.count, from: x) { y in
        saved = kernelResult(rows * heads * size) { saved in
          rstd = kernelResult(rows * heads) {
            askew_head_norm_forward(y, w, saved, $0, rows, row, heads, size, 1e-6)
          }
        }
      }
      #expect(rstd.allSatisfy { $0.isFinite && $0 > 0 }, "\(isa)")
      expectClose(y, expected, absolute: 1e-5, isa)
      let kept = (0..<rows).flatMap { Array(x[$0 * row..<$0 * row + heads * size]) }
      #expect(saved == kept, "\(isa)")
    }
  }

  @Test("Sums and bias", arguments: [(1, 1), (3, 7), (4, 16), (5, 37)])
  func sums(rows: Int, columns: Int) {
    var numbers = Numbers("sums \(rows) \(columns)")
    let count = rows * columns
    let (x, y, bias) = (
      numbers.normal(count), numbers.normal(count), numbers.normal(columns)
    )
    inEachInstructionSet { isa in
      let added = kernelResult(count, from: y) { askew_add(x, $0, count) }
      #expect(added == zip(x, y).map { $1 + $0 }, "\(isa)")
      let biased = kernelResult(count, from: x) { askew_add_bias($0, bias, rows, columns) }
      #expect(biased == x.indices.map { x[$0] + bias[$0 % columns] }, "\(isa)")
      let total = kernelResult(columns, from: bias) { askew_add_columns(x, $0, rows, columns) }
      let expected = (0..<columns).map { n in
        (0..<rows).reduce(Double(bias[n])) { $0 + Double(x[$1 * columns + n]) }
      }
      expectClose(total, expected, absolute: 2e-6, isa)
    }
  }

  @Test("Blocks are summed in their order, with the sum of squares", arguments: [1, 2, 5])
  func sumBlocks(blocks: Int) {
    var numbers = Numbers("blocks \(blocks)")
    let (offset, count) = (3, 37)
    let memory = (0..<blocks).map { _ in
      let block = ParameterBlock(count: offset + count)
      for (i, v) in numbers.normal(offset + count).enumerated() { block.floats[i] = v }
      return block
    }
    let pointers = memory.map { Optional(UnsafePointer($0.floats)) }
    // In 32 bits and in order: the same bits, whatever the instruction set.
    let expected = (offset..<offset + count).map { i in
      memory.dropFirst().reduce(memory[0].floats[i]) { $0 + $1.floats[i] }
    }
    inEachInstructionSet { isa in
      var squares = 0.0
      let y = kernelResult(count) {
        askew_sum_blocks(pointers, blocks, offset, $0, count, &squares)
      }
      #expect(y == expected, "\(isa)")
      let exact = expected.doubles.reduce(0) { $0 + $1 * $1 }
      #expect(abs(squares - exact) < 1e-12 * exact, "\(isa)")
    }
    withExtendedLifetime(memory) {}
  }

  @Test("AdamW steps as its formula says", arguments: [1, 16, 41])
  func adamw(count: Int) {
    var numbers = Numbers("adamw \(count)")
    let (p, m, g) = (numbers.normal(count), numbers.normal(count), numbers.normal(count))
    let v = numbers.normal(count).map { $0 * $0 }
    let (rate, beta1, beta2, decay, eps, scale, t) = (1e-2, 0.9, 0.999, 0.1, 1e-8, 0.5, 3)
    let gi = g.doubles.map { $0 * scale }
    let m1 = zip(m.doubles, gi).map { beta1 * $0 + (1 - beta1) * $1 }
    let v1 = zip(v.doubles, gi).map { beta2 * $0 + (1 - beta2) * $1 * $1 }
    let expected = (0..<count).map { i in
      let (mh, vh) = (m1[i] / (1 - pow(beta1, Double(t))), v1[i] / (1 - pow(beta2, Double(t))))
      return Double(p[i]) * (1 - rate * decay) - rate * mh / (vh.squareRoot() + eps)
    }
    inEachInstructionSet { isa in
      var (m2, v2): ([Float], [Float]) = ([], [])
      let p2 = kernelResult(count, from: p) { p in
        m2 = kernelResult(count, from: m) { m in
          v2 = kernelResult(count, from: v) { v in
            askew_adamw(
              p, m, v, g, count, Float(scale), Float(beta1), Float(beta2),
              Float(rate / (1 - pow(beta1, Double(t)))),
              Float(1 / (1 - pow(beta2, Double(t))).squareRoot()), Float(eps),
              Float(1 - rate * decay))
          }
        }
      }
      expectClose(p2, expected, absolute: 1e-6, relative: 1e-6, "weights, \(isa)")
      expectClose(m2, m1, absolute: 1e-6, "first moment, \(isa)")
      expectClose(v2, v1, absolute: 1e-6, relative: 1e-6, "second moment, \(isa)")
    }
  }
}
