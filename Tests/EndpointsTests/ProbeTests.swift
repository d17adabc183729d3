import Core
import Foundation
import TestSupport
import Testing

@testable import Endpoints

@Suite("Probing a server", .serialized)
struct ProbeTests {
  private func probe(
    _ server: LoopbackServer, model: String = "loopback",
    sampling: SamplingParameters = SamplingParameters(), needsLogprobs: Bool = true
  ) async throws -> EndpointCapabilities {
    let client = try server.client(model: model)
    defer { Task { await client.shutdown() } }
    return try await client.probe(needsLogprobs: needsLogprobs, sampling: sampling)
  }

  @Test("what the server takes is found and can be stored")
  func plain() async throws {
    let found = try await probe(try LoopbackServer("--fast"))
    #expect(found.modelListed == true && found.answeredAs == "loopback")
    #expect(found.dropped.isEmpty && found.tokenLimitField == "max_tokens")
    #expect(found.topLogprobs == 20 && found.systemFingerprint == "fp_loopback")
    #expect(found.serverHeader == "loopback")
    let copy = try JSONDecoder().decode(
      EndpointCapabilities.self, from: JSONEncoder().encode(found))
    #expect(copy == found)
  }

  @Test("fields that are refused are dropped and noted, and no longer sent")
  func refused() async throws {
    let server = try LoopbackServer(
      "--refuse", "top_k", "--refuse", "seed", "--refuse", "max_tokens", "--most-logprobs", "11")
    let sampling = SamplingParameters(topK: 40, minP: 0.05)
    let client = try server.client()
    let found = try await client.probe(needsLogprobs: true, sampling: sampling)
    #expect(found.dropped == ["seed", "top_k"])
    #expect(found.tokenLimitField == "max_completion_tokens" && found.topLogprobs == 11)
    let received = Received()
    try await client.run(Questions(3, logprobs: 20), stop: StopRequest()) { received.take($0, $1) }
    #expect(received.replies[0]?.alternatives?.first?.count == 11)
    await client.shutdown()
  }

  @Test("a model that is not listed is refused, and the nearest name told")
  func unlisted() async throws {
    let server = try LoopbackServer("--fast")
    let failure = await #expect(throws: EndpointFailure.self) {
      _ = try await probe(server, model: "lopback")
    }
    #expect(
      failure.map { "\($0)" }
        == "the server does not answer as \"lopback\": did you mean \"loopback\"?; --unlisted-model asks "
        + "for it all the same, where a server takes names that it does not list")
    // The server answers under any name, as the base model: the list gives it away.
    await #expect(throws: EndpointFailure.self) {
      _ = try await probe(try LoopbackServer("--unlisted"))
    }
  }

  @Test("a name that is not listed is asked for when that is wanted, and it is noted")
  func unlistedWanted() async throws {
    var limits = EndpointLimits()
    limits.takesUnlistedModel = true
    let server = try LoopbackServer("--unlisted")
    let client = try server.client(limits: limits)
    let found = try await client.probe(needsLogprobs: false)
    await client.shutdown()
    #expect(found.modelListed == false && found.answeredAs == "base")
    #expect(found.notes == ["the server does not list the model, and answers as \"base\""])
    // Ollama and Google list names in ways of their own.
    for name in ["loopback:latest", "models/loopback"] {
      #expect(try await probe(try LoopbackServer("--listed", name)).modelListed == true)
    }
  }

  @Test(
    "the probe asks as the run does: for as few tokens as the server allows, at its temperature")
  func likeTheRun() async throws {
    let server = try LoopbackServer("--least-tokens", "16", "--one-temperature")
    let sampling = SamplingParameters(temperature: 0, seed: 0, maximumTokens: 1)
    let client = try server.client()
    let found = try await client.probe(needsLogprobs: true, sampling: sampling)
    #expect(found.leastTokens == 16 && found.defaulted == ["temperature"] && found.dropped == [])
    #expect(found.topLogprobs == 20 && found.tokenLimitField == "max_tokens")
    // What was found is what requests of the run are sent by.
    let received = Received()
    let request = ChatRequest(
      messages: [Message(role: .user, content: "5?")], sampling: sampling, topLogprobs: 20)
    try await client.run([(0, request)], stop: StopRequest()) { received.take($0, $1) }
    #expect(received.replies[0]?.alternatives?.first?.count == 20)
    await client.shutdown()
  }

  @Test("without a list the name in the reply decides")
  func withoutList() async throws {
    let found = try await probe(try LoopbackServer("--without-list"))
    #expect(found.modelListed == nil && found.answeredAs == "loopback")
    await #expect(throws: EndpointFailure.self) {
      _ = try await probe(try LoopbackServer("--without-list", "--unlisted"))
    }
  }

  @Test("log-probabilities that are needed and not there are told")
  func withoutLogprobs() async throws {
    let server = try LoopbackServer("--fault", "no-logprobs", "--fault-share", "1")
    await #expect(throws: EndpointFailure.missingLogprobs) { _ = try await probe(server) }
    let found = try await probe(server, needsLogprobs: false)
    #expect(found.topLogprobs == 0)
  }

  @Test("byte-level glyphs in no order are read as the text they stand for")
  func glyphs() async throws {
    let plain = try await alternatives(LoopbackServer("--fast"))
    let glyphs = try await alternatives(LoopbackServer("--glyphs"))
    #expect(plain == glyphs)
    #expect(glyphs.contains { $0.token == " the" } && glyphs.contains { $0.token == "é" })
    #expect(glyphs.map(\.probability) == glyphs.map(\.probability).sorted(by: >))
    #expect(glyphs.last?.probability == 0)
  }

  private func alternatives(_ server: LoopbackServer) async throws -> [TokenProbability] {
    let client = try server.client()
    let received = Received()
    try await client.run(Questions(1, logprobs: 20), stop: StopRequest()) { received.take($0, $1) }
    await client.shutdown()
    // Tokens of probability 0 have no order among themselves.
    let all = try #require(received.replies[0]?.alternatives?.first)
    #expect(all.count == 20)
    return all.filter { $0.probability > 0 } + [TokenProbability(token: "", probability: 0)]
  }

  @Test("a proxy of the environment leads to servers elsewhere, and never to this machine")
  func proxy() async throws {
    let server = try LoopbackServer("--fast")
    let proxy = server.url.replacingOccurrences(of: "/v1", with: "")
    let address = try EndpointAddress(parsing: "loopback@http://model.example/v1")
    let client = try EndpointClient(address, key: nil, environment: ["HTTP_PROXY": proxy])
    let received = Received()
    try await client.run(Questions(40), stop: StopRequest()) { received.take($0, $1) }
    #expect(received.hasOnce(40) && received.failures.isEmpty)
    #expect(try !server.events("connected").isEmpty)
    await client.shutdown()

    #expect(
      try EndpointProxy.find(environment: ["HTTP_PROXY": "http://proxy:3128"], for: address)?.port
        == 3128)
    let here = try EndpointAddress(parsing: "m@\(server.url)")
    #expect(try EndpointProxy.find(environment: ["HTTP_PROXY": proxy], for: here) == nil)
    for exempt in ["*", "example", ".model.example", "model.example:80", "a, model.example"] {
      let environment = ["http_proxy": proxy, "no_proxy": exempt]
      #expect(try EndpointProxy.find(environment: environment, for: address) == nil)
    }
    #expect(throws: InputError.self) {
      try EndpointProxy.find(environment: ["HTTP_PROXY": "socks5://u:secret@p"], for: address)
    }
  }
}
