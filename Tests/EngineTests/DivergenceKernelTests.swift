import CKernels
import Engine
import Formats
import Testing

/// The divergence of an anchor against the naive one in double precision and its central differences.
@Suite("Divergence kernel")
struct DivergenceKernelTests {
  private struct Result {
    var losses: [Float] = []
    var dlogits: [Float] = []
  }

  private func divergence(
    _ logits: [Float], _ reference: [Float], _ targets: [Int32], scale: Float,
    _ precision: Precision
  ) -> Result {
    let (rows, vocabulary) = (targets.count, logits.count / targets.count)
    var result = Result()
    result.dlogits = operandResult(
      logits.count, precision,
      f32: { d in
        result.losses = kernelResult(rows) {
          askew_divergence_f32(logits, reference, targets, d, $0, rows, vocabulary, scale)
        }
      },
      bf16: { d in
        result.losses = kernelResult(rows) {
          askew_divergence_bf16(logits, reference, targets, d, $0, rows, vocabulary, scale)
        }
      })
    return result
  }

  @Test("Loss and gradient", arguments: [(1, 1), (3, 2), (5, 17), (4, 64), (2, 199)])
  func lossAndGradient(rows: Int, vocabulary: Int) {
    var numbers = Numbers("divergence \(rows) \(vocabulary)")
    let logits = numbers.normal(rows * vocabulary, scale: 5)
    let reference = numbers.normal(rows * vocabulary, scale: 5)
    var targets = numbers.tokens(rows, below: vocabulary)
    if rows > 1 { targets[1] = -1 }
    func naive(_ logits: [Double]) -> [Double] {
      Reference.divergence(
        logits, from: reference.doubles, targets: targets, vocabulary: vocabulary)
    }
    let expected = naive(logits.doubles)
    let gradient = Reference.gradient(at: logits.doubles) { 0.25 * naive($0).reduce(0, +) }
    let largest = (logits + reference).doubles.map(abs).max() ?? 0
    inEachInstructionSet { isa in
      for precision in Precision.allCases {
        let actual = divergence(logits, reference, targets, scale: 0.25, precision)
        expectClose(
          actual.losses, expected, absolute: 0x1p-22 * (1 + largest), "losses, \(isa)")
        // Two probabilities, each rounded: twice what cross-entropy is allowed.
        expectClose(
          actual.dlogits, gradient, absolute: 0x1p-21 * 0.25,
          relative: Operands.roundoff(precision), "gradient \(precision), \(isa)")
      }
    }
  }

  /// Logits of 40 are known to 2⁻¹⁹ only, 2e-6. The divergence is far better: the logits' own
  /// differences are exact, and what is left are some roundings of numbers near 1.
  @Test("A small divergence between large logits", arguments: [5, 64, 1_000])
  func small(vocabulary: Int) {
    var numbers = Numbers("small divergence \(vocabulary)")
    let logits = numbers.normal(4 * vocabulary, scale: 3).map { $0 + 40 }
    let reference = zip(logits, numbers.normal(4 * vocabulary, scale: 0.01)).map(+)
    let targets: [Int32] = [0, 1, 2, 3]
    let expected = Reference.divergence(
      logits.doubles, from: reference.doubles, targets: targets, vocabulary: vocabulary)
    #expect(expected.allSatisfy { $0 > 0 && $0 < 1e-3 })
    inEachInstructionSet { isa in
      let actual = divergence(logits, reference, targets, scale: 1, .f32)
      expectClose(actual.losses, expected, absolute: 0x1p-21, isa)
    }
  }

  @Test("Equal rows: exactly nothing", arguments: [1, 2, 17, 64, 199])
  func equal(vocabulary: Int) {
    var numbers = Numbers("equal rows \(vocabulary)")
    let logits = numbers.normal(3 * vocabulary, scale: 5)
    inEachInstructionSet { isa in
      for precision in Precision.allCases {
        let actual = divergence(logits, logits, [0, -1, 0], scale: 3, precision)
        #expect(actual.losses == [0, 0, 0], "\(isa)")
        #expect(actual.dlogits.allSatisfy { $0 == 0 }, "\(isa)")
      }
    }
  }

  @Test("A token that the model has all but ruled out counts by its logit")
  func farApart() {
    // q = (1, e^−200), p = (e^−200, 1): KL = 200 to far below a float's last place.
    inEachInstructionSet { isa in
      let actual = divergence([0, 200], [200, 0], [0], scale: 1, .f32)
      expectClose(actual.losses, [200], absolute: 1e-4, isa)
      expectClose(actual.dlogits, [-1, 1], absolute: 1e-6, isa)
    }
  }

  @Test("A number that is not one shows in the loss, on either side")
  func notANumber() {
    inEachInstructionSet { isa in
      for bad in [Float.nan, .infinity] {
        for place in [0, 3, 15, 16, 20] {
          let good = Array(repeating: Float(0.5), count: 21)
          var logits = good
          logits[place] = bad
          for (model, reference) in [(logits, good), (good, logits)] {
            let actual = divergence(model, reference, [2], scale: 1, .f32)
            #expect(actual.losses[0].isNaN, "\(bad) at \(place), \(isa)")
          }
        }
      }
    }
  }
}
