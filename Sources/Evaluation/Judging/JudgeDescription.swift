import Core
import Questions

/// A judge's identity: all that determines what it says of an answer. Rates of judges with different
/// fingerprints cannot be compared.
package struct JudgeDescription: Sendable, Hashable, Codable {
  /// `paper`, `exact`, `guard` or `dish`.
  package var rule: String
  /// Raised whenever the rule reads the same reply differently.
  package var version: Int
  /// As it was addressed; `nil` for the dish's oracle.
  package var model: String?
  /// Of a folder, which model it holds and how it is used; of an endpoint `nil`: nobody outside knows
  /// which weights answer there.
  package var weights: String?
  /// What is asked about an answer; empty for the oracle.
  package var prompts: [JudgePrompt]

  package init(
    rule: String, version: Int, model: String?, weights: String?, prompts: [JudgePrompt]
  ) {
    (self.rule, self.version, self.model) = (rule, version, model)
    (self.weights, self.prompts) = (weights, prompts)
  }

  /// Where a folder lies does not matter, what is in it does.
  package var fingerprint: Fingerprint {
    get throws {
      var own = self
      if weights != nil { own.model = nil }
      return try Fingerprint(of: own)
    }
  }

  /// For people: rule and model.
  package var name: String { [rule, model].compactMap { $0 }.joined(separator: ":") }

  package static let paperVersion = 1
  package static let exactVersion = 1
}
