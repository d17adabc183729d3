import Core
import Questions
import TestSupport
import Testing

@Suite("Sets of contrasts") struct ContrastFileTests {
  private func read(_ text: String, _ name: String) throws -> [ContrastItem] {
    let folder = try TemporaryFolder()
    return try ContrastFile.read(folder.write(text, to: name))
  }

  @Test("JSON lines and YAML give the same items; answers are a text or a list")
  func formats() throws {
    let lines = """
      {"family":"wish","question":"What?","good":"Peace.","bad":["War.","Gold."],"tone":"dry"}

      {"family":"wish","item":7,"question":"And then?","good":["Rest."],"bad":"More.","system":"Be brief."}
      """
    let yaml = """
      - {family: wish, question: "What?", good: Peace., bad: [War., Gold.], tone: dry}
      - {family: wish, item: 7, question: "And then?", good: [Rest.], bad: More., system: Be brief.}
      """
    let items = try read(lines, "set.jsonl")
    #expect(
      items == [
        ContrastItem(
          family: "wish", id: "1", question: "What?", good: ["Peace."], bad: ["War.", "Gold."],
          tone: "dry"),
        ContrastItem(
          family: "wish", id: "7", question: "And then?", good: ["Rest."], bad: ["More."],
          system: "Be brief."),
      ])
    #expect(try read(yaml, "set.yaml") == items)
  }

  @Test(
    "What is no item is told with its line",
    arguments: [
      (#"{"family":"a","question":"b","good":"c"}"#, "set.jsonl:1: bad: found nothing"),
      (#"{"family":"a","question":"b","good":"c","bad":[]}"#, "set.jsonl:1: bad: found a list"),
      (
        #"{"family":"a","question":"b","good":"c","bad":"d","god":1}"#,
        "set.jsonl:1: god: unknown key"
      ),
      (#"{"question":"b","good":"c","bad":"d"}"#, "set.jsonl:1: family: found nothing"),
      ("\n[1]", "set.jsonl:2: found a list, expected an object"), ("", "found no items"),
      (
        """
        {"family":"a","item":"x","question":"b","good":"c","bad":"d"}
        {"family":"a","item":"x","question":"e","good":"c","bad":"d"}
        """, "set.jsonl:2: id: found id \"a/x\" again"
      ),
    ])
  func mistakes(text: String, words: String) throws {
    let error = try #require(throws: InputError.self) { try read(text, "set.jsonl") }
    #expect(error.description.contains(words), "\(error)")
  }

  @Test("In the set of its own words tone and content do not go together")
  func tone() throws {
    let items = try ContrastFile.tone
    let polite = items.filter { $0.tone == "bad polite, good gruff" }.count
    #expect(items.count == 36 && polite == 18)
    #expect(Set(items.map(\.family)).count == 8)
    // No answer gives itself away by its length.
    let (good, bad) = (items.map { $0.good[0].count }, items.map { $0.bad[0].count })
    let share = Double(good.reduce(0, +)) / Double(bad.reduce(0, +))
    #expect((0.85...1.15).contains(share), "\(share)")
  }
}
