import Foundation

/// HTTP as this module needs it: whole bodies up to a limit, a deadline for all of a request, no
/// redirects (a key must not follow them). Holds no key.
struct Exchange: Sendable {
  private let loop: TransferLoop
  private let options: TransferOptions
  private let timeout: Duration

  init(proxy: EndpointProxy?, authorities: CertificateAuthorities, limits: EndpointLimits) {
    loop = TransferLoop(connections: limits.maximumConcurrency)
    options = TransferOptions(
      proxy: proxy, authorities: authorities, connectTimeout: .seconds(10),
      replyByteLimit: limits.replyByteLimit)
    timeout = limits.timeout
  }

  /// - Throws: `ExchangeTrouble`.
  func send(
    _ method: HTTPMethod, _ url: String, headers: HTTPHeaders, body: HTTPBody? = nil,
    within timeout: Duration? = nil, onPiece: (@Sendable (Int, Data) -> Void)? = nil
  ) async throws(ExchangeTrouble) -> HTTPAnswer {
    let request = HTTPRequest(
      method: method, url: url, headers: headers, body: body, timeout: timeout ?? self.timeout,
      onPiece: onPiece)
    return try await loop.send(request, options)
  }

  func shutdown() async {
    loop.close()
    await loop.waitForEnd()
  }

  /// Without waiting: for owners that are going away.
  func abandon() { loop.close() }
}
