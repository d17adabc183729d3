import Core
import Engine
import Foundation
import Testing

@testable import Guard

@Suite("Readouts")
struct ReadoutTests {
  @Test("A window holds the tokens that are there, not zeros")
  func window() {
    var pooled = PooledLogit(.rolling, window: 3)
    #expect(pooled.take(3) == 3)
    #expect(pooled.take(-1) == 3)
    var means = PooledLogit(.rolling, window: 2)
    #expect([0, 2, 4, -8].map { means.take($0) } == [0, 1, 3, 3])
  }

  @Test(
    "Every pooling of a growing answer is that of what is there", arguments: GuardPart.Pool.allCases
  )
  func streaming(_ pool: GuardPart.Pool) {
    var stream = RandomStream(seed: 3, "logits", pool.rawValue)
    let logits = (0..<40).map { _ in 3 * stream.normal() }
    var whole = PooledLogit(pool, window: 7)
    let course = logits.map { whole.take($0) }
    for count in 1...logits.count {
      var own = PooledLogit(pool, window: 7)
      let last = logits.prefix(count).map { own.take($0) }.last
      #expect(last == course[count - 1])
    }
    let last = course.last ?? 0
    let expected: Double =
      switch pool {
      case .mean: logits.reduce(0, +) / 40
      case .last: logits[39]
      case .max: logits.max() ?? 0
      case .rolling:
        (0..<40).map { end in
          let own = logits[max(0, end - 6)...end]
          return own.reduce(0, +) / Double(own.count)
        }.max() ?? 0
      case .softmax: logits.softmaxMean
      }
    #expect(abs(last - expected) < 1e-9)
  }

  @Test("A readout is a linear function of tokens, and of where the question ends")
  func linear() {
    let tokens = TokenActivations(values: [1, 2, 3, 4, 5, 6], siteCount: 1, width: 2)
    let plain = Readout(token: [1, -1], bias: 0.5, pool: .last, window: 1)
    #expect(plain.course(tokens) == [-0.5, -0.5])
    let both = Readout(token: [1, 0], prompt: [0, 10], bias: 0, pool: .last, window: 1)
    #expect(both.course(tokens) == [23, 25])
  }

  @Test("Scores of a cascade: what the first part lets pass is below all others")
  func cascade() {
    var rule = GuardRule(.cascade, ["a": 0.5, "b": 0.5], first: "a", share: 0.05)
    rule.escalation = 1
    var facts = ExchangeGuard.Facts(
      rule: rule, parts: [GuardPart("a", .probe), GuardPart("b", .probe)],
      data: ExchangeGuard.Fitting(
        fingerprint: "", fitted: .init([]), chosen: .init([]), heldOutGroups: [],
        heldOutForms: []))
    facts.parts[0].scale = GuardPart.Scale(mean: 1, deviation: 2)
    let guardian = ExchangeGuard(facts, [:])
    let course = guardian.course(["a": [1, 3, 5], "b": [2, 4, 4]])
    #expect(course == [GuardRule.passed, GuardRule.passed, 3])
    // What is known at the end alone counts there alone.
    #expect(
      guardian.course(["a": [1, 5, 5], "b": [4]]) == [GuardRule.passed, GuardRule.passed, 3])
    #expect(guardian.streams)
    #expect(GuardReading(course: course, parts: [:]).stop(above: 2, streaming: true) == 3)
    #expect(GuardReading(course: [3, 1], parts: [:]).stop(above: 2, streaming: false) == nil)
  }
}

extension [Double] {
  fileprivate var softmaxMean: Double {
    let top = self.max() ?? 0
    let weights = map { exp($0 - top) }
    return zip(weights, self).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
  }
}
