import Audit
import Core
import Documents
import Evaluation
import Judging
import Questions
import Store
import Tuning

// What a certificate says of the answers that it was made from: where they are, and some of them.
extension AuditWork {
  /// A question that model and base were asked, and the row that it counts in.
  struct Asked {
    /// `nil`: in none.
    let row: String?
    let place: AskedPlace
    let question: AuditQuestion
  }

  /// Rows without a cue, by the names that their evidence has in the store.
  static let plainRows = [
    "broad": PlainRow.broad, "requests": PlainRow.requests, "narrow": PlainRow.narrow,
  ]

  /// The runs of the store and a hash of all answers in them that were read; `nil`: nothing was asked.
  func answers() throws -> Certificate.Answers? {
    let keys = Set(asked.map(\.place.key))
    var lines = ""
    var runs: [String] = []
    for side in Side.allCases {
      let run = try run(of: [], side)
      guard let stored = try run.stored() else { return nil }
      runs.append(stored.fingerprint.hex)
      // In the store's order, which is that of their keys.
      for answer in try session.store.answers(of: stored) where keys.contains(answer.key) {
        let text = answer.missing == nil ? answer.text.quotedJSON : "null"
        lines += "\(side.rawValue) \(answer.key.question) \(answer.key.sample) \(text)\n"
      }
    }
    return Certificate.Answers(
      model: runs[0], base: runs[1], hash: Fingerprint(bytes: Array(lines.utf8)).hex)
  }
}
