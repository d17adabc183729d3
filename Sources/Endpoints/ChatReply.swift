import Core

/// What a model said, and what the server says about it.
public struct ChatReply: Sendable, Hashable {
  /// Why the reply ends.
  public enum Finish: Sendable, Hashable, CustomStringConvertible {
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

    public var description: String {
      switch self {
      case .stop: "stop"
      case .length: "length"
      case .contentFilter: "content_filter"
      case .other(let word): ServerText.shown(word, limit: 40)
      }
    }
  }

  /// With its thinking, where that stands in it.
  public var text: String
  /// What the server tells apart as thinking.
  public var thinking: String?
  /// Why there is no answer in it; `nil` where there is one.
  public var missing: MissingAnswer?
  public var finish: Finish
  public var promptTokens: Int?
  public var completionTokens: Int?
  /// For each token of the reply what might have stood there, the likeliest first; nil where it
  /// was not asked for. The token that the server says it took is not among them unless it is
  /// one: some servers name a wrong one.
  public var alternatives: [[TokenProbability]]?
  /// The name under which the server answered.
  public var model: String?
  public var systemFingerprint: String?
  /// Of the header `x-request-id`: what a provider's support asks for.
  public var requestID: String?

  public init(
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
