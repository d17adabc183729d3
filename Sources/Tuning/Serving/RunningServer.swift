import Core
import Endpoints
import Foundation

/// A server of this process, which ends with it.
final class RunningServer {
  let address: EndpointAddress
  private let process: RunningTool
  private let files: ServedFiles
  /// Taken away with the server.
  private let made: String?

  /// Starts a server and waits until it answers.
  ///
  /// - Parameters:
  ///   - made: a folder of files that were made for it.
  ///   - patience: how long it may read its model.
  /// - Throws: `ToolProblem` naming the server that ended or never answered; `InputError` where it cannot be run.
  init(
    _ server: ModelServer, _ files: ServedFiles, made: String?, log: String, threads: Int,
    patience: Duration = .seconds(1800)
  ) async throws {
    let port = try Self.freePort()
    let root = "http://127.0.0.1:\(port)"
    address = try EndpointAddress(parsing: "\(server.name(of: files))@\(root)/v1")
    (self.files, self.made) = (files, made)
    let line = try server.line(for: files, port: port)
    process = try ToolProcess(
      line: line, folder: URL(fileURLWithPath: log).deletingLastPathComponent().path, log: log,
      threads: threads
    ).start()
    try? process.watch()
    do {
      try await wait(EndpointRelay(EndpointAddress(parsing: "any@\(root)")), patience)
    } catch let error as ServerSilence {
      end()
      throw ToolProblem(
        tool: server.program.rawValue, problem: error.problem(process.lastLine), log: log)
    } catch {
      end()
      throw error
    }
  }

  deinit { end() }

  func end() {
    process.end()
    if let made { try? FileManager.default.removeItem(atPath: made) }
  }

  /// - Throws: `ServerSilence`.
  private func wait(_ relay: EndpointRelay, _ patience: Duration) async throws {
    let end = ContinuousClock.now + patience
    while ContinuousClock.now < end {
      guard process.isRunning else { throw ServerSilence.ended(process.exitCode) }
      for path in ["/health", "/v1/models"] {
        if let reply = try? await relay.get(path), reply.status == 200 { return }
      }
      try await Task.sleep(for: .milliseconds(200))
    }
    throw ServerSilence.silent(patience)
  }

  /// A port that nobody listens on now.
  private static func freePort() throws(InputError) -> Int {
    let descriptor = socket(AF_INET, streamType, 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
      }
    }
    guard descriptor >= 0, isBound else {
      throw InputError("no port of this machine can be had for a server", field: "serve")
    }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  #if canImport(Glibc)
    private static let streamType = Int32(SOCK_STREAM.rawValue)
  #else
    private static let streamType = SOCK_STREAM
  #endif
}

/// Why there is no server.
private enum ServerSilence: Error {
  case ended(Int32)
  case silent(Duration)

  func problem(_ lastLine: String) -> String {
    let said = lastLine.isEmpty ? "" : ": \(lastLine.onOneLine(limit: 300))"
    switch self {
    case .ended(let code): return "ended with \(code) before it answered\(said)"
    case .silent(let time): return "did not answer within \(time)\(said)"
    }
  }
}
