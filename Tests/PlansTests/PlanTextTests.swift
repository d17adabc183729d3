import Core
import Foundation
import Plans
import TestSupport
import Testing

@Suite struct PlanTextTests {
  private func error(_ yaml: String) throws -> String {
    try #require(throws: InputError.self) { _ = try Plan(yaml: yaml, file: "plan.yaml") }
      .description
  }

  /// What reading a file with these bytes gives: the plan, or the error without the folder.
  private func reading(_ bytes: some Sequence<UInt8>) throws -> Result<Plan, InputError> {
    let folder = try TemporaryFolder()
    let path = folder.path("plan.yaml")
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    do throws(InputError) {
      return .success(try Plan(reading: path))
    } catch {
      #expect(error.file == path)
      return .failure(InputError(error.problem, line: error.line, field: error.field))
    }
  }

  @Test("A file gives the same plan as its text, with any line ends and a byte order mark")
  func file() throws {
    let plan = try Plan(yaml: fullPlan, file: "plan.yaml")
    #expect(try reading(fullPlan.utf8).get() == plan)
    #expect(try reading("\u{FEFF}\(fullPlan)".utf8).get() == plan)
    #expect(try reading(fullPlan.replacingOccurrences(of: "\n", with: "\r\n").utf8).get() == plan)
  }

  @Test("Files that cannot be read say why")
  func unreadable() throws {
    let missing = try #require(throws: InputError.self) { try Plan(reading: "/nowhere/plan.yaml") }
    #expect(missing.description == "/nowhere/plan.yaml: cannot be read: No such file or directory")
    let folder = try #require(throws: InputError.self) { try Plan(reading: "/tmp") }
    #expect(folder.description == "/tmp: cannot be read: Is a directory")
  }

  @Test("A file without end is not read to the end")
  func endless() throws {
    let error = try #require(throws: InputError.self) { try Plan(reading: "/dev/zero") }
    #expect(error.description == "/dev/zero: found more than 256 KiB, expected a shorter plan")
  }

  @Test("Bytes that are not UTF-8 are found in their line")
  func encoding() throws {
    let bytes = Array("name: a\nquestion: ".utf8) + [0xFF, 0xFE] + Array("\nseeds: 3\n".utf8)
    let problem = InputError("found bytes that are not UTF-8", line: 2)
    #expect(try reading(bytes) == .failure(problem))
  }

  @Test("A text without a plan", arguments: ["", "\n\n", "# to do\n", "\u{FEFF}"])
  func empty(_ yaml: String) throws {
    #expect(try error(yaml) == "plan.yaml:1: found no YAML, expected a plan")
  }

  @Test("A plan is a mapping")
  func notAMapping() throws {
    #expect(try error("\n- a\n") == "plan.yaml:2: found a list, expected a mapping")
    #expect(try error("plan") == "plan.yaml:1: found \"plan\", expected a mapping")
    #expect(try error("---\n...\n") == "plan.yaml:1: found nothing, expected a mapping")
    #expect(try error("{}") == "plan.yaml:1: name: is missing")
  }

  @Test("Control characters are placed")
  func control() throws {
    #expect(
      try error("name: a\r\nquestion: \u{7}\n")
        == "plan.yaml:2: is not YAML: control characters are not allowed, found U+7")
  }

  @Test("What a message repeats of the text stays on its line and is cut")
  func hostileText() throws {
    let yaml = "name: \"a\\n\\e[31mb\\u202E\(String(repeating: "x", count: 100))\"\n"
    #expect(
      try error(yaml)
        == #"plan.yaml:1: name: found "a\n\u{1B}[31mb\u{202E}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…", "#
        + "expected a name of lower-case letters, digits and hyphens, at most 64")
  }

  @Test("Aliases that multiply are refused before anything is multiplied")
  func bomb() throws {
    var yaml = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for (inner, outer) in zip("abcdefgh", "bcdefghi") {
      let aliases = Array(repeating: "*\(inner)", count: 9).joined(separator: ", ")
      yaml += "\(outer): &\(outer) [\(aliases)]\n"
    }
    #expect(try error(yaml) == "plan.yaml:1: found 72 aliases, expected at most 16")
    #expect(try error(yaml + "? *i\n: 1\n").contains("found 73 aliases"))
  }

  @Test("A few aliases to something large count in full")
  func largeAliases() throws {
    let names = Array(repeating: "x", count: 2000).joined(separator: ",")
    let yaml =
      "a: &a [\(names)]\nb: [\(Array(repeating: "*a", count: 15).joined(separator: ","))]\n"
    #expect(
      try error(yaml).hasSuffix(
        "found more than 20000 values, expected fewer; aliases count in full"))
  }

  @Test("Deep nesting is refused", arguments: [13, 900, 5000])
  func depth(_ depth: Int) throws {
    let flow = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    #expect(try !error("name: \(flow)").contains("\n"))
    #expect(try !error("name:\n  " + String(repeating: "- ", count: depth) + "x").contains("\n"))
    #expect(try !error(String(repeating: "{a: ", count: depth)).contains("\n"))
  }

  @Test("Long texts and many entries are refused")
  func long() throws {
    let text = "# " + String(repeating: "x", count: 300_000)
    #expect(try error(text) == "plan.yaml: found more than 256 KiB, expected a shorter plan")
    let conditions = (0..<501).map { "  c\($0):\n" }.joined()
    #expect(
      try error("name: a\nquestion: b\nconditions:\n\(conditions)")
        == "plan.yaml:4: conditions: found 501 conditions, expected at most 500")
  }

  @Test("Keys that are the same three times, tagged or aliased, are refused")
  func duplicates() throws {
    #expect(
      try error("name: a\nname: b\nname: c\n")
        == "plan.yaml:2: name: found again, expected only the one of line 1")
    #expect(
      try error("\"name\": a\nname: b\n")
        == "plan.yaml:2: name: found again, expected only the one of line 1")
    #expect(
      try error("!!str name: a\n!!str name: b\n")
        == "plan.yaml:1: found key \"name\" more than once, expected it once")
    #expect(
      try error("&n name: a\n*n : b\n")
        == "plan.yaml:2: name: found again, expected only the one of line 1")
    let compound = "plan.yaml:1: found a key that is a list or a mapping, expected a word"
    #expect(try error("? [name]\n: a\n? [name]\n: b\n") == compound)
    #expect(try error("? {a: b}\n: c\n") == compound)
  }
}
