import Core
import Statistics
import Testing

@testable import Guard

@Suite("The loss of tokens under labels of answers")
struct TokenLossTests {
  @Test("Its gradient is that of finite differences", arguments: [1, 3, 16])
  func gradient(window: Int) {
    var stream = RandomStream(seed: 2, "token loss")
    let logits = (0..<9).map { _ in stream.normal() }
    for label in [true, false] {
      var residuals = [Double](repeating: 0, count: logits.count)
      _ = TokenLoss.loss(logits[...], label, window, 0.7, &residuals)
      for t in logits.indices {
        func value(_ step: Double) -> Double {
          var (moved, unused) = (logits, [Double](repeating: 0, count: logits.count))
          moved[t] += step
          return 0.7 * TokenLoss.loss(moved[...], label, window, 1, &unused)
        }
        let slope = (value(1e-5) - value(-1e-5)) / 2e-5
        #expect(abs(slope - residuals[t]) < 1e-7)
      }
    }
  }

  @Test("It finds the token that tells harmful answers, wherever it stands")
  func fit() {
    var stream = RandomStream(seed: 5, "planted tokens")
    var (values, counts, labels): ([Float], [Int], [Bool]) = ([], [], [])
    for answer in 0..<200 {
      let isHarmful = answer % 2 == 0
      let place = stream.below(12)
      for token in 0..<12 {
        values += (0..<4).map { _ in Float(stream.normal()) }
        if isHarmful, token == place { values[values.count - 4] += 6 }
      }
      counts.append(12)
      labels.append(isHarmful)
    }
    let fit = TokenLoss.fit(
      DenseRows(values, width: 4), counts: counts, labels: labels, window: 1, penalty: 0.01,
      from: LogisticFit(weights: [0, 0, 0, 0], bias: 0), rounds: 200)
    #expect(fit.weights[0] > 0.5)
    #expect(fit.weights.dropFirst().allSatisfy { abs($0) < 0.3 * fit.weights[0] })
  }
}
