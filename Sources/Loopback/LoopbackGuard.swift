/// Tells requests of this machine's user from those that a foreign web page makes his browser send.
///
/// A page can send requests to any address, loopback included, and it can give its own name this machine's address
/// once it is loaded (DNS rebinding): then even its answers are its own to read. Both are seen by what a browser
/// always tells: a rebound page's requests have its name as `Host`, and those across sites say so in `Origin` or
/// `Sec-Fetch-Site`.
package struct LoopbackGuard: Sendable {
  /// The longest target (path and query) in bytes.
  package static let longestTarget = 16 << 10
  /// The most bytes of headers.
  package static let mostHeaders = 64 << 10

  let port: Int

  package init(port: Int) { self.port = port }

  /// Why a request is not answered; `nil`: it may be.
  package func refusal(of request: LoopbackRequest, targetBytes: Int) -> LoopbackResponse? {
    if targetBytes > Self.longestTarget { return .text(414, "the address is too long") }
    if request.headerBytes > Self.mostHeaders { return .text(431, "the headers are too long") }
    guard let host = request.header("Host"), isOwn(host) else {
      return .text(403, "refused: the Host is not this server's")
    }
    if let origin = request.header("Origin") {
      guard origin.hasPrefix("http://"), isOwn(String(origin.dropFirst(7))) else {
        return .text(403, "refused: the Origin is another site's")
      }
    }
    let site = request.header("Sec-Fetch-Site") ?? "none"
    // A link to a page of ours may stand anywhere; whoever follows it sees the page, and the other site nothing.
    let isVisit = request.method == "GET" && request.header("Sec-Fetch-Mode") == "navigate"
    guard site == "none" || site == "same-origin" || isVisit else {
      return .text(403, "refused: another site has sent this")
    }
    return nil
  }

  private func isOwn(_ authority: String) -> Bool {
    ["127.0.0.1", "localhost"].contains { name in
      authority == "\(name):\(port)" || port == 80 && authority == name
    }
  }
}
