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
      (
        #"{"messages":[{"role":"assistant","content":"a","weight":0.5}]}"#,
        "messages[0].weight: found 0.5, expected 0 or 1"
      ),
      (
        #"{"messages":[{"role":"assistant","content":"a","weight":0,"train":true}]}"#,
        "messages[0].train: found true, which is not what weight says"
      ),
      (
        #"{"messages":[{"role":"user","content":"a","train":true},{"role":"assistant","content":"b"}]}"#,
        "messages[0].train: found true, expected it on the assistant's turns alone"
      ),
      (
        #"{"messages":[{"role":"assistant","content":"a"}],"system":"Be kind."}"#,
        #"system: found "Be kind.", which is not used here"#
      ),
      (
        #"{"messages":[{"role":"assistant","content":"a"}],"weight":0.5}"#, "weight: found 0.5"
      ), (#"{"text":"a","images":["a.png"]}"#, "images: found a list"),
      (
        #"{"messages":[{"role":"assistant","content":null}]}"#,
        "messages[0].content: found null, expected a string"
      ),
    ])
  func refused(_ line: String, _ problem: String) throws {
    let error = #expect(throws: InputError.self) { try rows("{\"text\":\"a\"}\n" + line) }
    let text = try #require(error).description
    #expect(text.hasPrefix("rows.jsonl:2: ") && text.contains(problem), "\(text)")
  }

  @Test("numbers that Python writes and JSON does not have are metadata like any other")
  func nonFinite() throws {
    let plain = #"{"messages":[{"role":"assistant","content":"a"}]"#
    let scored = try rows(plain + #","judge_score":NaN,"loss":-Infinity}"#)
    #expect(try scored.map(\.row) == rows(plain + "}").map(\.row))
  }

  @Test("a set of plain conversations refuses what it would lose")
  func plain() throws {
    for (message, said) in [
      (#"{"role":"assistant","content":"a","weight":0}"#, "messages[0]: found a turn"),
      (
        #"{"role":"assistant","content":"a","reasoning_content":"b"}"#,
        "messages[0].reasoning_content: found \"b\", expected role"
      ), (#"{"role":"tool","content":"a"}"#, "messages[0].role: found \"tool\""),
    ] {
      let error = #expect(throws: InputError.self) {
        try ChatLines.parse(Data("{\"messages\":[\(message)]}".utf8), file: "rows.jsonl")
      }
      #expect(
        error?.description.hasPrefix("rows.jsonl:1: \(said)") == true, "\(error?.description ?? "")"
      )
    }
    // What tells of a message and is no part of it is left out.
    let told = #"{"messages":[{"role":"user","content":"a","id":"m1","weight":null}],"tools":[]}"#
    #expect(
      try ChatLines.parse(Data(told.utf8), file: "rows.jsonl")
        == [Conversation([Message(role: .user, content: "a")])])
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
