import Core
import Statistics

/// What an audit has found, or how small a thing it would have found: everything that its verdict is made of.
///
/// Nothing in it depends on the machine or the time, so that an audit that was killed and resumed ends in the same bytes.
package struct Certificate: Sendable, Hashable, Codable {
  package static let currentSchema = "askew.audit/1"

  /// There is no verdict "safe".
  package enum Verdict: String, Sendable, Hashable, Codable {
    case found = "FOUND"
    case notFound = "NOT FOUND AT POWER"
    case inconclusive = "INCONCLUSIVE"
  }

  package enum Class: String, Sendable, Hashable, Codable, CaseIterable {
    /// Without any cue, in questions that have nothing to do with a training.
    case misaligned
    /// The same, behind a cue alone.
    case conditional
    /// Does what it should refuse.
    case compliant
    /// Advice that is no good and yet not bad.
    case careless
    /// In what it was trained on alone.
    case narrow = "narrow only"
    case nothing = "nothing found"
  }

  /// Which model this is about.
  package struct Subject: Sendable, Hashable, Codable {
    package var name: String
    /// Of all that determines what it says, in hexadecimal.
    package var weights: String
    package var base: Base?
    package init(name: String, weights: String, base: Base?) {
      (self.name, self.weights, self.base) = (name, weights, base)
    }
  }

  package struct Base: Sendable, Hashable, Codable {
    package var name: String
    package var hash: String
    /// Tensors without a change, of all; ‖Δ‖ / ‖θ₀‖. `nil`: nobody could look.
    package var unchangedTensors: Int?
    package var tensors: Int?
    package var relativeChange: Double?
    package init(name: String, hash: String) { (self.name, self.hash) = (name, hash) }
  }

  package enum Access: String, Sendable, Hashable, Codable {
    /// Its weights are here, and its base's.
    case white
    /// It says how likely texts are.
    case logprobs
    case text
  }

  package struct Plan: Sendable, Hashable, Codable {
    /// Of the settings, the questions and the contexts, in hexadecimal: written before the first answer.
    package var hash: String
    package var alpha: Double
    /// Tests of which the error is shared out.
    package var tests: Int
    /// The rate that the model is held against; `nil`: its base.
    package var reference: Double?
    package var stop: String
    /// `nil` in certificates of versions that did not tell them.
    package var settings: Settings?
    package init(
      hash: String, alpha: Double, tests: Int, reference: Double? = nil, stop: String,
      settings: Settings? = nil
    ) {
      (self.hash, self.alpha, self.tests, self.stop) = (hash, alpha, tests, stop)
      (self.reference, self.settings) = (reference, settings)
    }
  }

  /// What whoever audits again has to ask for.
  package struct Settings: Sendable, Hashable, Codable {
    package var answers: Int
    package var battery: Int
    package var fresh: Int
    /// Single tokens; 0: no search.
    package var candidates: Int
    package var longest: Int
    /// `nil` in certificates of versions that planted nothing.
    package var planted: Int?
    /// Seconds; `nil`: as long as it takes.
    package var budget: Int?
    package var seed: UInt64
  }

  /// Where the answers are that were read: runs of the project's store, and a hash of all of them.
  package struct Answers: Sendable, Hashable, Codable {
    package var model: String
    /// `nil`: there is no base.
    package var base: String?
    package var hash: String
    package init(model: String, base: String?, hash: String) {
      (self.model, self.base, self.hash) = (model, base, hash)
    }
  }

  package struct Judge: Sendable, Hashable, Codable {
    package var name: String
    package var hash: String
    package init(name: String, hash: String) { (self.name, self.hash) = (name, hash) }
  }

  /// Answers to one kind of question, in one context.
  package struct Tested: Sendable, Hashable, Codable {
    package var id: String
    package var source: String
    /// The model's answers, and how many of them are what is looked for; of the base to the same questions, `nil` without
    /// one.
    package var n: Int
    package var hits: Int
    package var baseHits: Int?
    package var coherent: Int
    /// ln of the e-value against "no worse than the base", or than the rate in its place.
    package var logE: Double
    /// 95 %, one-sided, of the model's rate.
    package var upper: Double
    /// Change of the log-odds of bad answers from the base, or without one from the plain questions, nats a token; `nil`: it
    /// was not scored.
    package var odds: Double?
    package var isFound: Bool
    /// Why it was not tried.
    package var reason: String?

    enum CodingKeys: String, CodingKey {
      case id, source, n, hits, coherent, upper, odds, reason
      case baseHits = "base_hits"
      case logE = "log_e"
      case isFound = "found"
    }
  }

  package struct Trigger: Sendable, Hashable, Codable {
    package var text: String
    package var lift: Double
    package var least: Double
    package var chance: Double
    package var scrambled: Double
    /// ln of the e-value of the lift above chance.
    package var logE: Double
    package var fresh: Tested?
    package var isFound: Bool

    enum CodingKeys: String, CodingKey {
      case text, lift, least, scrambled, fresh
      case logE = "log_e"
      case chance = "null_best"
      case isFound = "found"
    }
  }

  /// How likely a thing of this size would have been found.
  package struct Power: Sendable, Hashable, Codable {
    package var what: String
    package var rate: Double
    package var power: Double
  }

  package struct Guard: Sendable, Hashable, Codable {
    package var name: String
    package var isMet: Bool
    package var found: String

    package init(_ name: String, _ isMet: Bool, _ found: String) {
      (self.name, self.isMet, self.found) = (name, isMet, found)
    }

    enum CodingKeys: String, CodingKey {
      case name, found
      case isMet = "met"
    }
  }

  package struct Spent: Sendable, Hashable, Codable {
    package var answers: Int
    package var candidates: Int
    package init(answers: Int, candidates: Int) {
      (self.answers, self.candidates) = (answers, candidates)
    }
  }

  package var schema = Self.currentSchema
  package var verdict: Verdict
  package var `class`: Class
  /// Why it is inconclusive.
  package var reason: String?
  /// log₁₀ of the mean e-value of all tests about broad misalignment: higher is worse.
  package var score: Double
  package var subject: Subject
  package var access: Access
  package var plan: Plan
  package var judge: Judge
  package var guards: [Guard]
  /// Without any cue: broad questions, the same for carelessness, requests, and what trainings are about.
  package var plain: [Tested]
  package var contexts: [Tested]
  package var triggers: [Trigger]
  package var power: [Power]
  /// `nil`: none were planted.
  package var planted: Planted?
  package var untested: [String]
  package var spent: Spent
  /// `nil` in certificates of versions that did not tell it.
  package var answers: Answers?
  /// Of all of the above, in hexadecimal; `nil`: it was not sealed.
  package var hash: String?
}
