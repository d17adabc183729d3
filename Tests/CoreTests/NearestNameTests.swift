import Testing

import Core

@Suite struct NearestNameTests {
  @Test(
    "Distances count insertions, removals, replacements and swaps",
    arguments: [
      ("", "", 0), ("abc", "", 3), ("", "ab", 2), ("steps", "stepz", 1), ("sesp", "seps", 1),
      ("kitten", "sitting", 3), ("ca", "abc", 3),
    ])
  func distance(_ first: String, _ second: String, _ expected: Int) {
    let (first, second) = (Array(first.unicodeScalars), Array(second.unicodeScalars))
    #expect(NearestName.distance(first, second) == expected)
    #expect(NearestName.distance(second, first) == expected)
  }

  @Test("The nearest name is found, a far one is not")
  func find() {
    let names = ["steps", "batch", "learning-rate", "temperature", "only", "on"]
    #expect(NearestName.find("stepz", among: names) == "steps")
    #expect(NearestName.find("learning_rte", among: names) == "learning-rate")
    #expect(NearestName.find("temp", among: names) == "temperature")
    #expect(NearestName.find("no", among: names) == "on")
    #expect(NearestName.find("epochs", among: names) == nil)
    #expect(NearestName.find("", among: names) == nil)
    #expect(NearestName.find("x", among: []) == nil)
  }

  @Test("Advice names the nearest, or all")
  func advice() {
    #expect(NearestName.advice(for: "stepz", among: ["steps"]) == "did you mean \"steps\"?")
    #expect(NearestName.advice(for: "x", among: ["one", "two"]) == "expected \"one\" or \"two\"")
    #expect(NearestName.alternatives(["a", "b", "c"]) == "\"a\", \"b\" or \"c\"")
    #expect(NearestName.alternatives((1...20).map(String.init)).hasSuffix("\"16\" or another"))
  }
}
