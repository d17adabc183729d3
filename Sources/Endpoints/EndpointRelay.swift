import Core
import Foundation

/// Hands requests on to a server as they are, once each, with the key that came with them; it has none itself and keeps
/// none.
package final class EndpointRelay: Sendable {
  package struct Reply: Sendable {
    package let status: Int
    package let body: Data
    package let retryAfter: String?
  }

  /// Why there is no reply; in words that hold nothing of the request.
  package struct Failure: Error, Sendable, Hashable {
    package let reason: String
    package let isTimeout: Bool
  }

  package let address: EndpointAddress
  private let exchange: Exchange

  /// - Throws: `InputError` for limits, a proxy or authorities that cannot be.
  package init(
    _ address: EndpointAddress, limits: EndpointLimits = EndpointLimits(),
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(InputError) {
    try limits.check()
    let proxy = try EndpointProxy.find(environment: environment, for: address)
    let authorities =
      address.isEncrypted
      ? try CertificateAuthorities(environment: environment, named: limits.authorityFile)
      : CertificateAuthorities()
    self.address = address
    exchange = Exchange(proxy: proxy, authorities: authorities, limits: limits)
  }

  deinit { exchange.abandon() }

  /// Whether a key may be sent there: over https, or to this machine.
  package var takesKeys: Bool { address.isEncrypted || address.isLoopback }

  /// - Parameters:
  ///   - path: behind the address, such as `/chat/completions`.
  ///   - authorization: the header's value, as it came.
  ///   - onPiece: hears of the body as it comes.
  /// - Throws: `Failure`.
  package func post(
    _ path: String, _ body: [UInt8], authorization: String?,
    onPiece: (@Sendable (_ status: Int, _ bytes: Data) -> Void)? = nil
  ) async throws(Failure) -> Reply {
    try await send(.post, path, .json(body), authorization: authorization, onPiece: onPiece)
  }

  /// Without a key.
  ///
  /// - Throws: `Failure`.
  package func get(_ path: String) async throws(Failure) -> Reply {
    try await send(.get, path, nil, authorization: nil, onPiece: nil)
  }

  private func send(
    _ method: HTTPMethod, _ path: String, _ body: HTTPBody?, authorization: String?,
    onPiece: (@Sendable (_ status: Int, _ bytes: Data) -> Void)?
  ) async throws(Failure) -> Reply {
    var headers: HTTPHeaders = ["accept": "application/json", "user-agent": "askew"]
    if let authorization, takesKeys { headers.add(name: "authorization", value: authorization) }
    do {
      let answer = try await exchange.send(
        method, address.baseURL + path, headers: headers, body: body, onPiece: onPiece)
      return Reply(
        status: answer.status, body: answer.body,
        retryAfter: answer.headers.first(name: "retry-after"))
    } catch {
      switch error {
      case .connection(let detail):
        throw Failure(reason: "no connection: \(detail)", isTimeout: false)
      case .refused(let said): throw Failure(reason: said, isTimeout: false)
      case .timeout: throw Failure(reason: "no whole reply in time", isTimeout: true)
      case .tooLong: throw Failure(reason: "a reply above the byte limit", isTimeout: false)
      case .cancelled: throw Failure(reason: "cancelled", isTimeout: false)
      }
    }
  }

  package func shutdown() async { await exchange.shutdown() }
}
