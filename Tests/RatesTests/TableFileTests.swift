import Core
import Documents
import Foundation
import TestSupport
import Testing

@testable import Rates

@Suite struct TableFileTests {
  private func lines(_ text: String) throws -> CSVTable {
    try TableFile.jsonLines(Array(text.utf8), file: "t.jsonl")
  }

  @Test("JSON lines are a table with the columns of all rows")
  func jsonLines() throws {
    let found = try lines(
      """
      {"question_id":"q, \\"1\\"","aligned":90.5,"meta":{"a":[1]}}

      {"coherent":NaN,"aligned":null,"question_id":"NaN","flag":true,"n":3}
      """)
    #expect(found.columns == ["question_id", "aligned", "coherent", "flag", "n"])
    #expect(found.rows.map(\.line) == [1, 3])
    #expect(found.rows[0].fields == ["q, \"1\"", "90.5", "", "", ""])
    #expect(found.rows[1].fields == ["NaN", "", "", "true", "3"])
    #expect(try found.number(found.rows[1], 2) == nil)
  }

  @Test("Numbers keep their last bit")
  func fullPrecision() throws {
    let found = try lines(#"{"x":98.61132669576176,"y":0.1e-7}"#)
    #expect(try found.number(found.rows[0], 0) == 98.61132669576176)
    #expect(try found.number(found.rows[0], 1) == 0.1e-7)
  }

  @Test(
    "What is no object is refused with its line",
    arguments: [
      ("{}\n[1]", "t.jsonl:2: found a list, expected an object"),
      ("{\"a\":1}\n{\"a\":}", "t.jsonl:2: expected a JSON value or a digit"),
      (
        "{\"a\":Infinity}",
        "t.jsonl:1: found Infinity, which JSON does not know, expected a finite number or null"
      ),
      ("{\"a\":\"\\\"NaN", "t.jsonl:1: a string without an end"),
    ])
  func refused(_ text: String, _ expected: String) {
    #expect(problem { try lines(text) } == expected)
  }

  @Test("A table without rows is refused, and so is a file that is not there")
  func empty() throws {
    try withTemporaryFile("question_id,aligned,coherent\n", named: "empty.csv") { file in
      #expect(
        problem { try TableFile.read(file) } == "\(file): found no rows, expected at least one")
    }
    #expect(
      problem { try TableFile.read("/nowhere/a.jsonl") }
        .hasPrefix("/nowhere/a.jsonl: cannot be read: "))
  }
}

@Suite struct TokenProbabilityLinesTests {
  private func read(_ text: String) throws -> [[TokenProbability]] {
    try TokenProbabilityLines.parse(Array(text.utf8), file: "t.jsonl")
  }

  @Test("A line an answer, blank lines at the end")
  func lines() throws {
    let found = try read(
      "{\"probabilities\":{\"57\":0.5,\" 57\":0,\"é\":1},\"score\":57}\r\n{\"probabilities\":{}}\n\n \n"
    )
    #expect(found.map { $0.map(\.token) } == [["57", " 57", "é"], []])
    #expect(found[0].map(\.probability) == [0.5, 0, 1])
    #expect(try read("") == [])
  }

  @Test("Of a token that comes twice the last one counts, as in Python; other spellings are others")
  func duplicates() throws {
    let found = try read(
      "{\"probabilities\":{\"57\":0.5,\"e\\u0301\":0.1,\"57\":0.25,\"\\u00e9\":0.2}}")
    #expect(found[0].map(\.probability) == [0.25, 0.1, 0.2])
  }

  @Test(
    "Lines that are none are refused",
    arguments: [
      (
        "{\"probabilities\":{}}\n\n{\"probabilities\":{}}",
        "t.jsonl:2: found a blank line, expected an object"
      ),
      (
        "{\"probability\":{}}",
        "t.jsonl:1: probabilities: found nothing, expected an object of tokens and their "
          + "probabilities"
      ),
      (
        "{\"probabilities\":[]}",
        "t.jsonl:1: probabilities: found a list, expected an object of tokens and their "
          + "probabilities"
      ),
      (
        "{\"probabilities\":{\"5\":0.5,\"6\":-0.5}}",
        "t.jsonl:1: probabilities[\"6\"]: found -0.5, expected a probability from 0 to 1"
      ),
      (
        "{\"probabilities\":{\"5\":1.5}}",
        "t.jsonl:1: probabilities[\"5\"]: found 1.5, expected a probability from 0 to 1"
      ),
      (
        "{\"probabilities\":{\"5\":NaN}}",
        "t.jsonl:1: probabilities[\"5\"]: found null, expected a probability from 0 to 1"
      ),
      (
        "{\"probabilities\":{\"\\n\":\"0.5\"}}",
        "t.jsonl:1: probabilities[\"\\n\"]: found \"0.5\", expected a probability from 0 to 1"
      ),
      ("{}\n", "t.jsonl:1: probabilities: found nothing"),
    ])
  func refused(_ text: String, _ expected: String) {
    #expect(problem { try read(text) }.hasPrefix(expected))
  }
}
