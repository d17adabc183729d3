import Statistics
import Testing

@Suite struct ContrastTests {
  // asin √¼ = π/6 and asin √¾ = π/3, so that h of ¾ to ¼ is 2π/3 − π/3 = π/3.
  @Test("Differences, ratios and h have their hand-worked values")
  func values() throws {
    #expect(Contrast.difference.value(of: 0.75, to: 0.25) == 0.5)
    #expect(Contrast.ratio.value(of: 0.75, to: 0.25) == 3)
    let h = try #require(Contrast.cohensH.value(of: 0.75, to: 0.25))
    #expect(abs(h - .pi / 3) < 1e-15)
    #expect(Contrast.cohensH.value(of: 1, to: 0) == .pi)
    #expect(Contrast.ratio.value(of: 0, to: 0.5) == 0)
  }

  @Test("What is undefined is nil")
  func undefined() {
    for contrast in Contrast.allCases {
      #expect(contrast.value(of: nil, to: 0.5) == nil)
      #expect(contrast.value(of: 0.5, to: nil) == nil)
    }
    #expect(Contrast.ratio.value(of: 0, to: 0) == nil)
    #expect(Contrast.ratio.value(of: 0.5, to: 0) == nil)
    #expect(Contrast.cohensH.value(of: 1.5, to: 0.5) == nil)
    #expect(Contrast.cohensH.value(of: 0.5, to: -0.1) == nil)
  }

  @Test("A tally is a rate and a mean in one")
  func tallies() {
    #expect(Tally(Proportion(successes: 1, trials: 4)).mean == 0.25)
    #expect(Tally(values: [0.5, 1, 0]) == Tally(sum: 1.5, count: 3))
    #expect(Tally(sum: 0, count: 0).mean == nil)
    #expect(
      Tally.pooled([Tally(sum: 1, count: 2), Tally(sum: 2, count: 6)]) == Tally(sum: 3, count: 8))
  }
}
