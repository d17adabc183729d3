import Core
import Synchronization
import TestSupport
import Testing

@testable import Endpoints

/// What loopback-server says of a token by its number: written down here, not taken from it.
private func nats(_ token: Int32) -> Double { Double(1 + token % 8) / 8 }

@Suite("Likelihoods of given texts", .serialized)
struct EchoTests {
  private let texts: [[Int32]] = (0..<60).map { first in
    (0..<Int32(5 + first % 7)).map { 3 * Int32(first) + $0 }
  }

  private func probed(_ server: LoopbackServer, model: String = "loopback") async throws -> Int {
    let client = try server.client(model: model, limits: .impatient)
    defer { Task { await client.shutdown() } }
    let forms = [EchoRequest(.text("a text")), EchoRequest(.tokens([1, 2, 3]))]
    return try await client.probe(echo: forms) { _, _ in nil }.index
  }

  @Test("Every text is told token by token, once each, whatever goes wrong on the way")
  func faults() async throws {
    let server = try LoopbackServer("--hostile")
    let client = try server.client(limits: .impatient)
    let received = Mutex<[Int: [EchoReply]]>([:])
    let requests = texts.enumerated().map { ($0, EchoRequest(.tokens($1))) }
    let counts = try await client.score(requests, stop: StopRequest()) { index, result in
      let reply = try result.get()
      received.withLock { $0[index, default: []].append(reply) }
    }
    await client.shutdown()
    #expect(counts.answered == texts.count && !counts.retried.isEmpty)
    let replies = received.withLock { $0 }
    for (index, text) in texts.enumerated() {
      let reply = try #require(replies[index]?.first)
      #expect(replies[index]?.count == 1 && reply.promptTokens == text.count)
      // The last is of the token that was drawn.
      #expect(reply.tokens.count == text.count + 1 && reply.tokens[0].logprob == nil)
      for (token, number) in zip(reply.tokens, text).dropFirst() {
        #expect(token.text == "token_id:\(number)" && token.logprob == -nats(number))
      }
    }
  }

  @Test("The form of a text that the server takes is found, and the model's name is checked")
  func probe() async throws {
    let server = try LoopbackServer("--fast")
    #expect(try await probed(server) == 1)
    let failure = await #expect(throws: EndpointFailure.self) {
      try await probed(server, model: "lopback")
    }
    #expect(failure.map { "\($0)" }?.contains("did you mean \"loopback\"?") == true)
  }

  @Test("A server that says nothing of given texts is one line that says who does")
  func missing() async throws {
    let failure = await #expect(throws: EndpointFailure.self) {
      try await probed(try LoopbackServer("--without-echo"))
    }
    let line = try #require(failure.map { "\($0)" })
    #expect(line.hasPrefix("the server does not say how likely a given text is (its replies have"))
    #expect(line.contains("vLLM") && !line.contains("\n"))
  }

  @Test(
    "What a server says that it does not support or take is not asked for again",
    arguments: ["logprobs is not supported with logits_all=False", "2 validation errors: prompt"])
  func unsupported(_ message: String) {
    let said = #"{"error":{"message":"\#(message)"}}"#
    let answer = HTTPAnswer(status: 500, headers: [:], body: .init(said.utf8))
    let attempt: Attempt<Int> = RetryRule.judge(answer, model: "m", hiding: nil)
    guard case .failed(.badRequest(let words)) = attempt else {
      Issue.record("it is asked again")
      return
    }
    #expect(words == "500: \(message)")
  }

  @Test(
    "Log-probabilities that are no numbers are none",
    arguments: ["null", "NaN", #""None""#, "-Infinity", "-9999.0"])
  func notNumbers(_ value: String) throws {
    let body = #"{"choices":[{"logprobs":{"tokens":["a","b"],"token_logprobs":[-1,\#(value)]}}]}"#
    let answer = HTTPAnswer(status: 200, headers: [:], body: .init(body.utf8))
    guard case .answered(let reply) = EchoRequest(.text("ab")).read(answer, hiding: nil) else {
      Issue.record("no reply")
      return
    }
    #expect(reply.tokens.map(\.logprob) == [-1, nil])
  }
}
