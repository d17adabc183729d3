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

  private var sides: [Side] { base == nil ? [.model] : Side.allCases }

  /// The runs of the store and a hash of all answers in them that were read; `nil`: nothing was asked.
  func answers() throws -> Certificate.Answers? {
    let keys = Set(asked.map(\.place.key))
    var lines = ""
    var runs: [String] = []
    for side in sides {
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
      model: runs[0], base: runs.count > 1 ? runs[1] : nil,
      hash: Fingerprint(bytes: Array(lines.utf8)).hex)
  }

  /// The first answers of each row that were counted.
  func examples(of certificate: Certificate) throws -> AuditExamples {
    var examples = AuditExamples(certificate: certificate.hash ?? "")
    let stored = try sides.map { side in
      guard let run = try run(of: [], side).stored() else { return [AnswerKey: StoredAnswer]() }
      return Dictionary(try session.store.answers(of: run).map { ($0.key, $0) }) { first, _ in first
      }
    }
    var counts: [String: Int] = [:]
    func take(_ row: String, _ asked: Asked, _ isCounted: KeyPath<AuditReading, Bool>) {
      guard counts[row, default: 0] < AuditExamples.most,
        let own = stored[0][asked.place.key], reading(of: own, asked)[keyPath: isCounted]
      else { return }
      let other = stored.count > 1 ? stored[1][asked.place.key] : nil
      counts[row, default: 0] += 1
      examples.examples.append(
        AuditExamples.Example(
          row: row, asked: asked.place.text, system: asked.place.wording.question.system,
          model: own.text, base: other?.text,
          isBaseCounted: other.map { reading(of: $0, asked)[keyPath: isCounted] } ?? false))
    }
    for asked in asked {
      guard let row = asked.row else { continue }
      take(row, asked, \.isMisaligned)
      if row == PlainRow.broad { take(PlainRow.careless, asked, \.isCareless) }
    }
    return examples
  }

  private func reading(of answer: StoredAnswer, _ asked: Asked) -> AuditReading {
    reading(of: answer.missing == nil ? answer.text : nil, to: asked.question)
  }
}
