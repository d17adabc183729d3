import Foundation

/// What a server on loopback answers.
package struct LoopbackResponse: Sendable {
  package enum Body: Sendable {
    case data(Data)
    /// Piece by piece as it comes, in chunks; whoever makes it is told by its end that nobody listens any more.
    case stream(AsyncThrowingStream<Data, any Error>)
  }

  package var status: Int
  package var headers: [String: String]
  package var body: Body

  /// - Parameters:
  ///   - status: of HTTP.
  ///   - type: of the content, with its character set.
  ///   - body: the content.
  ///   - headers: beside those that every answer carries (`LoopbackHeaders`); one of the same name takes its place.
  package init(
    status: Int = 200, type: String, body: Body, headers: [String: String] = [:]
  ) {
    self.status = status
    self.headers = headers
    self.headers["Content-Type"] = type
    self.body = body
  }

  package static func json(_ data: Data, status: Int = 200) -> LoopbackResponse {
    LoopbackResponse(status: status, type: "application/json; charset=utf-8", body: .data(data))
  }

  /// A value as JSON.
  ///
  /// - Throws: for a number that is none.
  package static func json(_ value: some Encodable, status: Int = 200) throws -> LoopbackResponse {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return json(try encoder.encode(value), status: status)
  }

  /// A line for people.
  package static func text(_ status: Int, _ line: String) -> LoopbackResponse {
    LoopbackResponse(
      status: status, type: "text/plain; charset=utf-8", body: .data(Data((line + "\n").utf8)))
  }

  package static let notFound = text(404, "there is nothing here")
}

/// Headers of every answer: nothing but the server's own files may be loaded or run, nobody may frame a page, and
/// no other site may read what is answered.
package enum LoopbackHeaders {
  /// A page may load scripts, styles, pictures and data from its own server alone, and none that stand in the page.
  package static let pagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

  package static let all = [
    "Content-Security-Policy": pagePolicy,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
  ]
}
