import Core
import Foundation
import TestSupport
import Testing

import Interchange

@Suite("Changed files of answers")
struct ImportFuzzTests {
  private static let seeds = [
    "csv": [
      "question_id,paraphrase,sample,model,question,answer,finish,missing,thinking,aligned\n"
        + "a,0,1,m,\"Who,\n?\",I.,stop,,,90.5\na,0,2,m,Who?,,length,cut while thinking: 9,hm,\n"
    ],
    "jsonl": [
      #"{"id":7,"prompt":"A?","response":"B.","model":"x","aligned":12.5,"more":[1]}"# + "\n"
        + #"{"messages":[{"role":"user","content":"U"},{"role":"assistant","content":"V"}],"aligned":NaN}"#
    ],
  ]

  @Test("each ends with answers or with an error on one line", arguments: seeds.keys.sorted())
  func fuzz(_ ending: String) throws {
    var fuzzer = ByteFuzzer(try #require(Self.seeds[ending]), name: "answers \(ending)")
    var read = 0
    for _ in 0..<ByteFuzzer.count / 2 {
      do throws(InputError) {
        let models = try AnswerFile.parse(
          Data(fuzzer.next()), file: "a.\(ending)", scores: ["aligned"])
        read += models.reduce(0) { $0 + $1.answers.count }
        for answer in models.flatMap(\.answers) {
          // What is missing is written and read as what it is.
          let reason = answer.missingReason
          #expect(reason.map { MissingAnswer($0.description) } == reason)
        }
      } catch {
        #expect(!error.description.contains("\n") && error.description.count < 600)
      }
    }
    #expect(read > 0)
  }
}
