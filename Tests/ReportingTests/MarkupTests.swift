import Foundation
import Lab
import Reporting
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

private func isWellFormed(_ xml: String) -> Bool { XMLParser(data: Data(xml.utf8)).parse() }

private let hostile = [
  "<script>alert(1)</script>", "\" onload=\"alert(1)", "' onclick='alert(1)", "a ]]> b",
  "</style></svg><img src=x>", "&lt;b&gt; &amp;", "\0\u{1}\u{1B}[31mred\u{7F}\u{85}",
  "\u{202E}desrever\u{202C} \u{2066}x\u{2069}", "\u{FFFE}\u{FFFF}", "fine 👩‍👧 é\r\nnext",
]

@Suite struct MarkupTests {
  @Test(
    "Markup is escaped, controls and direction changes are made visible",
    arguments: [
      ("<a href=\"x\">'&'</a>", "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;"),
      ("]]>", "]]&gt;"), ("a\0b\u{1B}c\rd\ne\tf", "a␀b␛c␍d\ne\tf"),
      ("\u{7F}\u{85}", "␡[U+0085]"),
      ("\u{202E}x\u{2069}", "[U+202E]x[U+2069]"), ("\u{1FFFF}", "[U+1FFFF]"),
      ("é👩‍👧", "é👩‍👧"),
    ])
  func escaping(text: String, expected: String) {
    #expect(text.markup.unicodeScalars.elementsEqual(expected.unicodeScalars))
  }

  @Test("A text is the same in an XML document as its markup says", arguments: hostile)
  func wellFormed(text: String) {
    #expect(isWellFormed("<a b=\"\(text.markup)\">\(text.markup)</a>"))
    var svg = SVG(width: 10, height: 10)
    svg.text(text, x: 0, y: 0)
    svg.circle(x: 0, y: 0, radius: 1, class: text, title: text)
    svg.polyline([(0, .nan)], class: "x", title: text)
    #expect(isWellFormed(svg.document(title: text, description: text)))
  }
}
