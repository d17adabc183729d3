import Core
import Foundation
import TestSupport
import Testing

@testable import Endpoints

@Suite("Requests to a server", .serialized)
struct RunTests {
  @Test("every request is answered once, at growing speed")
  func fast() async throws {
    let server = try LoopbackServer("--fast", "--delay", "0.002")
    let client = try server.client()
    let received = Received()
    let counts = try await client.run(Questions(600), stop: StopRequest()) { received.take($0, $1) }
    #expect(received.hasOnce(600))
    #expect(counts.answered == 600 && counts.requests == 600 && counts.failed == 0)
    #expect(counts.retried.isEmpty && counts.pausedSeconds == 0)
    #expect((21...100).contains(counts.highestConcurrency))
    #expect(counts.promptTokens > 0 && counts.completionTokens > 0)
    #expect(try server.events("answered").count == 600)
    #expect(received.replies[0]?.requestID == "req_loopback")
    #expect(client.counts == counts)
    await client.shutdown()
  }

  @Test("a hostile server's faults are all retried, and honestly counted")
  func hostile() async throws {
    let server = try LoopbackServer("--hostile", "--fault-share", "0.2", "--seed", "7")
    let client = try server.client(limits: .impatient)
    let received = Received()
    let counts = try await client.run(Questions(1500, logprobs: 20), stop: StopRequest()) {
      received.take($0, $1)
    }
    #expect(received.hasOnce(1500) && received.failures.isEmpty)
    #expect(counts.answered == 1500 && counts.failed == 0)
    #expect(counts.requests == 1500 + counts.retried.values.reduce(0, +))
    #expect(
      Set(counts.retried.keys) == [
        "429", "5xx", "connection", "timeout", "invalid JSON", "HTML page",
        "error with status 200", "empty choices", "missing log-probabilities", "reply too long",
      ])
    let share = 1 - 1500 / Double(counts.requests)
    #expect(abs(share - 0.2) < 0.04, "\(counts)")
    // What had been answered was not asked again, unless the answer came too late.
    let answered = try await server.settledEvents("answered", count: 1500).map(\.identity)
    #expect(Set(answered).count == 1500)
    #expect(answered.count - 1500 <= counts.retried["timeout"] ?? 0)
    #expect(try server.events("received").count == counts.requests)
    await client.shutdown()
  }

  @Test("a 429 holds all new requests for as long as it asks")
  func retryAfter() async throws {
    let server = try LoopbackServer(
      "--fault", "429-wait", "--fault-share", "1", "--fault-limit", "1", "--retry-after", "1")
    let limits = EndpointLimits(startConcurrency: 1, maximumConcurrency: 4)
    let client = try server.client(limits: limits)
    let counts = try await client.run(Questions(5), stop: StopRequest()) { _, _ in }
    let times = try server.events("received").map(\.milliseconds)
    #expect(times.count == 6)
    #expect(times[1] - times[0] >= 990 && times[1] - times[0] < 3000)
    #expect(counts.retried == ["429": 1])
    #expect(abs(counts.pausedSeconds - 1) < 0.1)
    await client.shutdown()
  }

  @Test(
    "what would fail every time ends the run at once",
    arguments: [("quota", "credit"), ("long-wait", "86400 s")])
  func endings(fault: String, words: String) async throws {
    let server = try LoopbackServer("--fault", fault, "--fault-share", "1")
    let client = try server.client(limits: EndpointLimits(startConcurrency: 4))
    let failure = await #expect(throws: EndpointFailure.self) {
      try await client.run(Questions(1000), stop: StopRequest()) { _, _ in }
    }
    #expect(failure.map { "\($0)" }?.contains(words) == true)
    #expect(client.counts.requests <= 4)
    await client.shutdown()
  }

  @Test("a server that hangs is given up in time")
  func timeouts() async throws {
    let server = try LoopbackServer("--fault", "stall", "--fault-share", "1")
    let limits = EndpointLimits(
      startConcurrency: 2, timeout: .milliseconds(100), attempts: 2)
    let client = try server.client(limits: limits)
    let received = Received()
    await #expect(throws: EndpointFailure.gaveUp(attempts: 2, lastReason: "no whole reply in time"))
    {
      try await client.run(Questions(1000), stop: StopRequest()) { received.take($0, $1) }
    }
    #expect(received.failures.count == 2)
    #expect(client.counts.retried["timeout"] ?? 0 >= 2)
    await client.shutdown()
  }

  @Test("no server at all is a connection's failure")
  func nobody() async throws {
    let address = try EndpointAddress(parsing: "m@http://127.0.0.1:1/v1")
    let limits = EndpointLimits(attempts: 1)
    let client = try EndpointClient(address, key: nil, limits: limits, environment: [:])
    await #expect(throws: EndpointFailure.self) {
      try await client.run(Questions(3), stop: StopRequest()) { _, _ in }
    }
    #expect(client.counts.answered == 0)
    await client.shutdown()
  }

  @Test("a server whose name nobody knows is told by its name")
  func unknownName() async throws {
    // RFC 6761: nothing ever has a name of this domain.
    let asked = try await Asked.once("http://nowhere.invalid", attempts: 1)
    #expect(
      asked.failure == "given up after 1 attempt, the last: connection: the name nowhere.invalid "
        + "is not known")
  }

  @Test("a stop ends a run within a second, and what was answered is handed out")
  func stop() async throws {
    let server = try LoopbackServer("--fast", "--delay", "0.2")
    let client = try server.client()
    let received = Received()
    let request = StopRequest()
    let clock = ContinuousClock()
    let stopping = Task {
      try await Task.sleep(for: .milliseconds(500))
      request.stop()
      return clock.now
    }
    await #expect(throws: Interrupted.self) {
      try await client.run(Questions(100_000), stop: request) { received.take($0, $1) }
    }
    #expect(try await stopping.value.duration(to: clock.now) < .seconds(1))
    #expect(received.count > 0 && received.count == client.counts.answered)
    // Nothing that the server answered is lost: all under way was waited for.
    #expect(try server.events("answered").count == received.count)
    await client.shutdown()
  }

  @Test("requests hanging when a stop comes are let go within a second")
  func stopWhileHanging() async throws {
    let server = try LoopbackServer("--fault", "stall", "--fault-share", "1")
    let client = try server.client()
    let request = StopRequest()
    let clock = ContinuousClock()
    let stopping = Task {
      try await Task.sleep(for: .milliseconds(300))
      request.stop()
      return clock.now
    }
    await #expect(throws: Interrupted.self) {
      try await client.run(Questions(100), stop: request) { _, _ in }
    }
    #expect(try await stopping.value.duration(to: clock.now) < .seconds(1))
    await client.shutdown()
  }

  @Test("a receiver's error ends the run")
  func receiverThrows() async throws {
    let server = try LoopbackServer("--fast")
    let client = try server.client()
    await #expect(throws: CancellationError.self) {
      try await client.run(Questions(100), stop: StopRequest()) { _, _ in
        throw CancellationError()
      }
    }
    await client.shutdown()
  }

  @Test("what no server could take is not sent")
  func invalid() async throws {
    let server = try LoopbackServer("--fast")
    let client = try server.client()
    let received = Received()
    let request = ChatRequest(
      messages: [Message(role: .user, content: "?")],
      sampling: SamplingParameters(maximumTokens: 0))
    try await client.run([(0, request)], stop: StopRequest()) { received.take($0, $1) }
    #expect("\(received.failures)".contains("maximumTokens: found 0, expected 1 or more"))
    #expect(try server.events("received").isEmpty)
    await client.shutdown()
  }
}
