import Foundation
import Statistics
import TestSupport
import Testing

@Suite struct NumPyRandomTests {
  private struct Draws: Sendable {
    var seed: UInt64
    var integers: [Int]
    var doubles: [Double]
    var large: [Int]
  }

  // numpy 2.4.6:
  //   rng = numpy.random.default_rng(seed)
  //   rng.integers(0, 6, size=8), rng.random(2), rng.integers(0, 1 << 40, size=2)
  private static let draws = [
    Draws(
      seed: 0, integers: [5, 3, 3, 1, 1, 0, 0, 0],
      doubles: [0.8132702392002724, 0.9127555772777217],
      large: [667003089280, 802089951224]),
    Draws(
      seed: 12345, integers: [4, 1, 4, 1, 1, 4, 3, 4],
      doubles: [0.391109550601909, 0.33281392786638453],
      large: [657847431569, 205316408374]),
    Draws(
      seed: .max, integers: [3, 4, 5, 5, 2, 0, 0, 5],
      doubles: [0.12896523452474162, 0.3188385102672874],
      large: [648133899215, 200867125257]),
  ]

  @Test("The first draws are numpy's", arguments: draws)
  private func literals(_ numpy: Draws) {
    var random = NumPyRandom(seed: numpy.seed)
    #expect((0..<8).map { _ in random.integer(below: 6) } == numpy.integers)
    #expect((0..<2).map { _ in random.random() } == numpy.doubles)
    #expect((0..<2).map { _ in random.integer(below: 1 << 40) } == numpy.large)
  }

  // numpy 2.4.6: numpy.random.default_rng(0).choice(list("abc"), 10, replace=True)
  @Test("A choice is numpy's, and a bound of 1 draws nothing")
  func choice() {
    var random = NumPyRandom(seed: 0)
    #expect(random.choice(["one"], size: 5) == ["one", "one", "one", "one", "one"])
    #expect(random.choice(Array("abc"), size: 10) == Array("cbbaaaaaac"))
  }

  // numpy 2.4.6, values = [0.1 * i * i for i in range(n)], n = 2, 9 and 200:
  //   rng = numpy.random.default_rng(3)
  //   numpy.percentile([rng.choice(values, n).mean() for _ in range(2000)], [2.5, 97.5])
  @Test(
    "The bootstrap of a mean is numpy's to the last bit",
    arguments: [
      (2, 0.0, 0.1), (9, 0.9444444444444446, 3.7116666666666642), (200, 1165.7224, 1485.1856625),
    ])
  func bootstrap(count: Int, low: Double, high: Double) {
    let values = (0..<count).map { 0.1 * Double($0) * Double($0) }
    #expect(
      NumPyBootstrap(seed: 3).interval(ofMean: values) == Interval(low: low, high: high))
  }

  @Test("One value, or none, has no interval")
  func tooFew() {
    #expect(NumPyBootstrap().interval(ofMean: []) == nil)
    #expect(NumPyBootstrap().interval(ofMean: [0.5]) == nil)
  }
}

/// Against numpy itself, draw for draw.
@Suite("numpy as counterpart", .needs(.main))
struct NumPyCounterpartTests {
  private struct Case: Decodable {
    var seed: UInt64
    var bound: Int
    /// `integers(0, bound, 40)`, `random(5)`, and then `integers(0, bound, 5)`: an odd number of
    /// draws of 32 bits leaves half a draw in store.
    var integers: [Int]
    var doubles: [Double]
    var more: [Int]
  }

  private struct Bootstrap: Decodable {
    var seed: UInt64
    var resamples: Int
    var values: [Double]
    var mean, low, high: Double
  }

  private struct Reply: Decodable {
    var cases: [Case]
    var bootstraps: [Bootstrap]
  }

  private static let script = """
    import json, random
    import numpy as np
    random.seed(5)
    bounds = [1, 2, 3, 5, 6, 7, 10, 100, 1000, 65536, 65537, 2**31, 2**31 + 1, 3 * 2**30,
              2**32 - 1, 2**32, 2**32 + 1, 2**33 + 5, 3 * 2**61, 2**63 - 1]
    seeds = list(range(40)) + [2**32 - 1, 2**32, 2**32 + 1, 2**63, 2**64 - 1]
    seeds += [random.getrandbits(64) for _ in range(55)]
    cases = []
    for seed in seeds:
        for bound in bounds:
            rng = np.random.default_rng(seed)
            cases.append({
                'seed': seed, 'bound': bound,
                'integers': rng.integers(0, bound, 41).tolist(),
                'doubles': rng.random(5).tolist(),
                'more': rng.integers(0, bound, 5).tolist()})
    bootstraps = []
    for seed in seeds[:60]:
        size = random.choice([2, 3, 6, 7, 8, 9, 10, 15, 16, 17, 64, 127, 128, 129, 300, 1000])
        resamples = random.choice([1, 2, 39, 40, 41, 200, 2000 if size < 100 else 100])
        values = [random.choice([random.random(), random.gauss(0, 1e3), 0.0, 1.0])
                  for _ in range(size)]
        rng = np.random.default_rng(seed)
        means = [rng.choice(values, size=size, replace=True).mean() for _ in range(resamples)]
        low, high = np.percentile(means, [2.5, 97.5])
        bootstraps.append({
            'seed': seed, 'resamples': resamples, 'values': values,
            'mean': float(np.mean(values)), 'low': float(low), 'high': float(high)})
    print(json.dumps({'cases': cases, 'bootstraps': bootstraps}))
    """

  @Test("Draws and intervals are numpy's to the last bit, for many seeds, bounds and sizes")
  func draws() throws {
    let reply: Reply = try Python.main.report(.code(Self.script))
    #expect(reply.cases.count == 2000 && reply.bootstraps.count == 60)
    for numpy in reply.cases {
      var random = NumPyRandom(seed: numpy.seed)
      let integers = numpy.integers.map { _ in random.integer(below: numpy.bound) }
      let doubles = numpy.doubles.map { _ in random.random() }
      let more = numpy.more.map { _ in random.integer(below: numpy.bound) }
      #expect(
        integers == numpy.integers && doubles == numpy.doubles && more == numpy.more,
        "seed \(numpy.seed), bound \(numpy.bound)")
    }
    for numpy in reply.bootstraps {
      let bootstrap = NumPyBootstrap(seed: numpy.seed, resamples: numpy.resamples)
      let place: Comment = "seed \(numpy.seed), \(numpy.values.count) values, \(numpy.resamples)"
      #expect(NumPyBootstrap.mean(numpy.values) == numpy.mean, place)
      #expect(
        bootstrap.interval(ofMean: numpy.values) == Interval(low: numpy.low, high: numpy.high),
        place)
    }
  }
}
