import Core
import Statistics
import Testing

@Suite("Answers in clusters count as fewer") struct DesignEffectTests {
  private func effect(_ counts: [(Int, Int)]) -> DesignEffect {
    DesignEffect(counts.map { Proportion(successes: $0.0, trials: $0.1) })
  }

  // 1 + 99 × 0.1 = 10.9, and 800 / 10.9 = 73.4.
  @Test("Eight questions of a hundred answers, alike by 0.1, count as 73 answers")
  func design() throws {
    let eight = effect([(Int, Int)](repeating: (0, 100), count: 8))
    #expect(try abs(#require(eight.factor(correlation: 0.1)) - 10.9) < 1e-12)
    #expect(eight.effectiveCount(correlation: 0.1).rounded() == 73)
    // Where nothing was found ρ cannot be seen: with 0.1 from elsewhere 4.0 %, without it each
    // question is one answer, and the bound is 1 − 0.05^(1/8).
    #expect(eight.intraclassCorrelation == nil)
    #expect(try abs(#require(eight.upperBound(correlation: 0.1)) - 0.039995) < 1e-6)
    #expect(eight.effectiveCount() == 8)
    #expect(try abs(#require(eight.upperBound()) - 0.312344) < 1e-6)
  }

  // Two questions of two answers: (2, 2) and (0, 2). B = (2/4 + 2/4) / 1 = 1, W = 0, n₀ = 2: ρ = 1.
  // (1, 2) and (1, 2): B = 0, W = (1/2 + 1/2) / 2, so that ρ = −1/2 / (1/2) = −1.
  @Test("Copies have ρ 1, and answers that differ more than by chance a negative one")
  func byHand() {
    #expect(effect([(2, 2), (0, 2)]).intraclassCorrelation == 1)
    #expect(effect([(2, 2), (0, 2)]).effectiveCount() == 2)
    #expect(effect([(1, 2), (1, 2)]).intraclassCorrelation == -1)
    #expect(effect([(1, 2), (1, 2)]).effectiveCount() == 4)
  }

  // statsmodels 0.15.0, pandas: anova_lm(ols('v ~ C(c)')) has mean squares 0.9159722 and 0.1497312;
  // ρ = (B − W) / (B + (n₀ − 1) W) with n₀ = 6.6805556. Bounds by scipy 1.17.1, beta.ppf.
  @Test("Questions of unequal sizes have the correlation of an analysis of variance")
  func statsmodels() throws {
    let unequal = effect([(3, 10), (0, 5), (7, 8), (0, 0), (2, 12), (1, 1)])
    #expect(unequal.clusters.count == 5)
    #expect(try abs(#require(unequal.intraclassCorrelation) - 0.43375525999) < 1e-10)
    #expect(abs(unequal.effectiveCount() - 7.84223231910) < 1e-9)
    #expect(try abs(#require(unequal.upperBound()) - 0.79710831276) < 1e-9)
    #expect(abs(unequal.effectiveCount(correlation: 0.1) - 19.69604863222) < 1e-9)
    #expect(try abs(#require(unequal.upperBound(correlation: 0.1)) - 0.57068527437) < 1e-9)
  }

  @Test("One answer a question is an answer; without any there is no bound")
  func single() throws {
    let single = effect([(0, 1), (1, 1), (0, 1), (0, 1)])
    #expect(single.intraclassCorrelation == nil)
    #expect(single.effectiveCount() == 4)
    #expect(single.upperBound() == Proportion(successes: 1, trials: 4).upperBound())
    #expect(effect([]).upperBound() == nil && effect([(0, 0)]).effectiveCount() == 0)
    #expect(effect([(1, 3)]).intraclassCorrelation == nil)
    #expect(effect([(1, 3)]).effectiveCount() == 1)
    #expect(effect([(3, 3), (2, 2)]).upperBound() == 1)
  }

  /// Hits among the answers to one question, beta-binomial, by Pólya's urn.
  private func hits(_ answers: Int, rate: Double, correlation: Double, _ stream: inout RandomStream)
    -> Int
  {
    let size = (1 - correlation) / correlation
    var found = 0
    for asked in 0..<answers {
      let chance = (rate * size + Double(found)) / (size + Double(asked))
      if stream.uniform() < chance { found += 1 }
    }
    return found
  }

  // numpy, 8,000 runs: .960, .961 and .945 (bounds that take answers for independent: .937, .908,
  // .885); .894 for eight questions, of which the documentation warns.
  @Test(
    "The bound covers with many questions, and the anytime bound with few",
    arguments: [(60, 5, 0.1, 0.93, 0.98), (8, 100, 0.1, 0.86, 0.93), (60, 5, 0.3, 0.92, 0.97)])
  func coverage(questions: Int, answers: Int, correlation: Double, least: Double, most: Double)
    throws
  {
    var stream = RandomStream(seed: 6, "design effect", "\(questions)", "\(correlation)")
    var (covered, naive, anytime) = (0, 0, 0)
    for _ in 0..<1_000 {
      let clusters = (0..<questions).map { _ in
        let found = hits(answers, rate: 0.05, correlation: correlation, &stream)
        return Proportion(successes: found, trials: answers)
      }
      let effect = DesignEffect(clusters)
      if try #require(effect.upperBound()) >= 0.05 { covered += 1 }
      if try #require(effect.pooled.upperBound()) >= 0.05 { naive += 1 }
      var bound = AnytimeUpperBound()
      bound.observe(questionRates: clusters.compactMap(\.rate))
      if bound.value >= 0.05 { anytime += 1 }
    }
    #expect(Double(covered) / 1_000 > least && Double(covered) / 1_000 < most)
    #expect(naive < covered)
    #expect(anytime >= 945)
  }
}
