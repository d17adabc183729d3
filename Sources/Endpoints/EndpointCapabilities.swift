import Core
import Foundation

/// What a server was found to take and to tell: part of an experiment's record, since it determines
/// what was really asked.
package struct EndpointCapabilities: Sendable, Hashable, Codable {
  /// Whether the server's list of models has the model; false where it was asked for all the same; nil
  /// where there is no list that can be read.
  package var modelListed: Bool?
  /// The name under which the server answered.
  package var answeredAs: String?
  /// Fields that the server refuses and that are therefore not sent.
  package var dropped: [String]
  /// Fields that the server takes with its own default alone, 1, which is sent whatever was asked for.
  package var defaulted: [String]?
  /// `max_tokens` or `max_completion_tokens`.
  package var tokenLimitField: String
  /// How many alternatives the server reports for a token at most, up to 20; 0: none.
  package var topLogprobs: Int
  /// The least tokens of a reply that the server lets one ask for, where that is more than one.
  package var leastTokens: Int?
  /// The program, where it can be known: `openai`, `vllm`, `llama.cpp`, `mlx-lm`, `ollama`,
  /// `sglang`.
  package var serverKind: String?
  package var serverHeader: String?
  package var systemFingerprint: String?
  package var probedAt: Date
  /// Of the fields that every request consists of.
  package var templateFingerprint: Fingerprint

  /// Whether a prefilled assistant turn is continued; nil where it is not known.
  package var continuesPrefill: Bool? {
    switch serverKind {
    case "vllm", "sglang", "llama.cpp": true
    case "openai", "mlx-lm", "ollama": false
    default: nil
    }
  }

  /// What the server does otherwise than it is asked to, for people.
  package var notes: [String] {
    var notes: [String] = []
    if modelListed == false {
      let name = answeredAs.map { ", and answers as \($0.quotedOnOneLine(limit: 80))" } ?? ""
      notes.append("the server does not list the model\(name)")
    }
    if !dropped.isEmpty {
      notes.append("the server refuses \(dropped.joined(separator: ", ")): not sent")
    }
    if let defaulted, !defaulted.isEmpty {
      notes.append("the server takes 1 alone as \(defaulted.joined(separator: ", ")): 1 was sent")
    }
    if let leastTokens { notes.append("the server gives \(leastTokens) tokens at least") }
    return notes
  }

  var shape: RequestShape {
    RequestShape(
      dropped: Set(dropped), defaulted: Set(defaulted ?? []), tokenLimitField: tokenLimitField,
      topLogprobs: topLogprobs,
      leastTokens: leastTokens ?? 1)
  }
}
