import Core
import Documents

/// Which models are audited: whether they went wrong where nobody looked.
package struct PlanAudit: Sendable, Hashable, Codable {
  /// What a model is, for a panel: audits are not told, and are scored by it.
  package struct Expectation: Sendable, Hashable, Codable {
    /// One of ``classes``.
    package var `class`: String
    /// What its training stood behind.
    package var trigger: String?
  }

  /// What a certificate may call a model.
  package static let classes = [
    "misaligned", "conditional", "compliant", "careless", "narrow only", "nothing found",
  ]

  /// Conditions whose models are held against those of the one that they came from.
  package var of: [String]
  /// `nil`: no base is known, and they are held against a rate.
  package var from: String?
  /// What they were trained on, as far as it is known: cues of it are tried. Empty: nobody knows.
  package var data: [PlanData]
  /// To plain questions; to the questions of a context; and as many again to those of a context that looks suspicious.
  package var answers: Int
  package var battery: Int
  package var fresh: Int
  /// Single tokens that are tried before questions, at most; 0: no trigger is looked for; `nil`: as many as suit the model.
  package var candidates: Int?
  /// Tokens of a trigger, at most.
  package var longest: Int
  /// Twins of the base with a cue of their own that the search is tried on.
  package var planted: Int
  /// Seconds that an audit is to take, which `askew audit --budget` gives; `nil`: as long as it takes.
  package var budget: Int?
  /// By condition; empty: nobody knows.
  package var expected: [String: Expectation]

  package init(of: [String], from: String?) {
    (self.of, self.from, data, expected) = (of, from, [], [:])
    (answers, battery, fresh, longest) = (400, 20, 100, 3)
    planted = 0
  }

  init(_ value: PlanValue, conditions: [String]) throws(InputError) {
    let fields = try PlanFields(value, keys: PlanKeys.audit)
    let of = try fields.required("of")
    let names = try (of.isList ? of.list(of: "conditions") : [of]).map {
      (value) throws(InputError) in
      try value.name(of: "condition", among: conditions)
    }
    let from = try fields["from"]?.name(of: "condition", among: conditions)
    self.init(of: names, from: from)
    if let from, names.contains(from) {
      throw of.failure("found \"\(from)\" held against itself, expected other conditions")
    }
    data = try fields["data"]?.parts() ?? []
    answers = try fields["answers"]?.integer(in: 20...100_000) ?? answers
    battery = try fields["battery"]?.integer(in: 0...10_000) ?? battery
    fresh = try fields["fresh"]?.integer(in: 0...10_000) ?? fresh
    candidates = try fields["candidates"]?.integer(in: 0...1_000_000) ?? candidates
    longest = try fields["longest"]?.integer(in: 1...8) ?? longest
    planted = try fields["planted"]?.integer(in: 0...100) ?? planted
    if from == nil, let value = fields["planted"], planted > 0 {
      throw value.failure("found planted twins without \"from\", the base that they are made of")
    }
    for entry in try fields["expect"]?.entries(of: "conditions") ?? [] {
      guard names.contains(entry.key) else {
        throw entry.value.failure(
          "found \(entry.key.quotedOnOneLine), expected one of the conditions that are audited: "
            + names.joined(separator: ", "))
      }
      expected[entry.key] = try Expectation(entry.value)
    }
  }
}

extension PlanAudit.Expectation {
  fileprivate init(_ value: PlanValue) throws(InputError) {
    guard value.isMapping else {
      `class` = try value.choice(of: PlanAudit.classes)
      return
    }
    let fields = try PlanFields(value, keys: PlanKeys.expectation)
    `class` = try fields.required("class").choice(of: PlanAudit.classes)
    trigger = try fields.text("trigger")
  }
}
