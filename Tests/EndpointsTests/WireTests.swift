import Core
import Documents
import Foundation
import TestSupport
import Testing

@testable import Endpoints

@Suite("Addresses, requests and replies")
struct WireTests {
  @Test("an address is a model and a URL, divided at the last @http")
  func addresses() throws {
    let plain = try EndpointAddress(parsing: "openai:gpt-4o@https://API.openai.com/v1/")
    #expect(plain.model == "gpt-4o" && plain.baseURL == "https://api.openai.com/v1")
    #expect(plain.description == "gpt-4o@https://api.openai.com/v1")
    let odd = try EndpointAddress(parsing: "ft:a/b@http://x@http://[::1]:8000/v1")
    #expect(odd.model == "ft:a/b@http://x" && odd.isLoopback && odd.host == "::1")
    let coded = try JSONDecoder().decode(
      EndpointAddress.self, from: JSONEncoder().encode(odd))
    #expect(coded == odd)
    #expect(
      EndpointAddress.isLoopback("127.0.0.9") && !EndpointAddress.isLoopback("127.0.0.1.evil.com"))
  }

  @Test(
    "an address that is none is refused in one line that repeats no password",
    arguments: [
      "gpt-4o", "@https://a.b/v1", "m@https://", "m@https://user:hunter2@a.b/v1",
      "m@https://a.b/v1?key=hunter2", "m@https://a.b/v1/chat/completions", "m\n@http://a/v1",
    ])
  func badAddresses(text: String) {
    let error = #expect(throws: InputError.self) { try EndpointAddress(parsing: text) }
    #expect(error.map { !"\($0)".contains("hunter2") && !"\($0)".contains("\n") } == true)
  }

  @Test("a request is the JSON that was meant, whatever its text")
  func bodies() throws {
    let text = "\u{0}\u{1f} \"quotes\" \\ \n\r\t / é 🦀 \u{2028} end"
    let request = ChatRequest(
      messages: [Message(role: .system, content: ""), Message(role: .user, content: text)],
      sampling: SamplingParameters(
        temperature: 0.1, topP: 0.95, topK: 40, minP: 0.05, seed: .max, maximumTokens: 7),
      topLogprobs: 20, stop: ["\n\n", "\""], prefill: "Well,")
    var shape = RequestShape()
    shape.dropped = ["min_p"]
    shape.topLogprobs = 11
    let body = Data(shape.body(of: request, model: "a\"b"))
    let tree = try #require(try JSONSerialization.jsonObject(with: body) as? NSDictionary)
    let expected: NSDictionary = [
      "model": "a\"b",
      "messages": [
        ["role": "system", "content": ""], ["role": "user", "content": text],
        ["role": "assistant", "content": "Well,"],
      ],
      "temperature": 0.1, "top_p": 0.95, "top_k": 40, "seed": 0x7FFF_FFFF, "max_tokens": 7,
      "stop": ["\n\n", "\""], "logprobs": true, "top_logprobs": 11,
      "add_generation_prompt": false, "continue_final_message": true, "stream": false,
    ]
    #expect(tree == expected)
  }

  private func reply(_ json: String) -> ChatReply? {
    (try? WireReply(Data(json.utf8)))?.reply(requestID: nil)
  }

  @Test("only top_logprobs are read: sorted, by bytes, with -9999, NaN and -Infinity")
  func alternatives() throws {
    let json = """
      {"choices":[{"message":{"content":"5"},"finish_reason":"length","logprobs":{"content":[
      {"token":"wrong","logprob":-0.1,"top_logprobs":[
      {"token":"a","logprob":-3},{"token":"\\u0120wor","logprob":-1,"id":7},
      {"token":"x","bytes":[195,169],"logprob":-2},{"token":"z","logprob":-9999.0},
      {"token":"n","logprob":NaN},{"token":"i","logprob":-Infinity}]}]}}]}
      """
    let found = try #require(reply(json)?.alternatives?.first)
    #expect(found.map(\.token) == [" wor", "é", "a", "z", "i"])
    let expected = [exp(-1.0), exp(-2.0), exp(-3.0), 0, 0]
    #expect(zip(found, expected).allSatisfy { abs($0.probability - $1) < 1e-15 })
  }

  @Test(
    "a text is found in every form that servers give it, with its thinking apart",
    arguments: [
      (
        #"{"choices":[{"message":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"Yes."}]}}]}"#,
        "Yes.", "hm"
      ),
      (#"{"choices":[{"message":{"content":[{"type":"text","text":"Ye"},"s."]}}]}"#, "Yes.", nil),
      (#"{"choices":[{"message":{"content":"Yes.","reasoning_content":"hm"}}]}"#, "Yes.", "hm"),
      (
        #"{"choices":[{"message":{"content":"Yes.","reasoning":"hm","reasoning_content":null}}]}"#,
        "Yes.", "hm"
      ),
      ("\u{feff}" + #"{"choices":[{"message":{"content":"Yes."}}]}"#, "Yes.", nil),
      (
        ": PROCESSING\n\n: PROCESSING\n\n" + #"{"choices":[{"message":{"content":"Yes."}}]}"#,
        "Yes.", nil
      ),
      (
        #"data: {"choices":[{"delta":{"role":"assistant","content":"Ye"}}]}"# + "\r\n\r\n: ping\n"
          + #"data: {"choices":[{"delta":{"content":"s.","reasoning_content":"hm"},"finish_reason":null}]}"#
          + "\n\n" + #"data: {"choices":[{"delta":{},"finish_reason":"stop"}]}"#
          + "\n\ndata: [DONE]\n", "Yes.", "hm"
      ),
      (
        #"{"choices":[{"index":0,"message":{"content":"Yes."}}],"usage":"none","created":"x","error":null}"#,
        "Yes.", nil
      ),
    ])
  func forms(_ json: String, _ text: String, _ thinking: String?) {
    let found = reply(json)
    #expect(found?.text == text && found?.thinking == thinking && found?.missing == nil)
  }

  @Test("half a character, where Python cut one, is what stands for none")
  func surrogates() {
    #expect(reply(#"{"choices":[{"message":{"content":"a\ud83d"}}]}"#)?.text == "a\u{fffd}")
    #expect(reply(#"{"choices":[{"message":{"content":"\ud83d\ude00\\ud83d\udc"}}]}"#) == nil)
    let text = reply(#"{"choices":[{"message":{"content":"\ud83d\ude00 \\ud83d \udc00"}}]}"#)?.text
    #expect(text == "\u{1f600} \\ud83d \u{fffd}")
  }

  @Test(
    "what a server says of the least tokens is read",
    arguments: [
      ("Invalid 'max_output_tokens': expected at least 16, got 1. (max_tokens)", 16),
      ("max_tokens must be greater than or equal to 2", 2),
      ("max_tokens must be greater than 1", 2),
      ("max_completion_tokens: minimum value is 8", 8), ("max_tokens is too small", nil),
    ])
  func leastTokens(_ said: String, _ least: Int?) {
    let shape = RequestShape().without(whatIsRefusedIn: said)
    #expect(shape?.leastTokens == least ?? 1)
  }

  @Test("counts may be texts, and are nothing where they are no counts")
  func usage() {
    let found = reply(
      #"{"choices":[{"message":{"content":"a"}}],"usage":{"prompt_tokens":"9","completion_tokens":4.0}}"#
    )
    #expect(found?.promptTokens == 9 && found?.completionTokens == 4)
    let other = reply(
      #"{"choices":[{"message":{"content":"a"}}],"usage":{"prompt_tokens":-1,"completion_tokens":"x"}}"#
    )
    #expect(other != nil && other?.promptTokens == nil && other?.completionTokens == nil)
  }

  @Test(
    "what is no answer is told by its kind",
    arguments: [
      (
        #"{"content":null,"reasoning_content":"I should"}"#, "length",
        MissingAnswer.Kind.cutWhileThinking
      ),
      (#"{"content":"<think>\nI should"}"#, "length", .cutWhileThinking),
      (#"{"content":"<think>\nI should"}"#, "stop", .cutWhileThinking),
      (#"{"content":""}"#, "length", .cutWhileThinking), (#"{"content":""}"#, "stop", .empty),
      (#"{"content":" \n"}"#, "stop", .empty),
      (#"{"content":null,"reasoning":"hm"}"#, "stop", .empty),
      (#"{"content":"Good mor"}"#, "content_filter", .filtered),
      (
        #"{"content":null,"tool_calls":[{"function":{"name":"clock","arguments":"{}"}}]}"#,
        "tool_calls", .toolCall
      ),
      (
        #"{"content":"Let me see.","tool_calls":[{"function":{"name":"clock"}}]}"#, "stop",
        .toolCall
      ),
      (#"{"content":null,"function_call":{"name":"clock"}}"#, "function_call", .toolCall),
    ])
  func missing(_ message: String, _ finish: String, _ kind: MissingAnswer.Kind) {
    let found = reply(#"{"choices":[{"message":\#(message),"finish_reason":"\#(finish)"}]}"#)
    #expect(found?.missing?.kind == kind, "\(String(describing: found))")
    #expect(
      found.map { MissingAnswer("\($0.missing ?? MissingAnswer(.other))") }
        == found.map { $0.missing })
  }

  @Test(
    "an error in a reply of status 200 is an error, wherever it stands",
    arguments: [
      #"{"choices":[{"message":{"content":"Good mor"},"finish_reason":"error","error":{"code":502,"message":"Upstream"}}]}"#,
      #"{"error":{"message":"Upstream"},"choices":[{"message":{"content":"a"}}]}"#,
      #"{"choices":[{"message":{"content":"a"},"error":"Upstream"}]}"#,
    ])
  func errors(_ json: String) throws {
    #expect(try WireReply(Data(json.utf8)).error == "Upstream")
  }

  @Test(
    "what does not fit is quoted",
    arguments: [
      (#"{"choices":"x"}"#, "does not fit: choices: found \"x\", expected a list"),
      (#"{"choices":[3]}"#, "does not fit: choices[0]: found 3, expected an object"),
      (
        #"{"choices":[{"message":{"content":3}}]}"#,
        "does not fit: choices[0].message.content: found 3"
      ),
      ("[]", "is a list, expected an object"), (#"{"choices":[{"mess"#, "is not whole JSON"),
      ("Internal", #""Internal""#), ("data: {\"choices\":[]}\n\n", "without its end"),
    ])
  func misfits(_ json: String, _ said: String) {
    let error = #expect(throws: ReplyMisfit.self) { try WireReply(Data(json.utf8)) }
    #expect(error?.said.contains(said) == true, "\(error?.said ?? "")")
  }

  @Test("what a server behind the server says stands behind its own words")
  func innerErrors() throws {
    let raw = #"{\"error\":{\"message\":\"Unsupported parameter: 'x'.\"}}"#
    let json = try JSON(
      text:
        #"{"error":{"message":"Provider returned error","metadata":{"raw":"\#(raw)","provider_name":"P"}}}"#
    )
    #expect(
      ServerError(json: json).message == "Provider returned error: P: Unsupported parameter: 'x'.")
  }

  @Test("alternatives by glyphs' bytes, by no bytes, and as completions have them")
  func otherAlternatives() throws {
    let glyphs = """
      {"choices":[{"message":{"content":"5"},"logprobs":{"content":[{"top_logprobs":[
      {"token":"\u{120}90","logprob":"-0.5","bytes":[196,160,57,48]},
      {"token":"85","logprob":-2,"bytes":[]}]}]}}]}
      """
    let found = try #require(reply(glyphs)?.alternatives?.first)
    #expect(found.map(\.token) == [" 90", "85"])
    #expect(abs(found[0].probability - exp(-0.5)) < 1e-15)
    let old =
      #"{"choices":[{"message":{"content":"5"},"logprobs":{"tokens":["5"],"top_logprobs":[{"5":-0.1," 6":-3}]}}]}"#
    #expect(reply(old)?.alternatives?.first?.map(\.token) == ["5", " 6"])
  }

  @Test("a reply needs no more than a choice with a message")
  func bareReplies() {
    #expect(reply(#"{"choices":[{"message":{"content":null,"refusal":"no"}}]}"#)?.text == "no")
    #expect(reply(#"{"choices":[{"message":{"role":"assistant"}}]}"#)?.finish == .other(""))
    #expect(reply(#"{"choices":[]}"#) == nil)
    #expect(reply(#"{"choices":[{"message":{"content":"cut"#) == nil)
  }

  @Test(
    "texts in glyphs are those of the library tokenizers",
    .needs(.main))
  func glyphCounterpart() throws {
    let texts = ["\u{20}wor", "\n\n", "é", " naïve", "日本", "a\tb", "\u{a0}", " 57", "—"]
    let program = """
      import sys, json
      from tokenizers.pre_tokenizers import ByteLevel
      level = ByteLevel(add_prefix_space=False, use_regex=False)
      texts = json.loads(sys.argv[1])
      print(json.dumps(["".join(p for p, _ in level.pre_tokenize_str(t)) for t in texts]))
      """
    let argument = String(decoding: try JSONEncoder().encode(texts), as: UTF8.self)
    let glyphs: [String] = try Python.main.report(.code(program), [argument])
    for (text, glyph) in zip(texts, glyphs) {
      // Without a stand-in among them, letters are taken as they are.
      let isAmbiguous = glyph.unicodeScalars.allSatisfy { $0.value < 0x100 }
      #expect(ByteGlyphs.text(of: glyph) == (isAmbiguous ? nil : text))
    }
  }

  @Test("text of a server is cut, on one line and without the key")
  func shown() {
    let said = "bad key sk-1\u{1b}[31m\n\u{202e}" + String(repeating: "x", count: 500)
    let shown = ServerText.shown(said, hiding: "sk-1")
    #expect(shown.hasPrefix("bad key [key]\\u{1B}[31m\\n\\u{202E}xxx") && shown.hasSuffix("…"))
  }
}
