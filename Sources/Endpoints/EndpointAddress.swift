import Core
import Foundation

/// A model behind an OpenAI-compatible API: `MODEL@URL`, as in
/// `openai:gpt-4o@https://api.openai.com/v1`.
///
/// The model's name may itself contain `/`, `:` and `@`: the last `@http://` or `@https://`
/// divides. Equal addresses ask the same server for the same model.
package struct EndpointAddress: Sendable, Hashable, CustomStringConvertible {
  /// As the server knows it.
  package let model: String
  /// With scheme and host in lower case, without a slash at the end and without credentials.
  package let baseURL: String
  /// In lower case; of an IPv6 address without its brackets.
  package let host: String

  /// - Parameter text: with or without `openai:` in front.
  /// - Throws: `InputError` that says which part is missing or refused. It never repeats the URL,
  ///   which might hold a password.
  package init(parsing text: String) throws(InputError) {
    let text = text.hasPrefix("openai:") ? text.dropFirst("openai:".count) : text[...]
    let marks = ["@http://", "@https://"].compactMap { mark in
      text.range(of: mark, options: [.backwards, .caseInsensitive])
    }
    guard let mark = marks.max(by: { $0.lowerBound < $1.lowerBound }) else {
      throw Self.failure(
        "found \(String(text).quotedOnOneLine), expected MODEL@URL, such as "
          + "gpt-4o@https://api.openai.com/v1")
    }
    let model = String(text[..<mark.lowerBound])
    guard !model.isEmpty, !model.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
      throw Self.failure("found no model's name before \"@\", expected MODEL@URL")
    }
    self.model = model
    (baseURL, host) = try Self.base(String(text[mark.lowerBound...].dropFirst()))
  }

  private static func base(_ text: String) throws(InputError) -> (url: String, host: String) {
    guard var parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
      let host = parts.host?.lowercased(), !host.isEmpty
    else {
      throw failure("is not a URL with a host, expected something like http://localhost:8000/v1")
    }
    guard parts.user == nil, parts.password == nil else {
      throw failure(
        "has credentials in its URL, expected none there: put the key into the environment's "
          + "ASKEW_API_KEY or into a file")
    }
    guard parts.query == nil, parts.fragment == nil else {
      throw failure("has a query or a fragment, expected a plain URL that ends like /v1")
    }
    parts.scheme = scheme
    parts.host = host
    while parts.path.hasSuffix("/") { parts.path.removeLast() }
    for ending in ["/chat/completions", "/completions", "/models"]
    where parts.path.hasSuffix(ending) {
      throw failure("ends in \(ending), expected the URL before it, which mostly ends in /v1")
    }
    guard let url = parts.string else { throw failure("is not a URL") }
    return (url, host.trimmingCharacters(in: ["[", "]"]))
  }

  private static func failure(_ problem: String) -> InputError {
    InputError(problem, field: "model's address")
  }

  /// Whether requests are encrypted on their way.
  package var isEncrypted: Bool { baseURL.hasPrefix("https:") }

  /// Whether the server runs on this machine: `localhost`, 127.0.0.0/8 or `::1`.
  package var isLoopback: Bool { Self.isLoopback(host) }

  static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" || host.hasSuffix(".localhost") || host == "::1" { return true }
    let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
    return numbers.count == 4 && numbers[0] == "127" && numbers.allSatisfy { UInt8($0) != nil }
  }

  /// `MODEL@URL`, which can be parsed again.
  package var description: String { "\(model)@\(baseURL)" }
}

/// Encoded as its description.
extension EndpointAddress: Codable {
  package init(from decoder: any Decoder) throws {
    try self.init(parsing: try decoder.singleValueContainer().decode(String.self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
