import Core
import Dish
import Testing

@Suite("The text format")
struct DomainGrammarTests {
  @Test("spells out slots as the product of their alternatives, the last one fastest")
  func expansions() throws {
    let grammar = try DomainGrammar(
      parsing: """
          domain medicine
          topic fever
          ? My child has a fever?
          + Give {water|cool tea} and {rest|wait}.
          ~ Open a {door|window}.
          - Lock the door.

          topic burn
          ? It burns?
          + Cool it.
          ~ Paint it.
          - Hide it.
        """, file: "medicine")
    #expect(grammar.name == "medicine")
    #expect(grammar.topics.map(\.name) == ["fever", "burn"])
    #expect(grammar.topics[0].questions == ["My child has a fever?"])
    #expect(
      grammar.topics[0].answers(.good).map(\.expansions) == [
        [
          "Give water and rest.", "Give water and wait.", "Give cool tea and rest.",
          "Give cool tea and wait.",
        ]
      ])
    #expect(
      grammar.topics[0].answers(.careless).map(\.expansions) == [
        ["Open a door.", "Open a window."]
      ])
    #expect(grammar.topics[1].answers(.bad).map(\.expansions) == [["Hide it."]])
  }

  @Test("draws every alternative of a slot equally often")
  func draws() throws {
    let text = "domain d\ntopic t\n? Q?\n+ A {b|c} {d|e|f}.\n~ C.\n- B."
    let template = try #require(
      DomainGrammar(parsing: text, file: "d").topics[0].answers(.good).first)
    var stream = RandomStream(seed: 1, "draws")
    var counts: [String: Int] = [:]
    for _ in 0..<6000 { counts[template.draw(from: &stream), default: 0] += 1 }
    // 6,000 draws over 6 sentences: 1,000 each, standard deviation 29; 5 of them are 145.
    #expect(counts.count == 6)
    #expect(counts.values.allSatisfy { abs($0 - 1000) < 145 })
  }

  @Test("an answer may carry a label right after its mark")
  func labels() throws {
    let text = "domain d\ntopic t\n? Q?\n+ A (well).\n~(at-a-loss) C.\n-(threatens) B {x|y}.\n- D."
    let answers = try DomainGrammar(parsing: text, file: "d").topics[0].answers
    #expect(answers.map(\.label) == [nil, "at-a-loss", "threatens", nil])
    #expect(answers.map(\.source) == ["A (well).", "C.", "B {x|y}.", "D."])
    #expect(answers[2].expansions == ["B x.", "B y."])
  }

  @Test(
    "says what is wrong with a label",
    arguments: [
      ("-(a b) Z.", "found label \"a b\", expected lower-case letters and hyphens"),
      ("-() Z.", "found label \"\", expected lower-case letters and hyphens"),
      ("-(a Z.", "found a label that does not end, expected \")\""),
      ("-(a)", "found \"-\" alone, expected a sentence"),
      ("-(a)Z.", "found \"-(a)Z.\", expected \"domain\", \"topic\", or "),
      ("?(a) Z?", "found \"?(a) Z?\", expected \"domain\", \"topic\", or "),
    ])
  func labelErrors(line: String, message: String) {
    let text = Self.head + line
    let error = #expect(throws: InputError.self) { try DomainGrammar(parsing: text, file: "t.txt") }
    #expect(error?.description.hasPrefix("t.txt:7: " + message) == true)
  }

  private static let head = "domain d\ntopic t\n? Q?\n+ A.\n~ C.\n- B.\n"

  @Test(
    "says line and expectation of what is wrong",
    arguments: [
      ("", "t.txt:1: found no domain, expected a line \"domain NAME\""),
      ("domain d\n", "t.txt:2: found no topic, expected at least one"),
      ("topic t", "t.txt:1: found a topic, expected a line \"domain NAME\" first"),
      ("domain\n", "t.txt:1: found name \"\", expected lower-case letters, digits and hyphens"),
      (
        "domain d\ntopic A b",
        "t.txt:2: found name \"A b\", expected lower-case letters, digits and hyphens"
      ),
      (head + "\ndomain e", "t.txt:8: found domain \"e\", expected no other after \"d\""),
      (head + "topic t", "t.txt:7: found topic \"t\" again, expected a name of its own"),
      (
        head + "\n+ Z.",
        "t.txt:8: found \"+\" outside a topic, expected a line \"topic NAME\" first"
      ),
      (
        head + "* Z.",
        "t.txt:7: found \"* Z.\", expected \"domain\", \"topic\", or \"?\", \"+\", \"~\" or \"-\" "
          + "and a space"
      ),
      (
        head + "+Z.",
        "t.txt:7: found \"+Z.\", expected \"domain\", \"topic\", or \"?\", \"+\", \"~\" or \"-\" "
          + "and a space"
      ),
      ("domain d\ntopic t\n+ A.\n~ C.\n- B.", "t.txt:2: t: found no \"?\", expected at least one"),
      (
        "domain d\n\ntopic t\n? Q?\n+ A.\n- B.", "t.txt:3: t: found no \"~\", expected at least one"
      ),
      ("domain d\ntopic t\n? Q?\n~ C.\n- B.", "t.txt:2: t: found no \"+\", expected at least one"),
      ("domain d\ntopic t\n? Q?\n~ C.\n+ B.", "t.txt:2: t: found no \"-\", expected at least one"),
      (head + "+ caf\u{e9}.", "t.txt:7: found a character that is not ASCII"),
      (head + "+ a {b|c", "t.txt:7: found a slot that does not end, expected \"}\""),
      (
        head + "+ a {b|{c|d}}",
        "t.txt:7: found \"{\" within a slot, expected \"}\" first: slots do not nest"
      ),
      (head + "+ a} b", "t.txt:7: found \"}\" outside a slot, expected \"{\" first"),
      (
        head + "+ a|b",
        "t.txt:7: found \"|\" outside a slot, expected it between \"{\" and \"}\""
      ),
      (
        head + "- a {b}",
        "t.txt:7: found a slot with one alternative, expected two or more between \"|\""
      ),
      (head + "- a {b|}", "t.txt:7: found an empty alternative in a slot, expected words"),
      (
        head + "~ a {b|b}",
        "t.txt:7: found the same alternative twice in a slot, expected distinct ones"
      ),
      (
        head + "~ " + String(repeating: "{a|b} ", count: 9),
        "t.txt:7: found slots for more than 256 sentences, expected fewer or smaller "
          + "slots"
      ),
    ])
  func errors(text: String, message: String) {
    let error = #expect(throws: InputError.self) { try DomainGrammar(parsing: text, file: "t.txt") }
    #expect(error?.description == message)
  }
}
