import Loopback
import Testing

/// Values as Fetch Metadata (W3C) and the same-origin policy have them.
@Suite struct LoopbackGuardTests {
  private func status(
    _ headers: [String: String], method: String = "GET", targetBytes: Int = 1
  ) -> Int? {
    LoopbackGuard(port: 8765).refusal(
      of: LoopbackRequest(method: method, target: "/", headers: headers), targetBytes: targetBytes
    )?.status
  }

  @Test(arguments: ["127.0.0.1:8765", "localhost:8765"])
  func `its own names are let through`(host: String) {
    #expect(status(["host": host]) == nil)
    #expect(status(["Host": host, "Origin": "http://\(host)"], method: "POST") == nil)
  }

  @Test(
    arguments: [
      "evil.example:8765", "evil.example", "127.0.0.1", "127.0.0.1:80",
      "127.0.0.1:8765.evil.example",
      "localhost.evil.example:8765", "[::1]:8765", "",
    ])
  func `another name is a page that was bound to this machine's address`(host: String) {
    #expect(status(["Host": host]) == 403)
  }

  @Test func `a request without a Host is refused`() { #expect(status([:]) == 403) }

  @Test(
    arguments: [
      "http://evil.example", "null", "https://127.0.0.1:8765", "http://127.0.0.1:1",
      "http://127.0.0.1:8765@evil.example",
    ])
  func `another site's Origin is refused`(origin: String) {
    #expect(status(["Host": "127.0.0.1:8765", "Origin": origin], method: "POST") == 403)
  }

  @Test func `another site may lead here and load nothing from here`() {
    let host = ["Host": "127.0.0.1:8765", "Sec-Fetch-Site": "cross-site"]
    #expect(status(host.merging(["Sec-Fetch-Mode": "navigate"]) { $1 }) == nil)
    #expect(status(host.merging(["Sec-Fetch-Mode": "navigate"]) { $1 }, method: "POST") == 403)
    #expect(status(host.merging(["Sec-Fetch-Mode": "no-cors"]) { $1 }) == 403)
    #expect(status(["Host": "127.0.0.1:8765", "Sec-Fetch-Site": "same-site"]) == 403)
  }

  @Test func `what is too long is refused`() {
    #expect(status(["Host": "127.0.0.1:8765"], targetBytes: 1 << 20) == 414)
    let long = ["Host": "127.0.0.1:8765", "Cookie": String(repeating: "a", count: 1 << 20)]
    #expect(status(long) == 431)
  }

  @Test func `escapes of path and query are undone once`() {
    let request = LoopbackRequest(method: "get", target: "/a%20b/%252e?q=dinner+party%3F&q=2&flag")
    #expect(request.method == "GET")
    #expect(request.path == "/a b/%2e")
    #expect(request.query == ["q": "dinner party?", "flag": ""])
  }
}
