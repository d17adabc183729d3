import CKernels
import Core
import Engine
import Formats
import Foundation
import Testing

/// Decoding's products: right, and the same bytes for a row whatever stands beside it.
@Suite("Row products")
struct RowProductTests {
  struct Shape: Sendable, CustomTestStringConvertible {
    var columns: Int
    var inner: Int
    var testDescription: String { "[\(inner)] · [\(inner), \(columns)]" }
  }

  /// Around the sixteen columns of a panel and the panels of a tile, and what models have.
  static let shapes: [Shape] = [
    (1, 1), (2, 3), (15, 16), (16, 17), (17, 31), (33, 5), (47, 192), (48, 64), (49, 100),
    (64, 1), (96, 33), (127, 64), (128, 576), (129, 7), (200, 192), (576, 128), (1024, 192),
  ].map { Shape(columns: $0, inner: $1) }

  /// Every number of rows, so that each tile and each rest is met.
  private static let rows = 64

  private func packed(_ w: [Float], _ s: Shape) -> [Float] {
    let panels = (s.columns + 15) / 16
    return kernelResult(panels * 16 * s.inner) {
      askew_pack_rows(w, s.inner, $0, s.columns, s.inner)
    }
  }

  @Test(
    "Three loops find the same sums, assigned and added, with a gap between rows", arguments: shapes
  )
  func reference(_ s: Shape) {
    var numbers = Numbers("row product \(s.testDescription)")
    let (aRow, cRow) = (s.inner + 3, s.columns + 5)
    let (rows, a) = (13, numbers.normal(13 * (s.inner + 3)))
    let (w, start) = (numbers.normal(s.columns * s.inner), numbers.normal(13 * cRow))
    inEachInstructionSet { name in
      let panels = packed(w, s)
      for accumulate in [false, true] {
        let actual = kernelResult(rows * cRow, from: start) {
          askew_row_product(
            a, aRow, panels, $0, cRow, rows, s.columns, s.inner, accumulate ? 1 : 0)
        }
        for i in 0..<rows {
          var (expected, size) = ([Double](), 0.0)
          for j in 0..<s.columns {
            var sum = accumulate ? Double(start[i * cRow + j]) : 0
            for k in 0..<s.inner {
              let term = Double(a[i * aRow + k]) * Double(w[j * s.inner + k])
              sum += term
              size = max(size, abs(term))
            }
            expected.append(sum)
          }
          // A chain of K additions errs by less than K · 2⁻²⁴ of the largest partial sum.
          let bound = 0x1p-24 * Double(s.inner) * (size * Double(s.inner) + 4)
          expectClose(
            Array(actual[i * cRow..<i * cRow + s.columns]), expected, absolute: bound,
            "\(name), row \(i), add \(accumulate)")
          #expect(
            actual[i * cRow + s.columns..<(i + 1) * cRow]
              == start[i * cRow + s.columns..<(i + 1) * cRow], "wrote between the rows")
        }
      }
    }
  }

  @Test(
    "A row's bytes are the same alone, among others, at any place and in any cut", arguments: shapes
  )
  func independence(_ s: Shape) {
    var numbers = Numbers("row independence \(s.testDescription)")
    let a = numbers.normal(Self.rows * s.inner), w = numbers.normal(s.columns * s.inner)
    inEachInstructionSet { name in
      let panels = packed(w, s)
      func product(_ first: Int, _ count: Int) -> [Float] {
        kernelResult(count * s.columns) { c in
          a.withUnsafeBufferPointer {
            askew_row_product(
              $0.baseAddress! + first * s.inner, s.inner, panels, c, s.columns, count, s.columns,
              s.inner, 0)
          }
        }
      }
      let all = product(0, Self.rows).map(\.bitPattern)
      for count in 1..<Self.rows {
        for first in [0, (Self.rows - count) / 2, Self.rows - count] {
          let part = product(first, count).map(\.bitPattern)
          #expect(
            part[...] == all[first * s.columns..<(first + count) * s.columns],
            "\(name), \(count) rows from \(first)")
        }
      }
      let cut = kernelResult(Self.rows * s.columns) { c in
        panels.withUnsafeBufferPointer { panels in
          for first in stride(from: 0, to: s.columns, by: 32) {
            askew_row_product(
              a, s.inner, panels.baseAddress! + first * s.inner, c + first, s.columns, Self.rows,
              min(32, s.columns - first), s.inner, 0)
          }
        }
      }
      #expect(cut.map(\.bitPattern) == all, "\(name), cut")
    }
  }
}
