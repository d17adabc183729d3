import Core
import TestSupport
import Testing
import Utilities

@Suite("Sets of outcomes") struct OutcomeFileTests {
  private func read(_ text: String, _ name: String) throws -> [Outcome] {
    let folder = try TemporaryFolder()
    return try OutcomeFile.read(folder.write(text, to: name))
  }

  private static let rest = (1...4).map { "- {family: rest, text: Rest \($0)}" }
    .joined(separator: "\n")

  @Test("YAML and JSON lines give the same outcomes")
  func formats() throws {
    let yaml = """
      - {family: money, ladder: money, amount: 10, text: Ten}
      - {family: money, ladder: money, amount: 100, text: A hundred}
      - {family: ai, id: off, for: [trust, power], against: honesty, text: It is off}
      - {family: ai, text: It is on}
      """
    let lines = """
      {"family":"money","ladder":"money","amount":10,"text":"Ten"}
      {"family":"money","ladder":"money","amount":100,"text":"A hundred"}

      {"family":"ai","id":"off","for":["trust","power"],"against":"honesty","text":"It is off"}
      {"family":"ai","text":"It is on"}
      """
    let outcomes = try read(yaml, "set.yaml")
    #expect(try read(lines, "set.jsonl") == outcomes)
    #expect(outcomes.map(\.id) == ["money-1", "money-2", "off", "ai-2"])
    #expect(outcomes[1].step?.amount == 100 && outcomes[1].step?.isBetter == true)
    #expect(outcomes[2].marks.map(\.isGain) == [true, true, false])
    #expect(outcomes.allSatisfy { $0.arm == .real })
  }

  @Test(
    "What is no outcome is told with its line and field",
    arguments: [
      ("- {family: a}", "set.yaml:1: [0].text: is missing"),
      ("- {text: a}", "family: is missing"),
      ("- {family: a, text: b, lader: c}", "lader: unknown key"),
      ("- {family: a, text: b, amount: 3}", "amount: found without a ladder"),
      ("- {family: a, text: b, ladder: c}", "amount: is missing"),
      ("- {family: a, text: b, ladder: c, amount: 0}", "expected a number above 0"),
      ("- {family: a, text: b, ladder: c, amount: 1}\n\(rest)", "found a ladder of one step"),
      ("- {family: a, text: b, arm: rael}", "arm: found \"rael\""),
      ("- {family: a, text: b, for: x, against: x}", "against: found \"x\" in both"),
      (
        "- {family: a, text: b}\n- {family: c, text: b}\n\(rest)", "set.yaml:2: [1].text: found the"
      ),
      ("- {family: a, id: x, text: b}\n- {family: a, id: x, text: c}", "set.yaml:2: [1].id: found"),
      (
        "- {family: a, text: b, ladder: l, amount: 1}\n"
          + "- {family: a, text: c, ladder: l, amount: 2, more: worse}", "set.yaml:2: [1].ladder"
      ),
      ("- {family: a, text: b}", "found 1 real outcomes"),
      ("\(rest)\n- {family: b, arm: bare, text: K}", "found 1 bare outcomes"),
      ("", "found no YAML"),
    ])
  func mistakes(text: String, words: String) throws {
    let error = try #require(throws: InputError.self) { try read(text, "set.yaml") }
    #expect(error.description.contains(words), "\(error)")
  }

  @Test("The set that comes with Askew has floors, ladders and both sides of each mark")
  func shipped() throws {
    let outcomes = try OutcomeFile.read(OutcomeFile.shipped)
    let counts = Dictionary(grouping: outcomes, by: \.arm).mapValues(\.count)
    #expect(counts == [.real: 42, .invented: 8, .bare: 8])
    #expect(
      Set(outcomes.compactMap(\.step?.ladder)) == ["money", "cured", "homeless", "wug"])
    let marks = Dictionary(grouping: outcomes.flatMap(\.marks), by: \.name)
    #expect(Set(marks.keys) == ["honesty", "power", "corrigibility"])
    for own in marks.values { #expect(own.count { $0.isGain } * 2 == own.count) }
  }
}
