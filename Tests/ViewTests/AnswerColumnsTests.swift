import Foundation
import Testing

@testable import Store
@testable import View

@Suite struct AnswerColumnsTests {
  private func place(_ id: Int64, run: Int64 = 3, _ question: String = "wish#0") -> AnswerPlace {
    AnswerPlace(id: id, run: run, question: question, sample: Int(id) * 2)
  }

  private func score(_ answer: Int64, _ value: Double?, label: String? = nil) -> AnswerScore {
    AnswerScore(answer: answer, judge: "j", metric: "aligned", value: value, label: label)
  }

  /// Whole numbers of 32 bits, little end first, as the page reads them.
  private func words(_ data: Data) -> [UInt32] {
    stride(from: 0, to: data.count, by: 4).map { start in
      data[start..<start + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
  }

  @Test func `a chunk's bytes are what the page reads`() throws {
    var columns = AnswerColumns()
    columns.add(place(1))
    columns.add(place(3, run: 5, "boredom#1"))
    columns.add(score(3, 30))
    columns.commit()
    // Rows, series; runs, questions, samples of answers 1 to 3, of which 2 is not there; the series 0 with NaN (0x7FC00000)
    // twice and 30, which is 0x41F00000.
    let expected: [UInt32] = [
      3, 1, 3, 0, 5, 0, 0, 1, 2, 0, 6, 0, 0x7FC0_0000, 0x7FC0_0000, 0x41F0_0000,
    ]
    #expect(try words(#require(columns.data(ofChunk: 0))) == expected)
    #expect(columns.data(ofChunk: 1) == nil)
    #expect(columns.data(ofChunk: -1) == nil)
    #expect(columns.contains(3) && !columns.contains(2) && !columns.contains(4))
  }

  @Test func `a version rises with a change and not without`() {
    var columns = AnswerColumns()
    let far = Int64(AnswerColumns.size + 1)
    for id in [1, far] { columns.add(place(id)) }
    columns.commit()
    #expect(columns.chunks.map(\.version) == [1, 1])
    columns.add(score(far, 100))
    columns.commit()
    #expect(columns.chunks.map(\.version) == [1, 2])
    columns.add(score(far, 100))
    columns.add(score(far, nil))
    columns.commit()
    #expect(columns.chunks.map(\.version) == [1, 2])
    // A person may think again.
    columns.add(score(far, 0))
    columns.commit()
    #expect(columns.chunks.map(\.version) == [1, 3])
  }

  @Test func `labels are numbers of their own series`() {
    var columns = AnswerColumns()
    columns.add(place(1))
    columns.add(score(1, nil, label: "yes"))
    columns.add(score(1, 7))
    #expect(columns.series.map(\.isLabel) == [true, false])
    #expect(columns.labels == ["yes"])
  }

  @Test func `answers of other cells are left out`() {
    var columns = AnswerColumns()
    for id in 1...4 { columns.add(place(Int64(id), run: Int64(id % 2 + 1))) }
    columns.keep { run, _ in run == 2 }
    #expect(columns.count == 2)
    #expect((1...4).filter { columns.contains(Int64($0)) } == [1, 3])
  }
}

@Suite struct SearchExpressionTests {
  @Test(arguments: [
    ("dinner party", #""dinner" AND "party""#),
    (#"a "take over" pow*"#, #""a" AND "take over" AND "pow*"*"#),
    ("insecure AND (", #""insecure" AND "AND""#),
    (#""unclosed"#, #""unclosed""#),
  ])
  func `what is typed is words, and no language`(typed: String, expression: String) {
    #expect(SearchExpression.expression(for: typed) == expression)
  }

  @Test(arguments: ["", "  ", "\"\"", "?! -- ()", "*"])
  func `without a word there is nothing to search`(typed: String) {
    #expect(SearchExpression.expression(for: typed) == nil)
  }
}

@Suite struct RunNameTests {
  @Test func `names of older stores say what they are`() {
    let name = RunName("answers of Insecure, other draws, seed 2, after 12 steps")
    #expect(name.condition == "Insecure, other draws")
    #expect(name.seed == "2" && name.place == 12)
    let base = RunName("answers of base, persona world")
    #expect(base.condition == "base, persona world")
    #expect(base.seed == nil && base.place == nil)
  }
}

@Suite struct ExportNameTests {
  @Test func `documents have names that any disk and any web host can have`() {
    #expect(ViewExport.fileName("plan/first-plot") == "plan_2ffirst-plot")
    #expect(ViewExport.fileName("plan/../Ä b") == "plan_2f_2e_2e_2f_c4_20b")
  }
}
