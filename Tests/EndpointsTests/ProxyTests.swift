import Core
import Foundation
import TestSupport
import Testing

@testable import Endpoints

@Suite("Proxies", .serialized, .needs(programs: "python3", "openssl"))
struct ProxyTests {
  /// A proxy that leads to `server`, and what it was told.
  private struct Proxy {
    private let peer: PythonPeer
    private let folder: TemporaryFolder

    init(to server: PythonPeer, login: String? = nil) throws {
      folder = try TemporaryFolder()
      let journal = try folder.write("", to: "journal")
      let secret = login.map { [Data($0.utf8).base64EncodedString()] } ?? []
      peer = try PythonPeer(["connect_proxy.py", String(server.port), journal] + secret)
    }

    func url(_ login: String = "") -> String { "http://\(login)127.0.0.1:\(peer.port)" }

    /// The heads of all requests, a line each.
    var told: [Substring] {
      get throws { try folder.text(of: "journal").split(separator: "\n") }
    }
  }

  @Test("http and https go through the proxy that the environment names, and it sees no key")
  func through() async throws {
    let authority = try TestAuthority()
    for scheme in ["http", "https"] {
      let isEncrypted = scheme == "https"
      let server = try PythonPeer.chat(isEncrypted ? authority.certify("model.example") : nil)
      let proxy = try Proxy(to: server)
      let asked = try await Asked.once(
        "\(scheme)://model.example",
        environment: [
          "\(scheme)_proxy": proxy.url(), "SSL_CERT_FILE": authority.certificate,
        ], key: EndpointKey("sk-1", source: "test"))
      #expect(asked.reply == "for Bearer sk-1" && asked.failure == nil)
      let told = try proxy.told
      #expect(told.count == 1)
      #expect(told.first?.hasPrefix("CONNECT model.example:\(isEncrypted ? 443 : 80) ") == true)
      #expect(told.first?.contains("sk-1") == false)
    }
  }

  @Test("a certificate is checked behind a proxy as well")
  func refused() async throws {
    let authority = try TestAuthority()
    let server = try PythonPeer.chat(authority.certify("elsewhere.example"))
    let proxy = try Proxy(to: server)
    let asked = try await Asked.once(
      "https://model.example",
      environment: ["HTTPS_PROXY": proxy.url(), "SSL_CERT_FILE": authority.certificate])
    #expect(
      asked.failure == "no connection: the certificate of model.example is another host's")
  }

  @Test("a proxy gets the name and password of its URL, and nobody else sees them")
  func login() async throws {
    let server = try PythonPeer.chat()
    let proxy = try Proxy(to: server, login: "me:p@ss")
    func asked(_ login: String) async throws -> Asked {
      try await Asked.once(
        "http://model.example", environment: ["HTTP_PROXY": proxy.url(login)])
    }
    #expect(try await asked("me:p%40ss@").reply == "for nobody")
    let wrong = try await asked("me:hunter2@")
    #expect(
      wrong.failure == "no connection: the proxy wants a name and a password (407), not those "
        + "that are given")
    #expect(wrong.counts.requests == 1)
    #expect(
      try await asked("").failure
        == "no connection: the proxy wants a name and a password (407), none are given")
    let found = try #require(
      try EndpointProxy.find(
        environment: ["HTTP_PROXY": proxy.url("me:hunter2@")],
        for: EndpointAddress(parsing: "m@http://model.example/v1")))
    var dumped = ""
    dump(found, to: &dumped)
    for text in ["\(found)", String(reflecting: found), dumped] {
      #expect(!text.contains("hunter2"))
    }
  }

  @Test("hosts in NO_PROXY are asked directly")
  func direct() async throws {
    let server = try PythonPeer.chat()
    let proxy = try Proxy(to: server)
    // An address of this machine that is not taken for it: only NO_PROXY keeps the proxy out.
    let url = "http://0.0.0.0:\(server.port)"
    let environment = ["HTTP_PROXY": proxy.url(), "NO_PROXY": "model.example, 0.0.0.0"]
    #expect(try await Asked.once(url, environment: environment).reply == "for nobody")
    #expect(try proxy.told.isEmpty)
    let through = try await Asked.once(url, environment: ["HTTP_PROXY": proxy.url()])
    #expect(through.reply == "for nobody")
    #expect(try proxy.told.count == 1)
  }

  @Test("a proxy that is not there, or refuses, is told apart from the server")
  func missing() async throws {
    func failure(_ proxy: String) async throws -> String? {
      try await Asked.once(
        "http://model.example", environment: ["HTTP_PROXY": proxy], attempts: 1
      ).failure
    }
    #expect(
      try await failure("http://me:hunter2@127.0.0.1:1")
        == "given up after 1 attempt, the last: connection: Connection refused: does the proxy run?"
    )
    // A server that is no proxy.
    let server = try PythonPeer.chat()
    #expect(
      try await failure("http://me:hunter2@127.0.0.1:\(server.port)")
        == "given up after 1 attempt, the last: connection: the proxy answers 501 when asked for "
        + "model.example")
  }
}
