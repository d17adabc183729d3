import Core
import Statistics
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite("Many contexts, an e-value each") struct EValueSelectionTests {
  private func selection(_ values: [Double?]) -> EValueSelection {
    EValueSelection(logEValues: values.map { $0.map { log($0) } })
  }

  // m = 5, α = 5 %: the k-th greatest has to reach 100/k: 100, 50, 33.3, 25, 20.
  // 60, 51, 30, 26, 1: the second and the fourth do, so that four are called, though 30 < 33.3.
  @Test("e-BH goes by the last one that suffices")
  func byHand() {
    let found = selection([1, 51, 26, 60, 30]).benjaminiHochberg()
    #expect(found.indices == [1, 2, 3, 4])
    #expect(found.level == 0.05)
    #expect(abs(found.logThreshold - log(25)) < 1e-8)
    #expect(selection([1, 51, 26, 60, 30]).bonferroni().indices.isEmpty)
    #expect(selection([1, 51, 24, 60, 30]).benjaminiHochberg().indices == [1, 3])
    #expect(selection([1, 49, 24, 60, 30]).benjaminiHochberg().indices.isEmpty)
    // Five equal values of 20 are all called, and one of 100 by Bonferroni too.
    #expect(selection([20, 20, 20, 20, 20]).benjaminiHochberg().indices == [0, 1, 2, 3, 4])
    #expect(selection([99, 1, 100, 0, 0]).bonferroni().indices == [2])
  }

  @Test("A context that was not asked is no test; without any there is nothing to call")
  func missing() {
    #expect(selection([nil, 20, nil]).benjaminiHochberg().indices == [1])
    #expect(selection([nil, 20, nil]).bonferroni().indices == [1])
    #expect(selection([1, 20, nil]).bonferroni().indices.isEmpty)
    #expect(selection([nil, nil]).benjaminiHochberg().indices.isEmpty)
    #expect(selection([]).bonferroni().indices.isEmpty)
    #expect(selection([.infinity, 0]).benjaminiHochberg().indices == [0])
  }

  // 64 contexts at a base's upper limit of 10 %, 16 of them at 45 %; each has 20 answers, and those
  // with E > 1 get up to 100 more until e-BH calls them.
  @Test("The rate of false finds stays below its level though the budget follows the evidence")
  func falseDiscoveries() {
    var stream = RandomStream(seed: 3, "e-BH")
    var (falseShare, found, alarms) = (0.0, 0, 0)
    let runs = 400
    for _ in 0..<runs {
      var contexts = (0..<64).map { _ in MixtureEProcess(nullRate: 0.1) }
      for round in 0..<6 {
        for place in contexts.indices where round == 0 || contexts[place].logValue > 0 {
          let hits = stream.binomial(trials: 20, probability: place < 16 ? 0.45 : 0.1)
          contexts[place].observe(Proportion(successes: hits, trials: 20))
        }
      }
      let values = EValueSelection(logEValues: contexts.map(\.logValue))
      let called = values.benjaminiHochberg(level: 0.1).indices
      let wrong = called.count { $0 >= 16 }
      falseShare += called.isEmpty ? 0 : Double(wrong) / Double(called.count)
      found += called.count - wrong
      if values.bonferroni(level: 0.1).indices.contains(where: { $0 >= 16 }) { alarms += 1 }
    }
    // The promise is 0.1 × 48/64.
    #expect(falseShare / Double(runs) < 0.075)
    #expect(Double(found) / Double(runs * 16) > 0.8)
    #expect(Double(alarms) / Double(runs) < 0.1)
  }

  // 20 with probability 1/20 and else 0: a mean of just 1. Copies of one draw are the worst
  // dependence, in which the whole level is spent: 20 values of 20 are called, fewer are not, so that of
  // independent ones none ever is.
  @Test("It holds for e-values that depend on each other, and spends its level on the worst")
  func dependent() {
    var stream = RandomStream(seed: 4, "e-BH dependent")
    var (alike, apart) = (0, 0)
    for _ in 0..<20_000 {
      let one = stream.below(20) == 0 ? 20.0 : 0
      let copies = selection([Double](repeating: one, count: 20))
      if !copies.benjaminiHochberg().indices.isEmpty { alike += 1 }
      let own = (0..<20).map { _ in stream.below(20) == 0 ? 20.0 : 0 }
      if !selection(own).benjaminiHochberg().indices.isEmpty { apart += 1 }
    }
    // Three standard errors of 5 % are 0.5 %.
    #expect(abs(Double(alike) / 20_000 - 0.05) < 0.005)
    #expect(apart == 0)
  }
}
