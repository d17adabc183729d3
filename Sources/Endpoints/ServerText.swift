import Core

/// Text from servers, keys' owners and files, made fit to be shown.
enum ServerText {
  /// One line of at most `limit` scalars: what breaks or hides text is escaped, and every
  /// occurrence of `secret` is left out, since some servers repeat the key that they refuse.
  static func shown(_ text: String, hiding secret: String? = nil, limit: Int = 200) -> String {
    Self.hiding(secret, in: text).onOneLine(limit: limit)
  }

  /// The text with `[key]` in place of every occurrence of `secret`.
  static func hiding(_ secret: String?, in text: String) -> String {
    guard let secret, !secret.isEmpty, text.contains(secret) else { return text }
    return text.split(separator: secret, omittingEmptySubsequences: false)
      .joined(separator: "[key]")
  }
}
