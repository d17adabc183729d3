import Core
import Foundation
import Statistics
import TestSupport
import Testing

@Suite("Logistic regression") struct LogisticFitTests {
  private struct Task: Codable {
    let rows: [[Double]]
    let labels: [Bool]
    let penalty: Double
  }

  private struct Reply: Decodable {
    let weights: [Double]
    let bias: Double
  }

  /// Newton's method in double precision, classes with the same weight in all.
  private static let script = """
    import json, sys
    import numpy as np
    work = json.load(sys.stdin)
    x, y = np.array(work["rows"]), np.array(work["labels"], float)
    n, d = x.shape
    c = np.where(y == 1, 0.5 / y.sum(), 0.5 / (n - y.sum()))
    x1 = np.hstack([x, np.ones((n, 1))])
    ridge = np.diag([work["penalty"]] * d + [0.0])
    w = np.zeros(d + 1)
    for _ in range(100):
        p = 1 / (1 + np.exp(-x1 @ w))
        gradient = x1.T @ (c * (p - y)) + ridge @ w
        w = w - np.linalg.solve((x1.T * (c * p * (1 - p))) @ x1 + ridge, gradient)
    print(json.dumps({"weights": w[:-1].tolist(), "bias": float(w[-1])}))
    """

  private static func task(_ seed: UInt64, penalty: Double) -> Task {
    var stream = RandomStream(seed: seed, "logistic")
    let truth = (0..<6).map { _ in stream.normal() }
    let rows = (0..<120).map { _ in (0..<6).map { _ in Double(Float(stream.normal())) } }
    let labels = rows.map { row in
      let logit = zip(row, truth).reduce(-1) { $0 + $1.0 * $1.1 }
      return stream.uniform() < LogisticFit.probability(logit)
    }
    return Task(rows: rows, labels: labels, penalty: penalty)
  }

  @Test("It is Newton's fit in NumPy", .needs(.main), arguments: [0.1, 0.001])
  func reference(penalty: Double) throws {
    let task = Self.task(1, penalty: penalty)
    let text = try Python.main.run(
      .code(Self.script), input: String(decoding: JSONEncoder().encode(task), as: UTF8.self))
    let reply = try JSONDecoder().decode(Reply.self, from: Data(text.utf8))
    let fit = LogisticFit(
      DenseRows(task.rows.joined().map { Float($0) }, width: 6), task.labels, penalty: penalty)
    #expect(abs(fit.bias - reply.bias) < 1e-4)
    for (own, other) in zip(fit.weights, reply.weights) { #expect(abs(own - other) < 1e-4) }
  }

  @Test("Rows that have few features are fitted as the same rows in full")
  func sparse() {
    var stream = RandomStream(seed: 4, "sparse")
    let features = (0..<60).map { _ in (0..<8).filter { _ in stream.uniform() < 0.3 } }
    let labels = features.map { $0.contains(2) != (stream.uniform() < 0.2) }
    let dense = features.flatMap { own in (0..<8).map { own.contains($0) ? Float(1) : 0 } }
    let a = LogisticFit(SparseRows(features, width: 8), labels, penalty: 0.01)
    let b = LogisticFit(DenseRows(dense, width: 8), labels, penalty: 0.01)
    for (own, other) in zip(a.weights, b.weights) { #expect(abs(own - other) < 1e-5) }
    #expect(a.slope < 1e-5)
  }

  @Test("Features of one scale are fitted alike, whatever units they came in")
  func standardised() {
    let task = Self.task(2, penalty: 0.01)
    let rows = DenseRows(task.rows.joined().map { Float($0) }, width: 6)
    let (means, deviations) = rows.moments
    let own = rows.standardised(means, deviations).moments
    #expect(own.means.allSatisfy { abs($0) < 1e-6 })
    #expect(own.deviations.allSatisfy { abs($0 - 1) < 1e-6 })
  }

  @Test("Log losses of large logits are finite, and right at 0")
  func losses() {
    #expect(LogisticFit.loss(800, true) == 0)
    #expect(LogisticFit.loss(-800, true) == 800)
    #expect(abs(LogisticFit.loss(0, false) - 0.6931471805599453) < 1e-15)
  }
}
