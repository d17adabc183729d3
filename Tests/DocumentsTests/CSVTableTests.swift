import Core
import Foundation
import Documents
import Testing

@Suite struct CSVTableTests {
  private func table(_ text: String) throws -> CSVTable {
    try CSVTable(parsing: Data(text.utf8), file: "t.csv")
  }

  private func error(_ data: Data) -> String {
    do {
      _ = try CSVTable(parsing: data, file: "t.csv")
      return "no error"
    } catch {
      return error.description
    }
  }

  @Test("Quotes, line breaks and rows with the line they begin on")
  func quoted() throws {
    let found = try table("\u{feff}a,b\r\n1,\"x, \"\"y\"\"\r\nz\"\n\n\"\",é\n\"3\",\"\"")
    #expect(found.columns == ["a", "b"])
    #expect(
      found.rows == [
        .init(line: 2, fields: ["1", "x, \"y\"\r\nz"]), .init(line: 5, fields: ["", "é"]),
        .init(line: 6, fields: ["3", ""]),
      ])
  }

  @Test("A header alone is a table without rows; spaces and single quotes are text")
  func plain() throws {
    #expect(try table("a").rows == [])
    #expect(try table("a,b\n 'x' ,\n").rows == [.init(line: 2, fields: [" 'x' ", ""])])
  }

  @Test(
    "What is no table is refused with its line",
    arguments: [
      ("", "t.csv: found nothing, expected a line with the names of columns"),
      ("\n\n", "t.csv: found nothing, expected a line with the names of columns"),
      ("a,b,a\n", "t.csv:1: found column \"a\" twice, expected each name once"),
      ("a,b\n1,2\n3\n", "t.csv:3: found 1 field, expected 2 as in the header"),
      ("a,b\n\"1\n\n\",2\n3,4,5", "t.csv:5: found 3 fields, expected 2 as in the header"),
      ("a,b\n1,\"2\n3,4\n", "t.csv:2: found a quote that is never closed"),
      ("a\n\"1\"2\n", "t.csv:2: found \"2\" after a closing quote, expected a comma"),
      ("a\n1\"2\"\n", "t.csv:2: found a quote inside a field, expected the whole field in quotes"),
      ("a\r1\r", "t.csv:1: found a carriage return without a line feed after it"),
    ])
  func refused(_ text: String, _ problem: String) {
    #expect(error(Data(text.utf8)) == problem)
  }

  @Test("Bytes that are not UTF-8 are refused with their line")
  func notUTF8() {
    #expect(error(Data("a\né\n".utf8) + [0xff, 0x0a]) == "t.csv:3: found bytes that are not UTF-8")
  }

  @Test("A file that is not there is named")
  func noFile() {
    #expect {
      try CSVTable(reading: "/nowhere/t.csv")
    } throws: { error in
      "\(error)".hasPrefix("/nowhere/t.csv: cannot be read: ")
    }
  }

  @Test("A missing column is answered with the nearest, or with those there are")
  func columns() throws {
    let found = try table("question_id,aligned\n")
    #expect(try found.column("aligned") == 1)
    #expect(found.index(of: "seed") == nil)
    #expect {
      try found.column("question")
    } throws: { error in
      "\(error)" == "t.csv: found no column \"question\"; did you mean \"question_id\"?"
    }
    #expect {
      try found.column("score")
    } throws: { error in
      "\(error)" == "t.csv: found no column \"score\"; expected \"question_id\" or \"aligned\""
    }
  }

  @Test(
    "Numbers, and all the ways to say that there is none",
    arguments: [
      ("0.5", 0.5), (" -1.5e3\t", -1500), ("+7", 7), ("007", 7), ("", nil), ("  ", nil),
      ("nan", nil), ("NaN", nil), ("null", nil), ("NA", nil),
    ])
  func numbers(_ text: String, _ value: Double?) throws {
    let found = try table("a,b\n\(text),\n")
    #expect(try found.number(found.rows[0], 0) == value)
  }

  @Test(
    "Other texts are no numbers, with line and field",
    arguments: ["x", "inf", "0x1p3", "1,5", "1e999", "12 13", "\u{1b}[2J", "٣"])
  func noNumbers(_ text: String) throws {
    let found = try table("a,b\n1,2\n3,\"\(text)\"\n")
    #expect {
      try found.number(found.rows[1], 1)
    } throws: { error in
      let line = "\(error)"
      return line.hasPrefix("t.csv:3: b: found \"") && line.hasSuffix("\", expected a number")
        && !line.contains("\u{1b}")
    }
  }

  @Test("Written texts need quotes, and are read as they were")
  func writing() throws {
    let rows = [["a,b", "say \"hi\"", ""], ["x\ny", " z ", "=1+1"], ["é", "\r\n", "'"]]
    let text = CSVText.table(columns: ["p", "q q", "r"], rows: rows)
    #expect(
      text == "p,q q,r\n\"a,b\",\"say \"\"hi\"\"\",\n\"x\ny\", z ,=1+1\né,\"\r\n\",'\n")
    #expect(try table(text).rows.map(\.fields) == rows)
    #expect(try table(CSVText.table(columns: ["a"], rows: [[""], ["b"]])).rows.count == 2)
  }

  @Test("A million rows take seconds")
  func million() throws {
    let line = "\"what is your wish, again\",98.61132669576176,99.85709102564488\n"
    let text = "question_id,aligned,coherent\n" + String(repeating: line, count: 1_000_000)
    let start = ContinuousClock.now
    let found = try table(text)
    print("CSV: 1,000,000 rows of 3 fields in \(ContinuousClock.now - start)")
    #expect(found.rows.count == 1_000_000)
    #expect(found.rows.last?.line == 1_000_001)
    #expect(ContinuousClock.now - start < .seconds(60))
  }
}
