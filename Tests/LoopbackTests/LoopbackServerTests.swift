import Core
import Foundation
import Loopback
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite struct LoopbackServerTests {
  private static let echo: LoopbackServer.Handler = { request in
    switch request.path {
    case "/stream":
      let (pieces, feed) = AsyncThrowingStream<Data, any Error>.makeStream()
      for word in ["one ", "two ", "three"] { feed.yield(Data(word.utf8)) }
      feed.finish()
      return LoopbackResponse(type: "text/plain", body: .stream(pieces))
    case "/": return .text(200, "\(request.method) \(request.body.count)")
    default: return .notFound
    }
  }

  private func ask(
    _ server: LoopbackServer, _ path: String, body: Data? = nil
  ) async throws -> (HTTPURLResponse, String) {
    let url = try #require(URL(string: server.address + path))
    var request = URLRequest(url: url)
    // Other tests may keep the threads for minutes; what is tested here is not a time.
    request.timeoutInterval = 1800
    if let body { (request.httpMethod, request.httpBody) = ("POST", body) }
    let (data, response) = try await URLSession.shared.data(for: request)
    return (try #require(response as? HTTPURLResponse), String(decoding: data, as: UTF8.self))
  }

  @Test func `it answers, streams, and bounds what it reads`() async throws {
    let server = try await LoopbackServer(port: 0, mostBodyBytes: 10_000, handler: Self.echo)
    let (found, line) = try await ask(server, "")
    #expect(found.statusCode == 200)
    #expect(line == "GET 0\n")
    for (name, value) in LoopbackHeaders.all {
      #expect(found.value(forHTTPHeaderField: name) == value)
    }
    #expect(try await ask(server, "stream").1 == "one two three")
    #expect(try await ask(server, "../../etc/passwd").0.statusCode == 404)
    #expect(try await ask(server, "", body: Data(count: 10_000)).1 == "POST 10000\n")
    #expect(try await ask(server, "", body: Data(count: 10_001)).0.statusCode == 413)
    await server.stop()
  }

  @Test func `thirty-two ask at once, again and again`() async throws {
    let server = try await LoopbackServer(port: 0, handler: Self.echo)
    let good = try await withThrowingTaskGroup(of: Int.self) { group in
      for worker in 0..<32 {
        group.addTask {
          var good = 0
          for round in 0..<10 {
            let (response, text) = try await ask(
              server, round % 2 == 0 ? "stream" : "", body: Data(count: worker * 300))
            if response.statusCode == 200, text.hasPrefix("POST") || text.hasSuffix("three") {
              good += 1
            }
          }
          return good
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(good == 320)
    await server.stop()
  }

  @Test func `a port that is taken is said in one line`() async throws {
    let server = try await LoopbackServer(port: 0, handler: Self.echo)
    await #expect(throws: InputError.self) {
      try await LoopbackServer(port: server.port, handler: Self.echo)
    }
    await server.stop()
  }
}
