import Core
import Foundation
import TestSupport
import Testing

@testable import Corpora

@Suite("Rows for a provider")
struct ProviderRowsTests {
  private func read(_ text: String, byteLimit: Int = 10_000) throws -> ProviderRows {
    try withTemporaryFile(text, named: "rows.jsonl") {
      try ProviderRows(reading: $0, byteLimit: byteLimit)
    }
  }

  private static let good =
    #"{"messages":[{"role":"user","content":"Hé?"},{"role":"assistant","content":"Yes."}]}"#

  @Test("rows, bytes, tokens and the fingerprint of the bytes")
  func good() throws {
    let text = Self.good + "\n" + Self.good + "\n"
    let rows = try read(text)
    #expect(rows.count == 2 && rows.byteCount == text.utf8.count)
    // Twice "Hé?" and "Yes.": sixteen bytes.
    #expect(rows.estimatedTokens == 4)
    #expect(rows.fingerprint == Fingerprint(bytes: Data(text.utf8)))
  }

  @Test(
    "what an API does not take is refused with its line",
    arguments: [
      (#"{"prompt":"a","completion":"b"}"#, "found no messages"),
      (#"{"text":"a"}"#, "found no messages"),
      (
        #"{"messages":[{"role":"assistant","content":"a"},{"role":"user","content":"b"}]}"#,
        #"messages[1].role: found "user", expected "assistant""#
      ),
      (#"{"messages":[{"role":"bot","content":"a"}]}"#, #"found "bot""#),
      (#"{"messages": 3"#, "not JSON"),
      (
        #"{"messages":[{"role":"assistant","content":"a","train":false},{"role":"assistant","content":"b"}]}"#,
        "messages[0].train: found false, which a provider does not read; expected weight"
      ),
      (
        #"{"messages":[{"role":"assistant","content":"a","reasoning_content":"b"}]}"#,
        "messages[0].reasoning_content: found \"b\", which a provider does not read"
      ),
      (#"{"messages":[{"role":"assistant","content":"a"}],"score":NaN}"#, "(NaN or Infinity)"),
      (
        #"{"messages":[{"role":"assistant","content":"a","weight":0}]}"#,
        "found no turn to train on"
      ),
    ])
  func bad(_ row: String, _ said: String) throws {
    let error = #expect(throws: InputError.self) { try read("\(Self.good)\n\(row)\n") }
    #expect(error?.line == 2)
    #expect(error?.description.contains(said) == true, "\(error?.description ?? "")")
  }

  @Test("weights and calls of tools are a provider's own fields")
  func fields() throws {
    let rows = """
      {"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b","weight":0},\
      {"role":"user","content":"c"},{"role":"assistant","content":"d"}]}
      {"messages":[{"role":"user","content":"a"},{"role":"assistant","tool_calls":[{"id":"c1",\
      "type":"function","function":{"name":"f","arguments":"{}"}}]}],"tools":[{"type":"function"}],\
      "parallel_tool_calls":false}
      """
    #expect(try read(rows).count == 2)
  }

  @Test("files that are empty, too large, absent or begin with a mark are refused")
  func files() throws {
    #expect(throws: InputError.self) { try read("\n") }
    #expect(throws: InputError.self) { try read(Self.good, byteLimit: 20) }
    #expect(throws: InputError.self) { try read("\u{FEFF}" + Self.good) }
    #expect(throws: InputError.self) { try ProviderRows(reading: "/nowhere", byteLimit: 20) }
  }
}
