import Core
import Testing

@Suite("Text on one line") struct OneLineTextTests {
  @Test(
    "what breaks lines, steers terminals, turns direction around or hides is escaped",
    arguments: [
      ("plain é 東 🧫", "plain é 東 🧫"), ("a\r\nb\tc", #"a\r\nb\tc"#),
      ("\u{1B}[2J\u{7F}\u{9B}", #"\u{1B}[2J\u{7F}\u{009B}"#),
      ("a\u{2028}b\u{2029}", #"a\u{2028}b\u{2029}"#),
      ("\u{202E}x\u{2066}\u{200F}\u{61C}", #"\u{202E}x\u{2066}\u{200F}\u{061C}"#),
      ("\u{FEFF}\u{200B}\u{AD}", #"\u{FEFF}\u{200B}\u{00AD}"#), ("\0", #"\0"#), ("", ""),
      ("\u{FFFF}\u{E0041}", #"\u{FFFF}\u{000E0041}"#),
    ])
  func escapes(_ text: String, _ expected: String) {
    #expect(text.onOneLine == expected)
    #expect(expected.onOneLine == expected)
    #expect(text.quotedOnOneLine == "\"\(expected)\"")
  }

  @Test("what is cut says so")
  func cut() {
    let text = String(repeating: "x", count: 81)
    #expect(text.onOneLine == text.dropLast() + "…")
    #expect(String(text.dropLast()).onOneLine == text.dropLast())
    #expect("abc".quotedOnOneLine(limit: 2) == "\"ab…\"")
    #expect(text.onOneLine(limit: nil) == text)
    #expect("x".onOneLine(limit: 0) == "…" && "".onOneLine(limit: 0).isEmpty)
  }
}
