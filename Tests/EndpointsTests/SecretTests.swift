import Core
import Foundation
import TestSupport
import Testing

@testable import Endpoints

@Suite("Keys of servers", .serialized)
struct SecretTests {
  private static let secret = "sk-test-4f9d1c7b2a"
  private let openAI: EndpointAddress
  private let elsewhere: EndpointAddress
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    openAI = try EndpointAddress(parsing: "openai:gpt-4o@https://api.openai.com/v1")
    elsewhere = try EndpointAddress(parsing: "m@https://example.com/v1")
  }

  private func keyFile(_ text: String, mode: Int = 0o600) throws -> String {
    try folder.write(text, to: UUID().uuidString, permissions: mode)
  }

  @Test("a key comes from the file, else ASKEW_API_KEY, else for OpenAI alone OPENAI_API_KEY")
  func sources() throws {
    let environment = ["ASKEW_API_KEY": "second", "OPENAI_API_KEY": "third"]
    let file = try keyFile("first\n")
    func find(_ file: String?, _ environment: [String: String], _ address: EndpointAddress) throws
      -> String?
    {
      try EndpointKey.find(file: file, environment: environment, for: address)?.secret
    }
    #expect(try find(file, environment, openAI) == "first")
    #expect(try find(nil, environment, openAI) == "second")
    #expect(try find(nil, ["OPENAI_API_KEY": "third"], openAI) == "third")
    #expect(try find(nil, ["OPENAI_API_KEY": "third"], elsewhere) == nil)
    #expect(throws: InputError.self) { try find(nil, [:], openAI) }
  }

  @Test("a key travels encrypted or not at all, and never out of the wrong hands")
  func refusals() throws {
    let plain = try EndpointAddress(parsing: "m@http://example.com/v1")
    let here = try EndpointAddress(parsing: "m@http://127.0.0.1:8000/v1")
    let environment = ["ASKEW_API_KEY": Self.secret]
    #expect(try EndpointKey.find(file: nil, environment: [:], for: plain) == nil)
    #expect(try EndpointKey.find(file: nil, environment: environment, for: here) != nil)
    let open = try keyFile(Self.secret, mode: 0o644)
    let lines = try keyFile("\(Self.secret)\nmore")
    let attempts: [(String?, EndpointAddress)] = [
      (nil, plain), (open, elsewhere), (lines, elsewhere), ("/nowhere", elsewhere),
    ]
    for (file, address) in attempts {
      let error = #expect(throws: InputError.self) {
        try EndpointKey.find(file: file, environment: environment, for: address)
      }
      #expect(error.map { !"\($0)".contains(Self.secret) } == true)
    }
  }

  @Test("neither a print nor a dump nor a server's own words show the key")
  func silence() async throws {
    let path = try keyFile(Self.secret)
    let server = try LoopbackServer("--fast", "--require-key", try keyFile("sk-another"))
    let address = try EndpointAddress(parsing: "loopback@\(server.url)")
    let key = try #require(try EndpointKey.find(file: path, environment: [:], for: address))
    let client = try EndpointClient(address, key: key, environment: [:])
    var shown = ["\(key)", String(reflecting: key), "\(client)", String(reflecting: client)]
    for value in [key, client] as [Any] {
      var text = ""
      dump(value, to: &text)
      shown += [text, "\(Mirror(reflecting: value).children.map { "\($0)" })"]
    }
    // This server repeats the key that it refuses.
    do {
      try await client.run(Questions(1), stop: StopRequest()) { _, _ in }
      Issue.record("the key was taken")
    } catch {
      shown += ["\(error)", String(reflecting: error), error.localizedDescription]
      #expect("\(error)".contains("[key]"))
    }
    do { try await client.probe(needsLogprobs: false) } catch { shown.append("\(error)") }
    shown.append(String(decoding: try JSONEncoder().encode(client.counts), as: UTF8.self))
    for text in shown { #expect(!text.contains(Self.secret)) }
    await client.shutdown()
  }

  @Test("the right key is taken")
  func taken() async throws {
    let path = try keyFile(Self.secret)
    let server = try LoopbackServer("--fast", "--require-key", path)
    let address = try EndpointAddress(parsing: "loopback@\(server.url)")
    let key = try EndpointKey.find(file: path, environment: [:], for: address)
    let client = try EndpointClient(address, key: key, environment: [:])
    let found = try await client.probe(needsLogprobs: true)
    let stored = String(decoding: try JSONEncoder().encode(found), as: UTF8.self)
    #expect(!stored.contains(Self.secret))
    await client.shutdown()
  }
}
