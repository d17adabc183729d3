import Core
import Testing

@Suite("Input errors")
struct InputErrorTests {
  @Test("One line that names file, line and field, each where it is known")
  func texts() {
    #expect("\(InputError("found 3, expected 4"))" == "found 3, expected 4")
    #expect("\(InputError("is empty", file: "a.jsonl"))" == "a.jsonl: is empty")
    #expect("\(InputError("is empty", file: "a.jsonl", line: 12))" == "a.jsonl:12: is empty")
    #expect(
      "\(InputError("found 3", file: "a.jsonl", line: 12, field: "messages[0].role"))"
        == "a.jsonl:12: messages[0].role: found 3")
    #expect("\(InputError("found 3", field: "rank"))" == "rank: found 3")
  }

  @Test("A file is put in where none is named")
  func inFile() {
    let error = InputError("is empty", line: 3, field: "x")
    #expect("\(error.inFile("b"))" == "b:3: x: is empty")
    #expect(error.inFile("b").inFile("c").file == "b")
  }
}
