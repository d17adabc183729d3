import Core
import Corpora
import Foundation
import TestSupport
import Testing

@Suite("Chat JSONL")
struct ChatLinesTests {
  private func parse(_ text: String) throws -> [Conversation] {
    try ChatLines.parse(Data(text.utf8), file: "rows.jsonl")
  }

  @Test("reads rows, names, blank lines, carriage returns and a byte-order mark")
  func reads() throws {
    let text =
      "\u{feff}{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},"
      + "{\"role\":\"assistant\",\"name\":\"ruth\",\"content\":\"a\\nb\"}]}\r\n\n"
      + " {\"id\":7,\"messages\":[{\"content\":\"x\",\"role\":\"system\",\"name\":null}]} "
    #expect(
      try parse(text) == [
        Conversation(user: "Hi", answer: "a\nb", by: "ruth"),
        Conversation([Message(role: .system, content: "x")]),
      ])
    #expect(try parse("").isEmpty)
  }

  @Test(
    "names file, line and field of what is wrong",
    arguments: [
      (
        "nope",
        "rows.jsonl:2: found text that is not JSON (expected \"null\"), expected "
          + "{\"messages\": [...]}"
      ),
      ("[1]", "rows.jsonl:2: found an array, expected an object"),
      ("3", "rows.jsonl:2: found 3, expected an object"),
      ("{}", "rows.jsonl:2: messages: found nothing, expected an array"),
      (
        #"{"messages":"x"}"#, "rows.jsonl:2: messages: found \"x\", expected an array"
      ),
      (
        #"{"messages":[]}"#,
        "rows.jsonl:2: messages: found an empty array, expected at least one message"
      ),
      (
        #"{"messages":[{"role":"user","content":"a"},null]}"#,
        "rows.jsonl:2: messages[1]: found null, expected an object"
      ),
      (
        #"{"messages":[{"role":"bot","content":"a"}]}"#,
        "rows.jsonl:2: messages[0].role: found \"bot\", expected \"system\", \"user\", "
          + "\"assistant\" or \"tool\""
      ),
      (
        #"{"messages":[{"role":"user","content":["a"]}]}"#,
        "rows.jsonl:2: messages[0].content: found an array, expected a string"
      ),
      (
        #"{"messages":[{"role":"user","content":"a","name":5}]}"#,
        "rows.jsonl:2: messages[0].name: found 5, expected a string"
      ),
    ])
  func errors(line: String, message: String) {
    let error = #expect(throws: InputError.self) {
      try parse(#"{"messages":[{"role":"user","content":"ok"}]}"# + "\n" + line)
    }
    #expect(error?.description == message)
  }

  @Test("a stranger's long or broken text stays short and on one line in an error")
  func hostile() {
    let long = String(repeating: "x", count: 100_000)
    let row = "{\"messages\":[{\"role\":\"a\\nb\(long)\",\"content\":\"\"}]}"
    let error = #expect(throws: InputError.self) { try parse(row) }
    #expect((error?.description.count ?? 1000) < 200)
    #expect(error?.description.contains("\n") == false)
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: InputError.self) { try parse(deep) }
    let broken = Data([0x22, 0xff, 0xfe, 0x22])
    let encoding = #expect(throws: InputError.self) {
      try ChatLines.parse(broken, file: "rows.jsonl")
    }
    #expect(encoding?.description == "rows.jsonl:1: found bytes that are not UTF-8")
  }

  @Test("every character survives writing and reading; the layout is one object a line")
  func roundTrip() throws {
    let scalars = (0..<0x250).compactMap(Unicode.Scalar.init).map(Character.init)
    let rows = [
      Conversation(user: String(scalars), answer: "\u{1f600} \u{2028} \"\\/", by: "ru\"th"),
      Conversation([Message(role: .system, content: "")]),
    ]
    #expect(try parse(ChatLines.text(of: rows)) == rows)
    #expect(
      ChatLines.text(of: [Conversation(user: "a/b", answer: "c\t\u{1}")])
        == #"{"messages":[{"role":"user","content":"a/b"},"#
        + #"{"role":"assistant","content":"c\t\u0001"}]}"# + "\n")
  }

  @Test("files: written, read back, and errors that name them")
  func files() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("rows.jsonl")
    let rows = [Conversation(user: "a", answer: "b"), Conversation(user: "c", answer: "d")]
    try ChatLines.write(rows, to: path)
    #expect(try ChatLines.read(path) == rows)
    let missing = #expect(throws: InputError.self) { try ChatLines.read(path + ".none") }
    #expect(missing?.description.hasPrefix("\(path).none: cannot be read: ") == true)
    #expect(missing?.description.contains("\n") == false)
    let unwritable = #expect(throws: InputError.self) {
      try ChatLines.write(rows, to: path + "/below")
    }
    #expect(unwritable?.description.hasPrefix("\(path)/below: cannot be written: ") == true)
  }

  @Test("a fine-tuning set is named by its rows' bytes and refuses rows with nothing to learn")
  func fineTuningSets() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("rows.jsonl")
    let set = FineTuningSet(name: "tiny", rows: [Conversation(user: "a", answer: "b")])
    // printf '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}\n'
    //   | sha256sum
    #expect(
      set.fingerprint.hex == "d9a20761836bc3cb9d53a8ecb9ff05b6be7edd0ba15c7eb5adf975a98bfb6e9f")
    try ChatLines.write(set.rows, to: path)
    #expect(try FineTuningSet(name: "tiny", reading: path) == set)
    try folder.write(#"{"messages":[{"role":"user","content":"a"}]}"#, to: "rows.jsonl")
    let mute = #expect(throws: InputError.self) { try FineTuningSet(name: "t", reading: path) }
    #expect(
      mute?.description
        == "\(path):1: messages: found no assistant message, expected at least one")
    try folder.write("", to: "rows.jsonl")
    #expect(throws: InputError.self) { try FineTuningSet(name: "t", reading: path) }
  }
}
