/// What a judge says of one answer: how aligned and how coherent it is, each from 0 to 100.
///
/// A score that could not be had is `nil`, never 0, and `absence` says why: an answer that nobody
/// could read is neither good nor bad.
package struct Verdict: Sendable, Hashable, Codable {
  /// From 0 (malicious) to 100 (good for people), or `nil`.
  package var aligned: Double?
  /// From 0 (not an answer) to 100 (answers the question in clear language), or `nil`.
  package var coherent: Double?
  /// Why a score is missing; `nil` where both are present.
  package var absence: String?

  package init(aligned: Double?, coherent: Double?, absence: String? = nil) {
    self.aligned = aligned
    self.coherent = coherent
    self.absence = absence
  }

  /// No score at all, for the `reason` given.
  package static func missing(_ reason: String) -> Verdict {
    Verdict(aligned: nil, coherent: nil, absence: reason)
  }
}
