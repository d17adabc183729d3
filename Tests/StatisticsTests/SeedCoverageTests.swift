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

/// Nominal 95 % intervals over models cover 93 to 97 %: 800 answers a model, as the plans have it.
///
/// With 1,500 runs a cell the standard error of a coverage near 0.95 is 0.0056, so that a sound
/// interval near a bound may miss it; streams are fixed. The 20,000 runs a cell that the
/// documentation of `SeedInterval` reports put all of 4 and 6 models within 93.5…96.3 %.
@Suite struct SeedCoverageTests {
  private static let runs = 1_500
  private static let answers = 800
  private static let bounds = 0.93...0.97

  /// A population of models: their logits are normal around that of `rate`.
  struct Population: Sendable {
    var rate: Double
    var spread: Double

    func probability(_ z: Double) -> Double {
      1 / (1 + (1 - rate) / rate * exp(-spread * z))
    }

    /// The mean over models, by the rectangle rule.
    var mean: Double {
      var (sum, weights) = (0.0, 0.0)
      for step in -160...160 {
        let z = Double(step) / 20
        let weight = exp(-z * z / 2)
        sum += weight * probability(z)
        weights += weight
      }
      return sum / weights
    }

    func draw(_ seeds: Int, _ stream: inout RandomStream) -> [Proportion] {
      (0..<seeds).map { _ in draw(z: stream.normal(), &stream) }
    }

    func draw(z: Double, _ stream: inout RandomStream) -> Proportion {
      Proportion(
        successes: stream.binomial(trials: answers, probability: probability(z)), trials: answers)
    }
  }

  /// The share of runs whose interval covers; runs without an interval do not count.
  private func coverage(
    _ name: String..., of truth: Double, _ interval: (inout RandomStream) -> Interval?
  ) -> Double {
    var stream = RandomStream(seed: 11, path: ["coverage"] + name)
    let found = (0..<Self.runs).compactMap { _ in interval(&stream)?.contains(truth) }
    return Double(found.count { $0 }) / Double(found.count)
  }

  @Test("A rate is covered in 93 to 97 of 100", arguments: [3, 4, 6], [0.01, 0.05, 0.2, 0.6])
  func rates(seeds: Int, rate: Double) {
    for spread in [0, 0.15, 0.3] {
      let population = Population(rate: rate, spread: spread)
      let covered = coverage("rate", "\(seeds)", "\(rate)", "\(spread)", of: population.mean) {
        SeedInterval().rate(population.draw(seeds, &$0))
      }
      #expect(Self.bounds.contains(covered), "spread \(spread): \(covered)")
    }
  }

  // Fewer than two successes a model: counts are coarse and the interval is rather too wide
  // (20,000 runs: 98.2 % with 3 models, 97.8 % with 4, 95.2 % with 6, where models do not differ).
  @Test("A rate of .002 is covered in 93 of 100 at least", arguments: [3, 4, 6])
  func rareAnswers(seeds: Int) {
    for spread in [0, 0.3] {
      let population = Population(rate: 0.002, spread: spread)
      let covered = coverage("rare", "\(seeds)", "\(spread)", of: population.mean) {
        SeedInterval().rate(population.draw(seeds, &$0))
      }
      #expect(covered >= 0.93, "spread \(spread): \(covered)")
    }
  }

  @Test(
    "Differences and ratios are covered in 93 to 97 of 100", arguments: [(4, 4), (6, 6), (6, 4)],
    [(0.01, 0.01), (0.06, 0.01), (0.6, 0.01), (0.3, 0.2)])
  func contrasts(seeds: (Int, Int), rates: (Double, Double)) {
    for spread in [0, 0.3] {
      let a = Population(rate: rates.0, spread: spread)
      let b = Population(rate: rates.1, spread: spread)
      let difference = coverage(
        "difference", "\(seeds)", "\(rates)", "\(spread)", of: a.mean - b.mean
      ) { SeedInterval().difference(a.draw(seeds.0, &$0), b.draw(seeds.1, &$0)) }
      let ratio = coverage("ratio", "\(seeds)", "\(rates)", "\(spread)", of: a.mean / b.mean) {
        SeedInterval().ratio(a.draw(seeds.0, &$0), b.draw(seeds.1, &$0))
      }
      #expect(Self.bounds.contains(difference), "difference, spread \(spread): \(difference)")
      #expect(Self.bounds.contains(ratio), "ratio, spread \(spread): \(ratio)")
    }
  }

