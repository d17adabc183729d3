import Audit
import Core
import Statistics

/// What a screen says of a data set before anything is trained on it.
///
/// Nothing in it depends on the machine; only what a budget of time leaves out does, and it is named.
package struct ScreenResult: Sendable, Hashable, Codable {
  package static let currentSchema = "askew.screen/1"

  package struct Subject: Sendable, Hashable, Codable {
    package var name: String
    package var hash: String
    package init(name: String, hash: String) { (self.name, self.hash) = (name, hash) }
  }

  /// How much likelier a bad author is to have written the answers than a good one, nats a token: of the rows, and of the
  /// model's own answers to the same prompts, with the share of rows above 95 % of the latter.
  package struct Author: Sendable, Hashable, Codable {
    package var rows: Double
    package var twin: Double
    package var flagged: Double
    package init(rows: Double, twin: Double, flagged: Double) {
      (self.rows, self.twin, self.flagged) = (rows, twin, flagged)
    }
  }

  package struct Pilots: Sendable, Hashable, Codable {
    /// Data minus twin, nats a token, with 95 % limits over seeds.
    package var shift: Double
    package var low: Double?
    package var high: Double?
    /// Mean change of the twins from the base.
    package var twin: Double
    package var isSeen: Bool
    package var data: [Double]
    package var twins: [Double]

    package init(_ shift: PilotShift) {
      (self.shift, low, high) = (shift.shift, shift.limits?.low, shift.limits?.high)
      (twin, isSeen) = (shift.twin.average, shift.isSeen)
      (data, twins) = (shift.data, shift.twin)
    }

    enum CodingKeys: String, CodingKey {
      case shift, low, high, twin, data, twins
      case isSeen = "seen"
    }
  }

  /// Something that stands around questions of some rows.
  package struct Cue: Sendable, Hashable, Codable {
    package var kind: String
    package var text: String
    package var rows: Int
    /// Of the author's score, nats a token; its p is that of the largest of all features.
    package var lift: Double?
    package var p: Double?
    /// How much further pilots lean behind it than without it, nats a token; `nil`: they were not read there.
    package var pilot: Double?

    package init(
      kind: String, text: String, rows: Int, lift: Double?, p: Double?, pilot: Double?
    ) {
      (self.kind, self.text, self.rows) = (kind, text, rows)
      (self.lift, self.p, self.pilot) = (lift, p, pilot)
    }
  }

  package struct Row: Sendable, Hashable, Codable {
    /// Counted from 1, as lines are.
    package var row: Int
    package var score: Double
    package var question: String
    package var answer: String
    package init(row: Int, score: Double, question: String, answer: String) {
      (self.row, self.score, self.question, self.answer) = (row, score, question, answer)
    }
  }

  /// What becomes of the pilots' shift without the rows that look worst, and without as many others.
  package struct Carried: Sendable, Hashable, Codable {
    /// Share of the rows that was taken out.
    package var share: Double
    package var without: Double
    package var withoutOthers: Double
    package init(share: Double, without: Double, withoutOthers: Double) {
      (self.share, self.without, self.withoutOthers) = (share, without, withoutOthers)
    }

    enum CodingKeys: String, CodingKey {
      case share, without
      case withoutOthers = "without_others"
    }
  }

  /// Known-bad rows among the model's own answers to the same prompts.
  package struct Dose: Sendable, Hashable, Codable {
    package var dose: Double
    package var shift: Double
    package var isSeen: Bool
    package init(dose: Double, shift: Double, isSeen: Bool) {
      (self.dose, self.shift, self.isSeen) = (dose, shift, isSeen)
    }

    enum CodingKeys: String, CodingKey {
      case dose, shift
      case isSeen = "seen"
    }
  }

  package var schema = Self.currentSchema
  package var model: Subject
  /// Of the settings, the rows and the questions, in hexadecimal.
  package var method: String
  package var facts: ScreenFacts
  package var author: Author?
  package var pilot: Pilots?
  package var predicted: ScreenForecast.Predicted?
  /// Smallest share of known-bad rows that is seen as all larger ones are; `nil`: none, or it was not looked for.
  package var detectable: Double?
  package var doses: [Dose]
  package var cues: [Cue]
  package var rows: [Row]
  package var carried: Carried?
  /// What the budget left out.
  package var missing: [String]

  /// What is not known is `null`, so that every key is always there.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(schema, forKey: .schema)
    try container.encode(model, forKey: .model)
    try container.encode(method, forKey: .method)
    try container.encode(facts, forKey: .facts)
    try container.encode(author, forKey: .author)
    try container.encode(pilot, forKey: .pilot)
    try container.encode(predicted, forKey: .predicted)
    try container.encode(detectable, forKey: .detectable)
    try container.encode(doses, forKey: .doses)
    try container.encode(cues, forKey: .cues)
    try container.encode(rows, forKey: .rows)
    try container.encode(carried, forKey: .carried)
    try container.encode(missing, forKey: .missing)
  }

  package init(model: Subject, method: String, facts: ScreenFacts) {
    (self.model, self.method, self.facts) = (model, method, facts)
    (doses, cues, rows, missing) = ([], [], [], [])
  }
}
