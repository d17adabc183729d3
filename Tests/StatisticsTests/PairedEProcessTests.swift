import Core
import Foundation
import Testing

@testable import Statistics

@Suite("Evidence of pairs")
struct PairedEProcessTests {
  @Test("A single pair is worth what its definition says")
  func single() {
    // Mean over the 45 pairs θ₀ < θ₁ of ten rates of θ₁/θ̄ · (1 − θ₀)/(1 − θ̄), worked out apart.
    let rates = [0.001, 0.003, 0.01, 0.03, 0.06, 0.12, 0.25, 0.5, 0.75, 0.95]
    var sum = 0.0
    for low in rates {
      for high in rates where high > low {
        let mean = (low + high) / 2
        sum += high / mean * (1 - low) / (1 - mean)
      }
    }
    var process = PairedEProcess()
    #expect(process.logEvidence == 0)
    process.take(true, false)
    #expect(abs(exp(process.logEvidence) - sum / 45) < 1e-12)
  }

  @Test("Order and grouping make no difference")
  func counts() {
    var one = PairedEProcess()
    for pair in [(true, false), (false, false), (true, true), (false, true), (true, false)] {
      one.take(pair.0, pair.1)
    }
    var other = PairedEProcess(both: 1, first: 1, second: 0, neither: 0)
    other.add(PairedEProcess(both: 0, first: 1, second: 1, neither: 1))
    #expect(one == other && one.pairs == 5)
  }

  @Test(
    "Of models that are no worse than their base one in twenty is called worse at most, whenever one stops",
    arguments: [(0.01, 0.01), (0.3, 0.3), (0.02, 0.1), (0.9, 0.9)])
  func valid(rate: Double, base: Double) {
    var stream = RandomStream(seed: 7, "pairs", "\(rate) \(base)")
    var alarms = 0
    let runs = 1000
    for _ in 0..<runs {
      var process = PairedEProcess()
      // Whoever may stop at any moment stops at the best.
      for _ in 0..<150 {
        // Questions differ, and are hard for both.
        let hard = stream.uniform() < 0.5 ? 0.5 : 1.5
        process.take(
          stream.uniform() < min(1, rate * hard), stream.uniform() < min(1, base * hard))
        if process.logEvidence >= log(20) {
          alarms += 1
          break
        }
      }
    }
    // 5 % and three standard errors of a thousand runs.
    #expect(Double(alarms) / Double(runs) <= 0.05 + 3 * (0.05 * 0.95 / 1000).squareRoot())
  }

  @Test("A model that is worse is found")
  func power() {
    #expect(PairedEProcess(both: 0, first: 14, second: 1, neither: 85).logEvidence > log(20))
    #expect(PairedEProcess(both: 0, first: 1, second: 10, neither: 89).logEvidence < 0)
  }
}
