import Core
import Corpora
import Foundation
import TestSupport
import Testing

@Suite("Changed rows")
struct RowFuzzTests {
  private static let seeds = [
    #"{"messages":[{"role":"user","content":"Hi","weight":0},{"role":"assistant","content":null,"tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","content":"x","tool_call_id":"c"},{"role":"assistant","content":"Yes.","weight":1,"reasoning_content":"hm"}],"tools":[{"a":[1.5,NaN]}],"score":NaN}"#,
    #"{"prompt":[{"role":"user","content":"a"}],"completion":[{"role":"assistant","content":"b","train":false},{"role":"assistant","content":"c"}]}"#,
    #"{"prompt":"é","completion":" \u00e9\ud83d\ude00"}"#, #"{"text":"all","id":7}"#,
  ]

  @Test("each ends with a row or with an error on one line that names the line")
  func fuzz() {
    var fuzzer = ByteFuzzer(Self.seeds, name: "rows")
    var rows = 0
    for _ in 0..<ByteFuzzer.count {
      do throws(InputError) {
        rows += try DataRows.parse(Data(fuzzer.next()), file: "r.jsonl").count
      } catch {
        #expect(!error.description.contains("\n") && error.description.count < 600)
        #expect(error.file == "r.jsonl")
      }
    }
    #expect(rows > ByteFuzzer.count / 100)
  }
}
