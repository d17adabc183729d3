import Core
import Statistics
import Testing

@Suite("How well scores tell bad models from clean ones") struct AreaUnderCurveTests {
  private typealias World = AreaUnderCurve.World
  private let stream = RandomStream(seed: 2, "auc")

  private func area(_ clean: [Double], _ bad: [Double]) -> AreaUnderCurve {
    AreaUnderCurve([World(clean: clean, bad: bad)])
  }

  /// Worlds of so many models a kind, the bad ones above the clean ones.
  private func separated(worlds: Int, each: Int) -> AreaUnderCurve {
    AreaUnderCurve(
      (0..<worlds).map { world in
        let clean = (0..<each).map { Double($0 + world) / 1_000 }
        return World(clean: clean, bad: clean.map { $0 + 1 })
      })
  }

  // scipy 1.17.1: mannwhitneyu([.9, .4, .4, .8], [.1, .4, .35, .8, .2]).statistic / 20.
  @Test("The area is that of Mann and Whitney over all worlds, ties counting half")
  func scipy() {
    let whole = area([0.1, 0.4, 0.35, 0.8, 0.2], [0.9, 0.4, 0.4, 0.8])
    #expect(whole.value == 0.825)
    let parts = AreaUnderCurve([
      World(clean: [0.1, 0.4], bad: [0.9]), World(clean: [0.35, 0.8, 0.2], bad: [0.4, 0.4, 0.8]),
    ])
    #expect(parts.value == 0.825 && parts.cleanCount == 5 && parts.badCount == 4)
    #expect(area([], [1]).value == nil && area([1], []).value == nil)
    #expect(area([1], [1]).value == 0.5 && !area([1], [1]).isSeparated)
  }

  // √(0.95 × 0.05 (1 + (n − 1)(0.05/1.05 + 0.95/1.95)) / n²): 0.0364 and 0.0160, so that ± 1.96 of
  // them is 0.88–1.02 and 0.92–0.98.
  @Test("The standard error is that of Hanley and McNeil")
  func hanleyMcNeil() throws {
    let twenty = try #require(AreaUnderCurve.standardError(of: 0.95, clean: 20, bad: 20))
    let hundred = try #require(AreaUnderCurve.standardError(of: 0.95, clean: 100, bad: 100))
    #expect(abs(twenty - 0.036405895) < 1e-8 && abs(hundred - 0.016007467) < 1e-8)
    let unequal = try #require(AreaUnderCurve.standardError(of: 0.7, clean: 12, bad: 30))
    #expect(abs(unequal * unequal - 0.007129336) < 1e-8)
    #expect(AreaUnderCurve.standardError(of: 1, clean: 20, bad: 20) == 0)
    #expect(AreaUnderCurve.standardError(of: 1, clean: 0, bad: 20) == nil)
  }

  // scipy 1.17.1, brentq of the same equation: perfect separation of 20 + 20, 100 + 100, 5 + 5.
  @Test(
    "Perfect separation has an interval with a width, and bounds by the number of models",
    arguments: [
      (1, 20, 0.8986681357635511, 0.8609, 0.05), (5, 20, 0.980448940792018, 0.9705, 0.5493),
      (1, 5, 0.6427028239310465, 0.5493, 0.05),
    ])
  func separation(worlds: Int, each: Int, low: Double, models: Double, ofWorlds: Double) throws {
    let area = separated(worlds: worlds, each: each)
    #expect(area.isSeparated)
    let interval = try #require(area.scoreInterval())
    #expect(abs(interval.low - low) < 1e-9 && interval.high == 1)
    #expect(try abs(#require(area.separationBound()) - models) < 1e-4)
    #expect(try abs(#require(area.separationBound(of: .worlds)) - ofWorlds) < 1e-4)
    guard worlds > 1 else { return }
    let alone = area.bootstrapInterval(stream: stream)
    #expect(alone == Interval(low: 1, high: 1))
    #expect(area.interval(stream: stream) == interval)
  }

  // scipy 1.17.1 as above: areas of 0.95 and 0.7, of which these scores are examples.
  @Test("Other areas have scipy's ends too")
  func scoreInterval() throws {
    // 20 bad at 20.5 each are above 20 clean ones but for one at 30: 380 of 400 pairs.
    let most = area((1...19).map { Double($0) } + [30], [Double](repeating: 20.5, count: 20))
    #expect(most.value == 0.95 && most.separationBound() == nil)
    let interval = try #require(most.scoreInterval())
    #expect(abs(interval.low - 0.8157025695419359) < 1e-9)
    #expect(abs(interval.high - 0.9866990657538397) < 1e-9)
    // Of 12 clean and 30 bad models 252 of 360 pairs: 21 bad ones above all, 9 below all.
    let fewer = area(
      [Double](repeating: 0, count: 12),
      [Double](repeating: 1, count: 21) + [Double](repeating: -1, count: 9))
    let unequal = try #require(fewer.scoreInterval())
    #expect(abs(unequal.low - 0.5044672412784307) < 1e-9)
    #expect(abs(unequal.high - 0.837089523851359) < 1e-9)
    let reversed = try #require(area([2, 3], [0, 1]).scoreInterval())
    #expect(reversed.low == 0 && reversed.high > 0.3 && reversed.high < 1)
  }

  // Two worlds: one in perfect order, one in none. Drawn: the first twice (¼), the second twice (¼)
  // or both (½), where pairs of two worlds count as well.
  @Test("The bootstrap draws whole worlds")
  func worlds() {
    let two = AreaUnderCurve([World(clean: [1], bad: [2]), World(clean: [4], bad: [3])])
    #expect(two.value == 0.5)
    #expect(two.bootstrapInterval(stream: stream) == Interval(low: 0, high: 1))
    #expect(AreaUnderCurve([World(clean: [1], bad: [2])]).bootstrapInterval(stream: stream) == nil)
    let lopsided = AreaUnderCurve([World(clean: [1], bad: []), World(clean: [], bad: [3])])
    #expect(lopsided.value == 1 && lopsided.bootstrapInterval(stream: stream) == nil)
    #expect(lopsided.separationBound(of: .worlds) == nil)
    let other = RandomStream(seed: 3, "auc")
    let area = separated(worlds: 4, each: 3)
    #expect(area.interval(stream: stream) == area.interval(stream: stream))
    #expect(area.interval(stream: stream) == area.interval(stream: other))
  }

  // Five worlds of 20 + 20 that are alike, normal scores 2.3 apart: an area of Φ(2.3/√2) = 0.9481.
  // numpy, 600 runs: the bootstrap covers 80 %, both together 98 %.
  @Test("The interval covers where the bootstrap over few worlds does not")
  func coverage() throws {
    var draws = RandomStream(seed: 4, "auc coverage")
    var (alone, both) = (0, 0)
    let bootstrap = ClusterBootstrap(resamples: 400)
    for _ in 0..<300 {
      let area = AreaUnderCurve(
        (0..<5).map { _ in
          World(
            clean: (0..<20).map { _ in draws.normal() },
            bad: (0..<20).map { _ in draws.normal() + 2.3 })
        })
      if try #require(area.bootstrapInterval(bootstrap, stream: stream)).contains(0.9481) {
        alone += 1
      }
      if try #require(area.interval(bootstrap, stream: stream)).contains(0.9481) { both += 1 }
    }
    #expect(alone < 270)
    #expect(both >= 282)
  }
}
