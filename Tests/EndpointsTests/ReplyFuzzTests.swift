import Core
import Foundation
import TestSupport
import Testing

@testable import Endpoints

@Suite("Changed replies")
struct ReplyFuzzTests {
  private static let seeds = [
    #"{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"Yes.","refusal":null,"tool_calls":[{"function":{"name":"f"}}]},"finish_reason":"stop","logprobs":{"content":[{"token":"a","top_logprobs":[{"token":"Ġ90","logprob":-0.5,"bytes":[196,160,57,48]},{"token":"8","logprob":NaN,"bytes":[]}]}]}}],"usage":{"prompt_tokens":"9"}}"#,
    #"{"choices":[{"message":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"\ud83d\ude00"}]},"finish_reason":"length"}]}"#,
    "data: {\"choices\":[{\"delta\":{\"content\":\"Ye\"}}]}\n\n: ping\ndata: {\"choices\":[{\"delta\":{\"content\":\"s\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n",
    #"{"error":{"message":"m","metadata":{"raw":"{\"error\":{\"message\":\"n\"}}","provider_name":"P"}}}"#,
  ]

  @Test("each ends with a reply or with what did not fit, on one line")
  func fuzz() {
    var fuzzer = ByteFuzzer(Self.seeds, name: "replies")
    var replies = 0
    for _ in 0..<ByteFuzzer.count {
      let body = Data(fuzzer.next())
      do throws(ReplyMisfit) {
        let wire = try WireReply(body)
        _ = wire.error
        if let reply = wire.reply(requestID: nil) {
          replies += 1
          let probabilities = (reply.alternatives ?? []).joined().map(\.probability)
          #expect(probabilities.allSatisfy { (0...1).contains($0) })
        }
      } catch {
        #expect(!error.said.contains("\n") && error.said.count < 400)
      }
    }
    #expect(replies > ByteFuzzer.count / 20)
  }
}
