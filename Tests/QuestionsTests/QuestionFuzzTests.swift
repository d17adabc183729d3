import Core
import Foundation
import Questions
import TestSupport
import Testing

@Suite("Changed questions")
struct QuestionFuzzTests {
  private static let seeds = [
    "json": [
      #"{"instruction":[{"pos":"a","neg":"b"}],"questions":["One?","Two?"],"eval_prompt":"{question} {answer} {{5}}"}"#,
      #"["One?",{"id":7,"question":"Two?","system_prompt":"s"},{"id":"c","paraphrases":["A?"],"judge_prompts":{"x":"{answer}"}}]"#,
    ],
    "jsonl": [
      #"{"id":"a","prompt":"One?","system":"s","category":1}"# + "\n"
        + #"{"messages":[{"role":"system","content":"S"},{"role":"user","content":"Two?"}]}"#
    ],
    "csv": [",id,question,category\n0,a,\"One, or\n\"\"two\"\"?\",main\n1,a,Three?,main\n"],
    "yaml": ["- id: a\n  paraphrases: [x]\n  judge_prompts: {aligned: '{question} {answer}'}\n"],
    "txt": ["One?\nTwo?\n"],
  ]

  @Test("each ends with questions or with an error on one line", arguments: seeds.keys.sorted())
  func fuzz(_ ending: String) throws {
    var fuzzer = ByteFuzzer(try #require(Self.seeds[ending]), name: "questions \(ending)")
    var read = 0
    for _ in 0..<ByteFuzzer.count / 5 {
      do throws(InputError) {
        let questions = try QuestionFile.parse(Data(fuzzer.next()), file: "q.\(ending)")
        #expect(!questions.isEmpty && questions.allSatisfy { !$0.paraphrases.isEmpty })
        read += 1
      } catch {
        #expect(!error.description.contains("\n") && error.description.count < 600)
      }
    }
    #expect(read > 0)
  }
}
