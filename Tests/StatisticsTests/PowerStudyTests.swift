import Statistics
import Testing

@Suite struct PowerStudyTests {
  // numpy 2, scipy 1.17.1, 40,000 simulated experiments each, all splits enumerated by
  // itertools.combinations:
  //   g = lambda p: rng.binomial(n, expit(logit(p) + s * rng.standard_normal((M, k)))) / n
  @Test(
    "The power is that of an independent simulation",
    arguments: [
      (4, 100, 0.1, 0.1, 0.2, 0.5742), (5, 50, 0.1, 0.1, 0.3, 0.5330),
      (6, 200, 0.01, 0.02, 0.2, 0.8102),
    ])
  func reference(
    seeds: Int, answers: Int, base: Double, effect: Double, spread: Double, expected: Double
  ) {
    var study = PowerStudy(base: base, effect: effect, spread: spread)
    study.simulations = 400
    let found = study.design(seeds: seeds, answers: answers, seed: 1).power
    // The standard error of 400 experiments is at most 0.025.
    #expect(abs(found - expected) < 0.075)
  }

  @Test("Three models a side never have power at 5 %, and have it at 10 %")
  func threeModels() {
    var study = PowerStudy(base: 0.01, effect: 0.5)
    study.simulations = 50
    #expect(study.design(seeds: 3, answers: 800, seed: 1).power == 0)
    study.alpha = 0.1
    #expect(study.design(seeds: 3, answers: 800, seed: 1).power == 1)
  }

  @Test("A fall is found as a rise is, and the same seed gives the same power")
  func falls() {
    var study = PowerStudy(base: 0.3, effect: -0.25)
    study.simulations = 50
    let design = study.design(seeds: 4, answers: 200, seed: 1)
    #expect(design.power > 0.9)
    #expect(design == study.design(seeds: 4, answers: 200, seed: 1))
  }

  @Test("The smallest design has the fewest models, then the fewest answers")
  func smallest() {
    var study = PowerStudy(base: 0.05, effect: 0.1)
    study.seedCounts = [3, 5, 4]
    study.answerCounts = [400, 20, 200]
    study.simulations = 100
    let designs = study.designs(seed: 1)
    #expect(designs.map(\.seeds) == [3, 3, 3, 5, 5, 5, 4, 4, 4])
    let smallest = study.smallest(of: designs)
    #expect(smallest?.seeds == 4 && smallest?.answers == 200)
    #expect(study.smallest(of: designs.filter { $0.seeds == 3 }) == nil)
    #expect(study.smallest(of: []) == nil)
  }
}
