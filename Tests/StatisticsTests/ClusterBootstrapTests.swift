import Core
import Statistics
import Testing

@Suite struct ClusterBootstrapTests {
  private let stream = RandomStream(seed: 7, "clusters")
  private let bootstrap = ClusterBootstrap()

  private func proportions(_ successes: [[Int]], of trials: Int) -> [[Proportion]] {
    successes.map { $0.map { Proportion(successes: $0, trials: trials) } }
  }

  // Two models of one family each, at 0 and 1: the pooled rate of a draw is 0, ½, ½ or 1, so that
  // both percentiles are at the ends. Models without families of their own to vary reduce to the
  // bootstrap over models.
  @Test("With one family a model it is the bootstrap over models")
  func oneFamily() {
    let ends = bootstrap.interval(proportions([[0], [10]], of: 10), stream: stream)
    #expect(ends == Interval(low: 0, high: 1))
  }

  // Both models have a family at 0 and one at 1: a model's draw is 0, ½ or 1 with ¼, ½, ¼, so the
  // rate of two is 0 with probability 1/16 = 6 % > 2.5 %. Over models alone there is no width.
  @Test("Families are drawn within models")
  func families() {
    let seeds = proportions([[0, 10], [0, 10]], of: 10)
    #expect(bootstrap.interval(seeds, stream: stream) == Interval(low: 0, high: 1))
    // The same with nothing to draw within a model.
    let models = seeds.map { [Proportion.pooled($0)] }
    #expect(bootstrap.interval(models, stream: stream) == Interval(low: 0.5, high: 0.5))
  }

  // 40 models of 5 families, all at their own level: the standard error of the mean of values
  // i / 40 is √((1 − 1/1600) / 12 / 40) = 0.0456, so that the interval is about ± 0.0895 wide.
  @Test("Many models give about the normal interval")
  func manyModels() throws {
    let seeds = (0..<40).map { i in
      Array(repeating: Tally(sum: Double(i) / 40, count: 1), count: 5)
    }
    let interval = try #require(bootstrap.interval(seeds, stream: stream))
    #expect(abs(interval.low - (0.4875 - 0.0895)) < 0.012)
    #expect(abs(interval.high - (0.4875 + 0.0895)) < 0.012)
  }

  @Test("Fewer than two models with values give none, and empty families do not count")
  func tooFew() {
    let none: [[Tally]] = []
    let empty = Tally(sum: 0, count: 0)
    let one = Tally(sum: 1, count: 2)
    #expect(bootstrap.interval(none, stream: stream) == nil)
    #expect(bootstrap.interval([[one, one]], stream: stream) == nil)
    #expect(bootstrap.interval([[one], [empty], []], stream: stream) == nil)
    #expect(
      bootstrap.interval([[one, empty], [one]], stream: stream) == Interval(low: 0.5, high: 0.5))
    #expect(
      bootstrap.interval(of: .difference, [[one], [one]], to: [[one]], stream: stream) == nil)
  }

  @Test("The same stream gives the same interval")
  func reproducible() {
    let seeds = proportions([[1, 5, 3], [2, 0, 7], [4, 4, 1]], of: 9)
    let first = bootstrap.interval(seeds, stream: stream)
    #expect(first == bootstrap.interval(seeds, stream: stream))
    #expect(first != bootstrap.interval(seeds, stream: RandomStream(seed: 8, "clusters")))
  }

  // Against itself: independent draws differ, paired draws never do.
  @Test("Paired groups share their draws, independent ones do not")
  func pairing() throws {
    let seeds = [[0.1, 0.3], [0.2, 0.6], [0.5, 0.4]].map { $0.map { Tally(sum: $0, count: 1) } }
    let paired = bootstrap.interval(
      of: .ratio, seeds, to: seeds, pairing: .paired, stream: stream)
    #expect(paired == Interval(low: 1, high: 1))
    let independent = try #require(
      bootstrap.interval(of: .difference, seeds, to: seeds, stream: stream))
    #expect(independent.low < -0.1 && independent.high > 0.1)
  }

  @Test("A ratio that is undefined in a draw has no interval")
  func undefinedRatio() {
    let some = [[Tally(sum: 1, count: 4)], [Tally(sum: 0, count: 4)]]
    #expect(bootstrap.interval(of: .ratio, some, to: some, stream: stream) == nil)
    #expect(bootstrap.interval(of: .cohensH, some, to: some, stream: stream) != nil)
  }
}
