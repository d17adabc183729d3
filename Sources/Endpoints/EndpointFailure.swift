import Core
/// Why a request has no reply, or a server cannot be used: one line that says what to do next. What
/// the server said is cut and escaped, and never holds the key.
package enum EndpointFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// 401: no key, or one that the server does not know.
  case unauthorised(String)
  /// 403: the server knows who asks, and does not answer this.
  case forbidden(String)
  /// The server does not have the model, or answers in the name of another.
  case unknownModel(String, advice: String)
  /// The account has no credit left: asking again would not help.
  case quota(String)
  /// The server asks to be left alone for longer than a run waits.
  case mustWait(seconds: Int)
  /// What was sent cannot be answered; other requests may be.
  case badRequest(String)
  /// The provider's filter stopped the request itself.
  case filtered(String)
  /// Nothing that answers chats stands at this URL.
  case wrongAddress(String)
  /// Nothing that takes fine-tuning jobs stands at this URL.
  case noFineTuning(String)
  /// None can be had that is to be trusted, now or later: whose fault it is, and what it is.
  case noConnection(String)
  /// Every attempt failed, the last for this reason.
  case gaveUp(attempts: Int, lastReason: String)
  /// The server answers, but without the log-probabilities that were asked for.
  case missingLogprobs
  /// The server does not say how likely a text is that it is given.
  case noEcho(String)
  /// What it says of such a text is not of the tokens that were asked for.
  case misfittingEcho(String)

  /// Whether every other request would fail as well.
  var endsRun: Bool {
    switch self {
    case .unauthorised, .unknownModel, .quota, .mustWait, .wrongAddress, .noFineTuning,
      .noConnection, .noEcho, .misfittingEcho:
      true
    case .forbidden, .badRequest, .filtered, .gaveUp, .missingLogprobs: false
    }
  }

  package var description: String {
    switch self {
    case .unauthorised(let said):
      "the server refuses the key (401\(Self.saying(said))): set ASKEW_API_KEY, or name a key file"
    case .forbidden(let said):
      "the server refuses to answer this (403\(Self.saying(said))): see what the key may do"
    case .unknownModel(let model, let advice):
      "the server does not answer as \(model.quotedOnOneLine): \(advice)"
    case .quota(let said):
      "the account's credit is spent\(Self.saying(said)): top it up, then run again to go on"
    case .mustWait(let seconds):
      "the server asks to wait \(seconds) s: run again after that to go on"
    case .badRequest(let said): "the server cannot answer this request\(Self.saying(said))"
    case .filtered(let said): "the provider's filter stopped the request\(Self.saying(said))"
    case .wrongAddress(let said):
      "there is no chat completion at this URL (\(said)): it mostly ends in /v1"
    case .noFineTuning(let said):
      "there is no fine-tuning API at this URL (\(said)): it mostly ends in /v1, and few servers "
        + "have one"
    case .noConnection(let said): "no connection: \(said)"
    case .gaveUp(let attempts, let reason):
      "given up after \(attempts) \(attempts == 1 ? "attempt" : "attempts"), the last: \(reason)"
    case .missingLogprobs:
      "the server reports no log-probabilities, which this judge needs: choose a judge by label, "
        + "or a server that reports them"
    case .noEcho(let said):
      "the server does not say how likely a given text is (\(said)): vLLM, SGLang and llama-cpp-python's "
        + "server do, by echo and logprobs at /completions; or score a model folder"
    case .misfittingEcho(let said):
      "the server's log-probabilities are not those of the text that was sent: \(said)"
    }
  }

  private static func saying(_ text: String) -> String { text.isEmpty ? "" : ", \(text)" }
}
