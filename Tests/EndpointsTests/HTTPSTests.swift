import Core
import Foundation
import TestSupport
import Testing

@testable import Endpoints

@Suite("Encrypted servers", .serialized, .needs(programs: "python3", "openssl"))
struct HTTPSTests {
  private let authority: TestAuthority

  init() throws { authority = try TestAuthority() }

  @Test(
    "a server of one's own authority is asked where the environment names its certificate",
    arguments: ["SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR"])
  func trusted(variable: String) async throws {
    let server = try PythonPeer.chat(authority.certify("localhost"))
    let path = variable == "SSL_CERT_DIR" ? try authority.trustFolder() : authority.certificate
    let asked = try await Asked.once(
      "https://localhost:\(server.port)", environment: [variable: path])
    #expect(asked.reply == "for nobody" && asked.failure == nil)
  }

  @Test("a key travels encrypted to the server that it is meant for")
  func key() async throws {
    let server = try PythonPeer.chat(authority.certify("localhost"))
    let asked = try await Asked.once(
      "https://localhost:\(server.port)", environment: ["SSL_CERT_FILE": authority.certificate],
      key: EndpointKey("sk-1", source: "test"))
    #expect(asked.reply == "for Bearer sk-1")
  }

  /// Why a server is refused, after one attempt.
  private func refusal(
    _ certificate: TestAuthority.Certificate, trusts: Bool = true
  ) async throws -> String? {
    let server = try PythonPeer.chat(certificate)
    let environment = trusts ? ["SSL_CERT_FILE": authority.certificate] : [:]
    let asked = try await Asked.once(
      "https://localhost:\(server.port)", environment: environment)
    #expect(asked.counts.requests == 1 && asked.counts.retried.isEmpty)
    let address = try EndpointAddress(parsing: "m@https://localhost:\(server.port)/v1")
    let client = try EndpointClient(address, key: nil, environment: environment)
    let probed = await #expect(throws: EndpointFailure.self) {
      try await client.probe(needsLogprobs: false)
    }
    #expect(probed?.description == asked.failure)
    await client.shutdown()
    return asked.failure
  }

  @Test("a certificate that is not to be trusted is refused at once, with host and reason")
  func refused() async throws {
    let certificate = try authority.certify("localhost")
    #expect(
      try await refusal(certificate, trusts: false)
        == "no connection: the certificate of localhost is from an authority that is not trusted "
        + "here: name its certificate's file with --ca-file, or in SSL_CERT_FILE")
    #expect(
      try await refusal(authority.certify("localhost", years: 2020...2021))
        == "no connection: the certificate of localhost has expired")
    #expect(
      try await refusal(authority.certify("localhost", years: 2048...2049))
        == "no connection: the certificate of localhost is not valid yet: is this machine's clock "
        + "right?")
    #expect(
      try await refusal(authority.certify("elsewhere.example"))
        == "no connection: the certificate of localhost is another host's")
    #expect(
      try await refusal(authority.selfSigned("localhost"))
        == "no connection: the certificate of localhost is signed by itself: name its "
        + "certificate's file with --ca-file, or in SSL_CERT_FILE")
  }

  @Test("a server that does not speak https is told so")
  func plain() async throws {
    let server = try PythonPeer.chat()
    let asked = try await Asked.once("https://localhost:\(server.port)")
    #expect(asked.failure?.hasPrefix("no connection: no encryption with localhost") == true)
    #expect(asked.failure?.hasSuffix("does the server speak https?") == true)
    #expect(asked.counts.requests == 1)
  }

  @Test("authorities that cannot be read are named")
  func unreadable() async throws {
    let failure = await #expect(throws: InputError.self) {
      try await Asked.once(
        "https://localhost:1", environment: ["REQUESTS_CA_BUNDLE": "/nowhere.pem"])
    }
    #expect(
      failure?.description
        == "/nowhere.pem: REQUESTS_CA_BUNDLE: cannot be read, expected certificates in PEM")
    // What is not used does not have to be there.
    let server = try PythonPeer.chat()
    let plain = try await Asked.once(
      "http://localhost:\(server.port)", environment: ["SSL_CERT_FILE": "/nowhere.pem"])
    #expect(plain.reply == "for nobody")
    let encrypted = try PythonPeer.chat(authority.certify("localhost"))
    let asked = try await Asked.once(
      "https://localhost:\(encrypted.port)", environment: ["SSL_CERT_FILE": #filePath])
    #expect(
      asked.failure == "no connection: SSL_CERT_FILE names no certificates in PEM: \(#filePath)")
  }

  @Test("a reply is measured as it is unpacked")
  func bomb() async throws {
    let server = try PythonPeer.chat(authority.certify("localhost"))
    let asked = try await Asked.once(
      "https://localhost:\(server.port)", model: "bomb",
      environment: ["SSL_CERT_FILE": authority.certificate], attempts: 1)
    #expect(
      asked.failure == "given up after 1 attempt, the last: a reply above the byte limit")
  }
}
