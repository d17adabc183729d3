import Documents

/// A text whose tokens the server is to say the likelihoods of.
///
/// The completions API repeats a text with `echo`, and with it the log-probability of each of its tokens. The fields are
/// those by which lm-evaluation-harness asks, since servers that know `echo` are held against it: vLLM, SGLang and the
/// server of llama-cpp-python do; llama.cpp's own and chat APIs tell nothing of a text that is given. One token more has to
/// be drawn, at temperature 1: nothing scales what the model says.
package struct EchoRequest: Sendable, Hashable {
  package enum Prompt: Sendable, Hashable {
    /// By their numbers, which leaves the server nothing to cut.
    case tokens([Int32])
    case text(String)
  }

  package var prompt: Prompt

  package init(_ prompt: Prompt) { self.prompt = prompt }
}

/// What a server says of a text and of the token that it has drawn behind it.
package struct EchoReply: Sendable, Hashable, ServerReply {
  package struct Token: Sendable, Hashable {
    /// As the server writes it, which may be empty, or half a letter.
    package var text: String
    /// In nats; `nil` where there is none, as of the first, or none that is a finite number.
    package var logprob: Double?

    package init(text: String, logprob: Double?) { (self.text, self.logprob) = (text, logprob) }
  }

  package var tokens: [Token]
  package var promptTokens: Int?
  package var completionTokens: Int?
  package var model: String?
  package var systemFingerprint: String?

  package init(tokens: [Token], promptTokens: Int? = nil, completionTokens: Int? = nil) {
    (self.tokens, self.promptTokens) = (tokens, promptTokens)
    self.completionTokens = completionTokens
  }
}

extension EchoRequest: ServerRequest {
  static let path = "/completions"

  var tokenEstimate: Int {
    switch prompt {
    case .tokens(let tokens): tokens.count + 1
    case .text(let text): text.utf8.count / 4 + 1
    }
  }

  func body(as shape: RequestShape, model: String) -> [UInt8] {
    var json = JSONWriter(capacity: 128 + 5 * tokenEstimate)
    json.open("{")
    json.string(model, for: "model")
    switch prompt {
    case .tokens(let tokens):
      json.literal("[\(tokens.map(String.init).joined(separator: ","))]", for: "prompt")
    case .text(let text): json.string(text, for: "prompt")
    }
    json.literal("true", for: "echo")
    json.literal("1", for: "logprobs")
    json.literal("1", for: "max_tokens")
    json.literal("1", for: "temperature")
    json.literal("false", for: "stream")
    json.close("}")
    return json.bytes
  }

  func refusal(by server: EndpointCapabilities?) -> String? { nil }

  func read(_ answer: HTTPAnswer, hiding secret: String?) -> Attempt<EchoReply> {
    let object: JSONObject
    do throws(ReplyMisfit) {
      guard case .object(let read) = try ReplyText.read(answer.body) else {
        throw ReplyMisfit("is a stream of events, expected one reply")
      }
      object = read
    } catch {
      return error.attempt(answer, hiding: secret)
    }
    guard let choices = object["choices"]?.array else {
      return ServerError(answer).attempt(hiding: secret)
    }
    guard let choice = choices.first?.object else {
      return .again(.emptyChoices, wait: nil, detail: "a reply without choices")
    }
    guard let logprobs = choice["logprobs"]?.object, let places = logprobs["token_logprobs"]?.array
    else { return .again(.missingLogprobs, wait: 0, detail: "no log-probabilities") }
    // Those of the drawn token alone, as llama.cpp's own server does.
    guard places.count > 1 else {
      return .again(.missingLogprobs, wait: 0, detail: "no log-probabilities of the text")
    }
    let texts = logprobs["tokens"]?.array ?? []
    let usage = object["usage"]?.object
    var reply = EchoReply(
      tokens: places.enumerated().map { index, place in
        EchoReply.Token(
          text: index < texts.count ? texts[index].string ?? "" : "",
          logprob: place.number.flatMap { $0.isFinite && $0 > Self.impossible ? $0 : nil })
      }, promptTokens: usage?["prompt_tokens"]?.number.flatMap { Int(exactly: $0) },
      completionTokens: usage?["completion_tokens"]?.number.flatMap { Int(exactly: $0) })
    reply.model = object["model"]?.string
    reply.systemFingerprint = object["system_fingerprint"]?.string
    return .answered(reply)
  }

  /// What vLLM and OpenAI write for −∞.
  private static let impossible = -9999.0
}
