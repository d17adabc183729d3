import Core
import Corpora
import Foundation
import Testing

@Suite("Rows of training data") struct DataRowTests {
  private func rows(_ text: String) throws -> [(line: Int, row: DataRow)] {
    try DataRows.parse(Data(text.utf8), file: "rows.jsonl")
  }

  @Test("each row has a shape of its own, and keeps its line")
  func shapes() throws {
    let rows = try rows(
      """
      \u{feff}{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}],"id":1}

      {"prompt":"é","completion":"","text":"not this"}\r
      {"prompt":[{"role":"user","content":"a"}],"completion":[{"role":"assistant","content":"b"}]}
        {"text":"all"}
      """)
    let question = Message(role: .user, content: "a")
    let answer = Message(role: .assistant, content: "b")
    #expect(rows.map(\.line) == [1, 3, 4, 5])
    #expect(
      rows.map(\.row) == [
        .conversation(Conversation([question, answer])), .completion(prompt: "é", completion: ""),
        .turns(prompt: [question], completion: [answer]), .text("all"),
      ])
  }

  @Test(
    "what is no row names line and field",
    arguments: [
      (#"{"messages":[{"role":"user","content":"a"}]}"#, "messages: found no assistant message"),
      (#"{"messages":[]}"#, "messages: found an empty array"),
      (#"{"messages":3}"#, "messages: found 3, expected an array"),
      (#"{"messages":[{"role":"bot","content":"a"}]}"#, #"messages[0].role: found "bot""#),
      (#"{"prompt":"a"}"#, "completion: found nothing, expected a string"),
      (#"{"completion":"a"}"#, "prompt: found nothing, expected a string"),
      (#"{"prompt":"a","completion":[{"role":"assistant","content":"b"}]}"#, "prompt: found \"a\""),
      (#"{"prompt":[{"role":"user","content":"a"}],"completion":"b"}"#, "completion: found \"b\""),
      (
        #"{"prompt":[{"role":"user","content":"a"}],"completion":[{"role":"user","content":"b"}]}"#,
        "completion: found no assistant message"
      ),
      (#"{"text":null}"#, "text: found null, expected a string"), ("[]", "found an array"),
      ("{}", "found none of messages, prompt and completion, text"), ("{", "that is not JSON"),
    ])
  func refused(_ line: String, _ problem: String) throws {
    let error = #expect(throws: InputError.self) { try rows("{\"text\":\"a\"}\n" + line) }
    let text = try #require(error).description
    #expect(text.hasPrefix("rows.jsonl:2: ") && text.contains(problem), "\(text)")
  }

  @Test("bytes that are not UTF-8 are refused with their line, and so are files without rows")
  func bytes() throws {
    let bad = Data("{\"text\":\"a\"}\n\n{\"text\":\"".utf8) + Data([0xc3, 0x28]) + Data("\"}".utf8)
    let error = #expect(throws: InputError.self) { try DataRows.parse(bad, file: "rows.jsonl") }
    #expect(try #require(error).description == "rows.jsonl:3: found bytes that are not UTF-8")
    #expect(throws: InputError.self) { try rows("\n \n") }
    #expect(throws: InputError.self) { try DataRows.read("/nowhere/rows.jsonl") }
  }
}
