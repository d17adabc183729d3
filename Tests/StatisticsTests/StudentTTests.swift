import Statistics
import Testing

@Suite struct StudentTTests {
  // scipy 1.17.1: scipy.stats.t.ppf(0.975, ν).
  @Test(
    "The 97.5 % quantile is scipy's, also for degrees of freedom that are not whole",
    arguments: [
      (1, 12.706204736174694), (2, 4.302652729749462), (2.37, 3.7189208397974567),
      (3, 3.1824463052837078), (5, 2.5705818356363146), (30, 2.0422724563012378),
      (1000.5, 1.962337892459348),
    ])
  func quantiles(degreesOfFreedom: Double, expected: Double) {
    let found = StudentT(degreesOfFreedom: degreesOfFreedom).quantile(upperTail: 0.025)
    #expect(abs(found - expected) < 1e-10 * expected)
  }

  // scipy.stats.t.sf(t, ν).
  @Test(
    "Tails are scipy's",
    arguments: [
      (0.5, 3, 0.3257239824240755), (2, 3, 0.06966298427942152),
      (10, 1.5, 0.011829677556810778), (-1.5, 4.25, 0.8980517903944353),
    ])
  func tails(t: Double, degreesOfFreedom: Double, expected: Double) {
    let found = StudentT(degreesOfFreedom: degreesOfFreedom).upperTail(t)
    #expect(abs(found - expected) < 1e-12)
  }

  // ν = 1 is Cauchy's distribution: density 1 / (π (1 + t²)), tail 1/4 above t = 1.
  @Test("One degree of freedom is Cauchy's distribution")
  func cauchy() {
    let cauchy = StudentT(degreesOfFreedom: 1)
    #expect(abs(cauchy.density(2) - 1 / (5 * .pi)) < 1e-13)
    #expect(abs(cauchy.upperTail(1) - 0.25) < 1e-13)
    #expect(abs(cauchy.quantile(upperTail: 0.25) - 1) < 1e-11)
    #expect(abs(cauchy.quantile(upperTail: 0.75) + 1) < 1e-11)
    #expect(cauchy.quantile(upperTail: 0.5) == 0)
  }
}