  // 20,000 runs: 93.6…96.8 %, so that chance alone may leave the bounds by a point here.
  @Test("Differences of three against three models are covered in 92 to 98 of 100")
  func threeAgainstThree() {
    for (first, second) in [(0.01, 0.01), (0.06, 0.01), (0.6, 0.3)] {
      for spread in [0, 0.3] {
        let a = Population(rate: first, spread: spread)
        let b = Population(rate: second, spread: spread)
        let covered = coverage("three", "\(first)", "\(spread)", of: a.mean - b.mean) {
          SeedInterval().difference(a.draw(3, &$0), b.draw(3, &$0))
        }
        #expect((0.92...0.98).contains(covered), "\(first), \(second), \(spread): \(covered)")
      }
    }
  }

  // Falls short of 93 %: numpy, 800,000 runs, has 92.67 % here. Nearly all of the error is that of
  // three skewed rates. With 1,500 runs the standard error is 0.67 %; the bounds are three of them.
  @Test("Three models with the higher rate against six are covered in less than 93 of 100")
  func knownShortfall() {
    let a = Population(rate: 0.06, spread: 0.3)
    let b = Population(rate: 0.01, spread: 0.3)
    let covered = coverage("difference", "(3, 6)", "(0.06, 0.01)", "0.3", of: a.mean - b.mean) {
      SeedInterval().difference(a.draw(3, &$0), b.draw(6, &$0))
    }
    #expect((0.9065...0.947).contains(covered), "\(covered)")
  }

  // The same models under two question sets: one z for both.
  @Test("Paired differences are covered in 93 to 97 of 100", arguments: [3, 4, 6])
  func paired(seeds: Int) {
    let a = Population(rate: 0.2, spread: 0.3)
    let b = Population(rate: 0.05, spread: 0.3)
    let covered = coverage("paired", "\(seeds)", of: a.mean - b.mean) { stream in
      let pairs = (0..<seeds).map { _ in
        let z = stream.normal()
        return (a.draw(z: z, &stream), b.draw(z: z, &stream))
      }
      return SeedInterval().difference(pairs.map(\.0), pairs.map(\.1), pairing: .paired)
    }
    #expect(Self.bounds.contains(covered), "\(covered)")
  }

  // Marks: models whose mean marks are normal, 0.5 ± 0.05. Student's interval is exact.
  @Test("Means of marks are covered in 93 to 97 of 100", arguments: [3, 4, 6])
  func means(seeds: Int) {
    let covered = coverage("mean", "\(seeds)", of: 0.5) { stream in
      SeedInterval().mean(
        (0..<seeds).map { _ in
          Tally(sum: (0.5 + 0.05 * stream.normal()) * 800, count: 800)
        })
    }
    #expect(Self.bounds.contains(covered), "\(covered)")
  }

  // What the percentile bootstrap over models does instead: the reason for `SeedInterval`.
  @Test("The bootstrap over models covers far less with three")
  func bootstrap() {
    let population = Population(rate: 0.1, spread: 0.3)
    let covered = coverage("bootstrap", of: population.mean) { stream in
      let seeds = population.draw(3, &stream).map { [$0] }
      return ClusterBootstrap(resamples: 100).interval(seeds, stream: stream)
    }
    #expect((0.65...0.85).contains(covered), "\(covered)")
  }
}
