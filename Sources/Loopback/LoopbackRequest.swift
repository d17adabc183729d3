import Foundation

/// A request to a server on loopback, whole: its body has been read and is within the server's limit.
package struct LoopbackRequest: Sendable {
  /// In capitals: `GET`.
  package var method: String
  /// Without its escapes; `/` at least.
  package var path: String
  /// The first value of each name, without its escapes.
  package var query: [String: String]
  package var body: Data
  private var headers: [String: String]

  /// - Parameters:
  ///   - target: as it stands in the request's first line, with escapes and query.
  ///   - headers: names in any case.
  package init(
    method: String, target: String, headers: [String: String] = [:], body: Data = Data()
  ) {
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    self.method = method.uppercased()
    path = parts.first.map(String.init)?.removingPercentEncoding ?? "/"
    query = Self.query(parts.count > 1 ? parts[1] : "")
    self.headers = Dictionary(headers.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
    self.body = body
  }

  /// The value of a header, whose name may be written in any case.
  package func header(_ name: String) -> String? { headers[name.lowercased()] }

  /// Bytes of all headers together.
  var headerBytes: Int { headers.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 4 } }

  private static func query(_ text: Substring) -> [String: String] {
    var values: [String: String] = [:]
    for pair in text.split(separator: "&") {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map { $0.replacing("+", with: " ").removingPercentEncoding ?? "" }
      if values[sides[0]] == nil { values[sides[0]] = sides.count > 1 ? sides[1] : "" }
    }
    return values
  }
}
