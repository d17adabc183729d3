import Core
import Documents
import Testing

@Suite("YAML trees") struct YAMLTreeTests {
  private func value(
    _ yaml: String, _ limits: YAMLLimits = YAMLLimits(values: 100, levels: 4)
  ) throws -> YAMLValue {
    let source = try TextFile(yaml, file: "f.yaml", limit: .init(bytes: 1 << 16, of: "text"))
    return try YAMLTree.read(source, limits: limits, expected: "a text")
  }

  private func error(_ yaml: String, _ limits: YAMLLimits = .init(values: 100, levels: 4)) -> String
  {
    #expect(throws: InputError.self) { try value(yaml, limits) }?.description ?? ""
  }

  /// All scalars of `value`, each with its path and line.
  private func leaves(_ value: YAMLValue) -> [String] {
    switch value.content {
    case .plain(let text), .quoted(let text): ["\(value.path) \(value.line) \(text)"]
    case .list(let values): values.flatMap(leaves)
    case .mapping(let members): members.flatMap { leaves($0.value) }
    }
  }

  @Test("what an alias stands for keeps its lines and gets the alias's place")
  func aliases() throws {
    let yaml = """
      a: &a
        b: [1, "*2"]
        c: &c text
      d: *a
      e: {<<: *a, c: own}
      *c : 3 * 3
      """
    #expect(
      try leaves(value(yaml)) == [
        "a.b[0] 2 1", "a.b[1] 2 *2", "a.c 3 text", "d.b[0] 2 1", "d.b[1] 2 *2", "d.c 3 text",
        "e.c 5 own", "e.b[0] 2 1", "e.b[1] 2 *2", "text 6 3 * 3",
      ])
  }

  @Test("values without a text are where their keys are")
  func nothing() throws {
    let top = try value("a:\n\nb: ~\nc:\n- \n")
    #expect(leaves(top) == ["a 1 ", "b 3 ~", "c[0] 5 "])
  }

  @Test(
    "mistakes have line and field",
    arguments: [
      ("a: {b: 1, c: 2,\n b: 3}", "f.yaml:2: a.b: found again, expected only the one of line 1"),
      ("a: &a [[x]]\nb: [[*a]]", "f.yaml:2: b[0][0][0]: found more than 3 levels, expected fewer"),
      ("a: &a x\nb: {*a : 1, x: 2}", "f.yaml:2: b.x: found again, expected only the one of line 2"),
      ("a: &a [x]\n*a : 1", "f.yaml:2: found a key that is a list or a mapping, expected a word"),
      ("- {<<: [{a: b}, 3]}", "f.yaml:1: found \"3\" to merge, expected a mapping"),
      ("a: *b", "f.yaml:1: found the alias \"*b\" to nothing"),
      ("a: !x y", "f.yaml:1: a: found the tag \"!x\", expected none"),
      (
        "é: '*'\n\"*\": \u{7}",
        "f.yaml:2: is not YAML: control characters are not allowed, found U+7"
      ),
      ("\"\\x1b\": !x y", "f.yaml:1: \\u{1B}: found the tag \"!x\", expected none"),
    ])
  func mistakes(_ yaml: String, _ message: String) {
    #expect(error(yaml, YAMLLimits(values: 100, levels: 3)) == message)
  }

  @Test("limits are the reader's")
  func limits() throws {
    let yaml = "a: &a [x, x]\nb: [*a, *a]"
    _ = try value(yaml, YAMLLimits(values: 11, levels: 3))
    #expect(
      error(yaml, YAMLLimits(values: 10, levels: 3))
        == "f.yaml:2: b[1]: found more than 10 values, expected fewer; aliases count in full")
    #expect(
      error(yaml, YAMLLimits(values: 11, levels: 1))
        == "f.yaml:1: a[0]: found more than 1 levels, expected fewer")
    #expect(
      error(yaml, YAMLLimits(values: 11, levels: 3, aliases: 1))
        == "f.yaml:1: found 2 aliases, expected at most 1")
    #expect(
      #expect(throws: InputError.self) {
        try TextFile(
          String(repeating: " ", count: 1025), file: "f.yaml", limit: .init(bytes: 1024, of: "plan")
        )
      }?.description == "f.yaml: found more than 1 KiB, expected a shorter plan")
  }
}
