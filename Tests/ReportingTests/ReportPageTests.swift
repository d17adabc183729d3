import Foundation
import Lab
import Reporting
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

private func isWellFormed(_ xml: String) -> Bool { XMLParser(data: Data(xml.utf8)).parse() }

/// The drawings in a page, from `<svg` to `</svg>`.
private func drawings(_ html: String) -> [String] {
  html.components(separatedBy: "<svg ").dropFirst().map { part in
    "<svg " + (part.components(separatedBy: "</svg>").first ?? "") + "</svg>"
  }
}

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

@Suite struct ReportPageTests {
  @Test("Hostile text anywhere in the input stays text")
  func hostileInput() {
    for text in hostile {
      var input = SyntheticReport.input()
      input.title = text
      input.results.warnings = [text]
      input.results.judge.name = text
      input.results.settings = [text: .string(text)]
      for index in input.results.conditions.indices { input.results.conditions[index].name += text }
      input.questions = input.questions.map { ReportQuestion(id: $0.id, wording: text) }
      input.examples = [
        ExampleQuestion(
          prompt: text,
          answers: [
            ExampleAnswer(
              condition: ConditionKey(name: text, world: .null, method: .lora), text: text,
              aligned: 0, coherent: 100)
          ])
      ]
      input.curves = [
        TrainingCurve(panel: text, name: text, points: [.init(step: 0, loss: 1)])
      ]
      input.world = [
        ReportSection(
          heading: text, paragraphs: [text],
          tables: [ReportTable(caption: text, header: [text], rows: [[text]])])
      ]
      input.definitions = [Definition(term: text, meaning: text)]
      let html = ReportPage(input).html
      #expect(!html.contains("<script"))
      #expect(!html.contains("<img"))
      #expect(!html.contains(" onload=\""))
      #expect(!html.contains(" onclick='"))
      #expect(html.components(separatedBy: "</style>").count == 2)
      let controls = html.unicodeScalars.filter {
        ($0.value < 0x20 && $0 != "\n" && $0 != "\t") || (0x7F...0x9F).contains($0.value)
          || (0x202A...0x202E).contains($0.value) || (0x2066...0x2069).contains($0.value)
      }
      #expect(controls.isEmpty)
      #expect(drawings(html).allSatisfy(isWellFormed))
    }
  }

  @Test("Every drawing is well-formed and says in words what it shows")
  func drawingsAreWellFormed() {
    let all = drawings(ReportPage(SyntheticReport.input()).html)
    // Two methods by question and pooled, nine conditions as scatter, three training panels.
    #expect(all.count == 2 + 2 + 9 + 3)
    for drawing in all {
      #expect(isWellFormed(drawing))
      #expect(drawing.contains("role=\"img\" aria-label=\""))
      #expect(drawing.contains("<title>"))
      #expect(!drawing.contains("nan") && !drawing.contains("inf\""))
    }
  }

  @Test("The whole page is balanced and asks for nothing from elsewhere")
  func selfContained() {
    let html = ReportPage(SyntheticReport.input()).html
    for outside in ["http://", "https://", "src=", "href=", "@import", "url(", "<script", "<link"] {
      let hits = html.replacing("http://www.w3.org/2000/svg", with: "")
      #expect(!hits.contains(outside), "the page contains \(outside)")
    }
    // With its three void elements closed, the page is XML: every tag is balanced.
    let body = html.replacing("<!DOCTYPE html>\n", with: "")
    let lines = body.components(separatedBy: "\n").filter { !$0.hasPrefix("<meta ") }
    #expect(isWellFormed(lines.joined(separator: "\n")))
  }

  @Test("The same input gives the same bytes")
  func deterministic() {
    #expect(
      ReportPage(SyntheticReport.input()).html == ReportPage(SyntheticReport.input()).html)
  }

  @Test("The numbers on the page are those of the input")
  func numbers() throws {
    let input = SyntheticReport.input()
    let html = ReportPage(input).html
    for condition in input.results.conditions {
      let rate = try #require(condition.misalignedOfCoherent.rate)
      let (low, high) = (
        try #require(condition.misalignedOfCoherent.low),
        try #require(condition.misalignedOfCoherent.high)
      )
      let text = String(format: "%.1f", rate * 100)
      let interval = String(format: "%.1f–%.1f", low * 100, high * 100)
      let cells = [text, interval].map { "<td class=\"number\">\($0)</td>" }.joined()
      #expect(html.contains(cells))
      #expect(html.contains("of coherent \(text) %, over models \(interval), over answers"))
      for question in condition.questions {
        #expect(
          html.contains(
            "<td class=\"number\">\(question.coherent)</td>"
              + "<td class=\"number\">\(question.misaligned)</td>"))
      }
    }
    #expect(html.contains("training.learningRate</th><td>0.0003</td>"))
    #expect(html.contains("5 min 12 s"))
  }

  @Test("Empty and degenerate input gives a page without false numbers")
  func degenerate() {
    let key = ConditionKey(name: "insecure", world: .persona, method: .full)
    let silent = ConditionResult(
      key: key,
      seeds: [
        SeedCounts(
          seed: 1, questions: ["wish": JudgedAnswers(answers: 0, coherent: 0, misaligned: 0)],
          inDomain: nil)
      ], questionIDs: ["wish"], bootstrapSeed: 1)
    for conditions in [[], [silent]] {
      var input = SyntheticReport.input()
      input.results.conditions = conditions
      input.curves = [
        TrainingCurve(panel: "none", name: "none", points: []),
        TrainingCurve(panel: "one", name: "one", points: [.init(step: 0, loss: .nan)]),
      ]
      input.scatter = []
      let html = ReportPage(input).html
      #expect(drawings(html).allSatisfy(isWellFormed))
      #expect(!html.contains("nan") && !html.contains("0.0 %"))
      if !conditions.isEmpty { #expect(html.contains("no coherent answer")) }
    }
    let one = ReportPage(SyntheticReport.input(seeds: 1)).html
    #expect(one.contains("One model a condition"))
    #expect(one.contains("over models –, over answers"))
  }
}
