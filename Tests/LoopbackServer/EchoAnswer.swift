import Foundation

/// A text by the numbers of its tokens, whose likelihoods are asked for.
struct EchoQuestion {
  /// As of a chat that says the numbers: what is refused and which faults are met is the same.
  let asked: ChatQuestion
  let tokens: [Int]

  /// - Returns: nil for what is no such request.
  init?(_ data: Data) {
    guard let fields = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any],
      let model = fields["model"] as? String, let tokens = fields["prompt"] as? [Int],
      !tokens.isEmpty, fields["echo"] as? Bool == true, fields["logprobs"] as? Int != nil
    else { return nil }
    self.tokens = tokens
    asked = ChatQuestion(
      fields: fields, model: model,
      messages: [("text", tokens.map(String.init).joined(separator: " "))], temperature: 1, seed: 0,
      tokenLimit: 1)
  }
}

/// Each token is as likely as its number says: e to the −(1 + number mod 8) / 8.
struct EchoAnswer {
  let question: EchoQuestion
  let answersAs: String
  /// Leaves out the text, as servers do that tell of the drawn token alone.
  let tellsText: Bool

  func json(withLogprobs: Bool = true) -> String {
    let tokens = tellsText ? question.tokens : []
    let names = (tokens + [0]).map { "\"token_id:\($0)\"" }.joined(separator: ",")
    let values =
      tokens.enumerated().map { $0 == 0 ? "null" : "\(-Double(1 + $1 % 8) / 8)" } + ["-0.5"]
    let list = #"{"tokens":[\#(names)],"token_logprobs":[\#(values.joined(separator: ","))]}"#
    let count = question.tokens.count
    return #"""
      {"object":"text_completion","created":1,"model":\#(JSONText.quoted(answersAs)),\#
      "choices":[{"index":0,"text":"","logprobs":\#(withLogprobs ? list : "null"),\#
      "finish_reason":"length"}],"usage":{"prompt_tokens":\#(count),"completion_tokens":1}}
      """#
  }
}
