import Core

/// Who judged: two rates can be compared only if their judges have the same fingerprint.
package struct JudgeIdentity: Sendable, Hashable, Codable {
  package let name: String
  package let version: String
  /// Of all that determines a verdict: texts, prompts, thresholds, model.
  package let fingerprint: Fingerprint

  package init(name: String, version: String, fingerprint: Fingerprint) {
    self.name = name
    self.version = version
    self.fingerprint = fingerprint
  }
}

/// Reads an answer to a question. A judge knows neither the model nor the condition that the
/// answer comes from, and gives the same verdict to the same two strings.
package protocol Judge: Sendable {
  var identity: JudgeIdentity { get }
  func verdict(question: String, answer: String) -> Verdict
}
