import Foundation
import Testing

@testable import Endpoints

/// A script of `Peers`, listening on this machine until this value goes away.
final class PythonPeer {
  let port: Int
  private let process = Process()

  /// Whether Python and openssl are there, or have to be.
  static let isPossible =
    ProcessInfo.processInfo.environment["CI"] == "true"
    || (path("python3") != nil && path("openssl") != nil)

  static let reason: Comment = "python3 or openssl is missing, which make the servers and proxies"

  /// A program of the search path.
  static func path(_ program: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .map { "\($0)/\(program)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// - Parameter arguments: the script's name and what it is given.
  init(_ arguments: String...) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    process.executableURL = URL(fileURLWithPath: try #require(Self.path("python3")))
    process.currentDirectoryURL = folder.appendingPathComponent("Peers")
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    var line = Data()
    while line.last != UInt8(ascii: "\n") {
      let byte = try #require(try output.fileHandleForReading.read(upToCount: 1))
      try #require(!byte.isEmpty, "\(arguments) ended")
      line += byte
    }
    port = try #require(Int(String(decoding: line.dropLast(), as: UTF8.self)))
  }

  /// Python may have inherited a mask that holds back gentler signals.
  deinit {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  static func chat(_ certificate: TestAuthority.Certificate? = nil) throws -> PythonPeer {
    guard let certificate else { return try PythonPeer("chat_server.py") }
    return try PythonPeer("chat_server.py", certificate.file, certificate.key)
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
