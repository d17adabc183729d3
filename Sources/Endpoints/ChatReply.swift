import Core

/// What a model said, and what the server says about it.
package struct ChatReply: Sendable, Hashable {
  /// Why the reply ends.
  package enum Finish: Sendable, Hashable, CustomStringConvertible {
    /// The model ended its turn, or said one of the request's stop texts.
    case stop
    /// The limit of tokens was reached.
    case length
    case contentFilter
    /// Any other word of the server's, as it came; empty where it gave none.
    case other(String)

    init(_ word: String?) {
      switch word {
      case "stop", "eos", "eos_token", "end_turn": self = .stop
      case "length", "max_tokens": self = .length
      case "content_filter", "safety", "SAFETY", "recitation", "RECITATION": self = .contentFilter
      default: self = .other(word ?? "")
      }
    }

    package var description: String {
      switch self {
      case .stop: "stop"
      case .length: "length"
      case .contentFilter: "content_filter"
      case .other(let word): ServerText.shown(word, limit: 40)
      }
    }
  }

  /// With its thinking, where that stands in it.
  package var text: String
  /// What the server tells apart as thinking.
  package var thinking: String?
  /// Why there is no answer in it; `nil` where there is one.
  package var missing: MissingAnswer?
  package var finish: Finish
  package var promptTokens: Int?
  package var completionTokens: Int?
  /// For each token of the reply what might have stood there, the likeliest first; nil where it
  /// was not asked for. The token that the server says it took is not among them unless it is
  /// one: some servers name a wrong one.
  package var alternatives: [[TokenProbability]]?
  /// The name under which the server answered.
  package var model: String?
  package var systemFingerprint: String?
  /// Of the header `x-request-id`: what a provider's support asks for.
  package var requestID: String?

  package init(
    text: String, finish: Finish, promptTokens: Int? = nil, completionTokens: Int? = nil,
    alternatives: [[TokenProbability]]? = nil, model: String? = nil,
    systemFingerprint: String? = nil, requestID: String? = nil, thinking: String? = nil,
    missing: MissingAnswer? = nil
  ) {
    self.text = text
    self.thinking = thinking
    self.missing = missing
    self.finish = finish
    self.promptTokens = promptTokens
    self.completionTokens = completionTokens
    self.alternatives = alternatives
    self.model = model
    self.systemFingerprint = systemFingerprint
    self.requestID = requestID
  }
}
