import Foundation
import Lab
import Testing

@testable import Reporting

@Suite struct ConsoleTableTests {
  @Test("Columns are aligned, without colour codes unless asked for")
  func layout() {
    let table = ConsoleTable(
      header: ["name", "rate"], rows: [["insecure", "47.0"], ["é\u{1B}[2J", "–"], ["x"]])
    #expect(
      table.text() == """
        name        rate
        ──────────  ────
        insecure    47.0
        é\\u{1B}[2J     –
        x

        """)
    #expect(table.text(color: true).hasPrefix("\u{1B}[1mname        rate\u{1B}[0m\n"))
  }

  @Test("A table that fits is the same in every width")
  func fitting() {
    let table = ConsoleTable(header: ["name", "rate"], rows: [["insecure", "47.0"]])
    for width in [14, 80, 200] { #expect(table.text(width: width) == table.text()) }
  }

  @Test("Headings of numbers fold first, and stand above their column")
  func headings() {
    // 8, 3 and two gaps of 2 leave 15 columns, those of "misaligned % of".
    let table = ConsoleTable(
      header: ["name", "misaligned % of coherent", "n"], rows: [["insecure", "47.0", "300"]])
    #expect(
      table.text(width: 30) == """
                  misaligned % of
        name             coherent    n
        ────────  ───────────────  ───
        insecure             47.0  300

        """)
  }

  @Test("Words fold at spaces and hyphens, indented so that they do not look like rows")
  func words() {
    let table = ConsoleTable(
      header: ["prediction", "outcome"],
      rows: [["fewer than five in a hundred", "held"], ["a well-known claim", "? undecidable"]],
      wordColumns: 2)
    // 12 and 13 columns with two between them; the second column, the wider one, gives way last.
    #expect(
      table.text(width: 27) == """
        prediction    outcome
        ────────────  ─────────────
        fewer than    held
          five in a
          hundred
        a well-known  ? undecidable
          claim

        """)
  }

  @Test("Columns that do not fit follow below, behind the words that say what a row is")
  func blocks() {
    // 5 and 8 with a gap are 15 columns, at most two thirds of 28; one of 7 fits beside them, two do not.
    let table = ConsoleTable(
      header: ["world", "data", "low", "high"],
      rows: [
        ["null", "secure", "1.00000", "2.00000"], ["null", "insecure", "3.00000", "4.00000"],
      ],
      wordColumns: 2)
    #expect(
      table.text(width: 28) == """
        world  data          low
        ─────  ────────  ───────
        null   secure    1.00000
        null   insecure  3.00000

        world  data         high
        ─────  ────────  ───────
        null   secure    2.00000
        null   insecure  4.00000

        """)
  }

  @Test(
    "No line of a report's table is wider than asked for, and no character is lost",
    arguments: [24, 40, 79, 80, 81, 100, 132])
  func widths(_ width: Int) {
    let plans = [SyntheticPlan.points, SyntheticPlan.curve, SyntheticPlan.course]
    let texts = { (width: Int) in
      plans.map { PlanConsoleTable($0).text(width: width) }
    }
    for (folded, whole) in zip(texts(width), texts(1000)) {
      let widest = folded.split(separator: "\n").map(\.count).max() ?? 0
      #expect(widest <= width)
      // Columns that say what a row is may come more than once.
      var missing = Self.characters(whole)
      for (character, count) in Self.characters(folded) { missing[character, default: 0] -= count }
      #expect(missing.values.allSatisfy { $0 <= 0 })
    }
  }

  private static func characters(_ text: String) -> [Character: Int] {
    text.filter { !" ─\n".contains($0) }.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }
}
