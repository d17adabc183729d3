import Documents
import Statistics
import Testing

@testable import Rates

@Suite struct BenchmarkIncreaseTests {
  private let scores = """
    benchmark,group,model_index,score
    x,b,0,0.5
    x,base,0,0.25
    x,b,1,0.75
    y,base,0,0.9
    y,a,0,0.1
    x,base,1,0.75

    """

  private func increases(
    part: String? = "benchmark", baseline: String = "base", complements: [String] = []
  ) throws -> [BenchmarkIncrease] {
    try BenchmarkIncrease.all(
      in: try table(scores), columns: .init(group: "group", value: "score", part: part),
      baseline: baseline, complements: complements)
  }

  @Test("Means less the baseline's mean, in order of appearance")
  func means() throws {
    let found = try increases()
    #expect(found.map(\.part) == ["x", "y"] && found.map(\.group) == ["b", "a"])
    #expect(found.map(\.models) == [2, 1])
    #expect(found.map(\.mean) == [0.625, 0.1] && found.map(\.increase) == [0.125, -0.8])
    // With two values a quarter of the draws is twice the lower, a quarter twice the higher.
    #expect(found[0].interval == Interval(low: 0.5, high: 0.75))
    #expect(found[0].lowerError == 0.125 && found[0].upperError == 0.125)
  }

  @Test("One model has no interval, and the part goes by the name of its column")
  func one() throws {
    let found = try increases()[1].json(partName: "benchmark").text(pretty: false)
    #expect(
      found == """
        {"benchmark":"y","group":"a","models":1,"mean":0.1,"increase":-0.8,"lower_error":null,\
        "upper_error":null,"low":null,"high":null}
        """)
  }

  @Test("A complement turns shares of right answers into errors")
  func complements() throws {
    #expect(try increases(complements: ["x"]).map(\.mean) == [0.375, 0.1])
    #expect(try increases(complements: ["all"]).map(\.mean) == [0.375, 0.9])
    #expect(try increases(complements: ["x"])[0].increase == -0.125)
  }

  @Test("A table in one part")
  func whole() throws {
    let found = try increases(part: nil, complements: ["all"])
    #expect(found.map(\.part) == [nil, nil] && found.map(\.group) == ["b", "a"])
    #expect(found[0].json(partName: nil).text(pretty: false).hasPrefix("{\"group\":\"b\","))
  }

  @Test("What is missing is named")
  func missing() throws {
    #expect(
      problem { try increases(baseline: "bass") }
        == "t.csv: group: found no row of \"x\" of the baseline \"bass\"; did you mean \"base\"?")
    #expect(
      problem { try increases(part: "bench") }
        == "t.csv: found no column \"bench\"; did you mean \"benchmark\"?")
    #expect(
      problem { try increases(complements: ["z"]) }
        == "t.csv: benchmark: found no part \"z\" to take the complement of; did you mean \"x\"?")
    let holes = try table("g,v\nbase,1\na,\n")
    #expect(
      problem {
        try BenchmarkIncrease.all(
          in: holes, columns: .init(group: "g", value: "v"), baseline: "base")
      } == "t.csv:3: v: found nothing, expected a number")
  }
}
