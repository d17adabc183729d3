import Foundation
import TestSupport
import Testing

@testable import Endpoints

/// A script of `Peers`, listening on this machine until this value goes away.
struct PythonPeer {
  let port: Int
  private let process: ChildProcess

  /// - Parameter arguments: the script's name and what it is given.
  init(_ arguments: [String]) throws {
    process = try ChildProcess(
      #require(installedProgram("python3")), arguments,
      in: Repository.url("Tests/EndpointsTests/Peers"))
    port = try #require(Int(process.firstLine()))
  }

  static func chat(_ certificate: TestAuthority.Certificate? = nil) throws -> PythonPeer {
    try PythonPeer(["chat_server.py"] + (certificate.map { [$0.file, $0.key] } ?? []))
  }
}

/// What one question to a server came to.
struct Asked {
  var reply: String?
  var failure: String?
  var counts: RequestCounts

  /// - Parameter server: a URL without a path.
  static func once(
    _ server: String, model: String = "m", environment: [String: String] = [:],
    key: EndpointKey? = nil, attempts: Int = 8
  ) async throws -> Asked {
    let client = try EndpointClient(
      EndpointAddress(parsing: "\(model)@\(server)/v1"), key: key,
      limits: EndpointLimits(attempts: attempts), environment: environment)
    let received = Received()
    var asked = Asked(counts: RequestCounts())
    do {
      try await client.run(Questions(1), stop: .init()) { received.take($0, $1) }
    } catch {
      asked.failure = "\(error)"
    }
    asked.reply = received.replies[0]?.text
    asked.counts = client.counts
    await client.shutdown()
    return asked
  }
}
