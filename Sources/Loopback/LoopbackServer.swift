import Core
import FlyingFox
import FlyingSocks
import Foundation

/// A web server for this machine alone: it listens on 127.0.0.1, answers what its guard lets through, and reads no
/// more of a request than its limit.
package final class LoopbackServer: Sendable {
  package typealias Handler = @Sendable (LoopbackRequest) async -> LoopbackResponse

  /// Where it listens, once it does.
  package let port: Int
  private let server: HTTPServer
  private let running: Task<Void, any Error>

  /// Starts to listen.
  ///
  /// - Parameters:
  ///   - port: 0: any that is free.
  ///   - mostBodyBytes: the longest body of a request.
  ///   - secondsToAnswer: until an answer begins; what it streams may take longer.
  ///   - handler: called at the same time for several requests.
  /// - Throws: `InputError` where the port cannot be had.
  package init(
    port: Int, mostBodyBytes: Int = 1 << 20, secondsToAnswer: Double = 600,
    handler: @escaping Handler
  ) async throws {
    guard let number = UInt16(exactly: port) else {
      throw InputError("found port \(port), expected 0 to 65535")
    }
    let address: any SocketAddress = try .inet(ip4: "127.0.0.1", port: number)
    let guarded = GuardedHandler(handler: handler, mostBodyBytes: mostBodyBytes)
    server = HTTPServer(
      config: .init(
        address: address, timeout: secondsToAnswer, sharedRequestReplaySize: 4096,
        logger: .disabled), handler: guarded)
    let server = server
    let ending = FirstSet<any Error>()
    let running = Task {
      do { try await server.run() } catch {
        ending.set(error)
        throw error
      }
    }
    self.running = running
    while await !server.isListening {
      if let error = ending.value {
        throw InputError(
          "port \(port) of 127.0.0.1 cannot be had (\(error.localizedDescription.onOneLine)); "
            + "name another one, or 0 for any that is free")
      }
      try await Task.sleep(for: .milliseconds(5))
    }
    guard case .ip4(_, let own)? = await server.listeningAddress else {
      throw InputError("the server does not say where it listens")
    }
    self.port = Int(own)
    guarded.own.set(LoopbackGuard(port: Int(own)))
  }

  package var address: String { "http://127.0.0.1:\(port)/" }

  /// Answers until it is stopped.
  package func wait() async throws { try await running.value }

  /// Ends all connections.
  package func stop() async {
    await server.stop()
    running.cancel()
  }
}

/// Puts the guard before the handler, and the library's types behind ours.
private struct GuardedHandler: HTTPHandler {
  let handler: LoopbackServer.Handler
  let mostBodyBytes: Int
  /// Known with the port, which is known when the server listens.
  let own = FirstSet<LoopbackGuard>()

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    let target = request.target.rawValue
    var own = LoopbackRequest(
      method: request.method.rawValue, target: target,
      headers: Dictionary(request.headers.map { ($0.key.rawValue, $0.value) }) { first, _ in first }
    )
    guard let gate = self.own.value else { return response(.text(503, "not ready yet")) }
    if let refusal = gate.refusal(of: own, targetBytes: target.utf8.count) {
      return response(refusal)
    }
    guard let body = try await body(of: request) else {
      return response(.text(413, "the request is too large: at most \(mostBodyBytes) bytes"))
    }
    own.body = body
    return response(await handler(own))
  }

  /// `nil`: it is too long. No more of it than the limit is ever held; what is somewhat longer is read to its end, since a
  /// client that is still sending would not hear the answer.
  private func body(of request: HTTPRequest) async throws -> Data? {
    if let count = request.bodySequence.count, count > 64 * mostBodyBytes { return nil }
    var body = Data()
    var count = 0
    for try await piece in request.bodySequence {
      count += piece.count
      if count <= mostBodyBytes { body.append(piece) } else { body = Data() }
      if count > 64 * mostBodyBytes { return nil }
    }
    return count > mostBodyBytes ? nil : body
  }

  private func response(_ response: LoopbackResponse) -> HTTPResponse {
    var headers = HTTPHeaders()
    for (name, value) in LoopbackHeaders.all.merging(response.headers, uniquingKeysWith: { $1 }) {
      headers[HTTPHeader(name)] = value
    }
    // What is left unread of a body that was refused would pass for the next request.
    if response.status >= 400 { headers[.connection] = "close" }
    let status = HTTPStatusCode(response.status, phrase: response.status < 400 ? "OK" : "Refused")
    switch response.body {
    case .data(let data):
      return HTTPResponse(
        statusCode: status, headers: headers,
        body: HTTPBodySequence(data: data, suggestedBufferSize: max(1, data.count)))
    case .stream(let pieces):
      return HTTPResponse(
        statusCode: status, headers: headers,
        body: HTTPBodySequence(from: StreamedBytes(pieces: pieces), suggestedBufferSize: 64 << 10))
    }
  }
}

/// A value that is known later than its place.
///
/// `@unchecked Sendable`: `stored` is guarded by `lock`.
private final class FirstSet<Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var stored: Value?
  var value: Value? { lock.withLock { stored } }
  func set(_ value: Value) { lock.withLock { stored = stored ?? value } }
}

/// Pieces as the library reads a body: each as soon as it is there.
private struct StreamedBytes: AsyncBufferedSequence {
  typealias Element = UInt8
  let pieces: AsyncThrowingStream<Data, any Error>

  func makeAsyncIterator() -> Iterator { Iterator(source: pieces.makeAsyncIterator()) }

  struct Iterator: AsyncBufferedIteratorProtocol {
    var source: AsyncThrowingStream<Data, any Error>.Iterator
    private var rest = Data()

    init(source: AsyncThrowingStream<Data, any Error>.Iterator) { self.source = source }

    mutating func next() async throws -> UInt8? {
      try await nextBuffer(suggested: 1)?.first
    }

    mutating func nextBuffer(suggested count: Int) async throws -> Data? {
      while rest.isEmpty {
        guard let piece = try await source.next() else { return nil }
        rest = piece
      }
      let part = rest.prefix(Swift.max(1, count))
      rest = rest.dropFirst(part.count)
      return Data(part)
    }
  }
}
