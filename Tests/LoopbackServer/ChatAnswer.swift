import Foundation

/// A chat request as far as the server reads it.
struct ChatQuestion {
  var fields: [String: Any]
  var model: String
  var messages: [(role: String, content: String)]
  var temperature: Double
  var seed: Int
  var tokenLimit: Int?
  /// Alternatives to report; nil where log-probabilities are not asked for.
  var topLogprobs: Int?

  init(
    fields: [String: Any], model: String, messages: [(role: String, content: String)],
    temperature: Double, seed: Int, tokenLimit: Int?
  ) {
    (self.fields, self.model, self.messages) = (fields, model, messages)
    (self.temperature, self.seed, self.tokenLimit) = (temperature, seed, tokenLimit)
  }

  /// - Returns: nil for what is no chat request.
  init?(_ data: Data) {
    guard let fields = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any],
      let model = fields["model"] as? String, let turns = fields["messages"] as? [[String: Any]],
      !turns.isEmpty
    else { return nil }
    self.fields = fields
    self.model = model
    messages = turns.map { ($0["role"] as? String ?? "", $0["content"] as? String ?? "") }
    temperature = (fields["temperature"] as? NSNumber)?.doubleValue ?? 1
    seed = (fields["seed"] as? NSNumber)?.intValue ?? 0
    let limit = fields["max_tokens"] ?? fields["max_completion_tokens"]
    tokenLimit = (limit as? NSNumber)?.intValue
    topLogprobs =
      fields["logprobs"] as? Bool == true
      ? (fields["top_logprobs"] as? NSNumber)?.intValue ?? 0 : nil
  }

  /// Of everything that the answer depends on: at temperature 0 the seed does not matter.
  var identity: UInt64 {
    var hash = Mixing.hash("\(temperature)\n\(temperature == 0 ? 0 : seed)\n\(topLogprobs ?? -1)")
    for (role, content) in messages { hash = Mixing.hash("\n\(role)\n\(content)", hash) }
    return hash
  }
}

/// Which text a request is answered with, and in what form.
struct ChatAnswer {
  private static let words = [
    "the", "lamp", "river", "turns", "quietly", "stone", "under", "seven", "open", "gardens", "and",
    "waits", "for", "rain", "a", "north",
  ]

  let question: ChatQuestion
  let answersAs: String
  let hasGlyphs: Bool
  private let hash: UInt64

  init(_ question: ChatQuestion, answersAs: String, hasGlyphs: Bool) {
    self.question = question
    self.answersAs = answersAs
    self.hasGlyphs = hasGlyphs
    hash = Mixing.next(question.identity)
  }

  /// Where alternatives are asked for, one number from 0 to 100, as a judge says it; else words.
  private var tokens: [String] {
    if question.topLogprobs != nil { return ["\(hash % 101)"] }
    let length = 6 + Int(hash % 10)
    var state = hash
    let tokens = (0..<length).map { index in
      state = Mixing.next(state)
      return (index == 0 ? "" : " ") + Self.words[Int(state % UInt64(Self.words.count))]
    }
    return Array(tokens.prefix(question.tokenLimit ?? length))
  }

  /// A shuffled list of so many numbers and words around the first token, with probabilities that
  /// halve from one to the next.
  private func alternatives(_ count: Int) -> [(token: String, logprob: Double)] {
    let first = Int(hash % 101)
    var tokens = ["\(first)", " \((first + 3) % 101)", "CODE", "REFUSAL", " the", "é"]
    for step in 1...20 { tokens.append("\((first + 5 * step) % 101)") }
    return tokens.prefix(count).enumerated().map { index, token in
      (token, index > 16 ? -9999 : -0.693_147_180_559_945_3 * Double(index + 1))
    }
  }

  private func written(_ alternative: (token: String, logprob: Double)) -> String {
    let token =
      hasGlyphs ? alternative.token.replacingOccurrences(of: " ", with: "Ġ") : alternative.token
    let bytes =
      hasGlyphs
      ? "" : ",\"bytes\":[\(alternative.token.utf8.map(String.init).joined(separator: ","))]"
    return #"{"token":\#(JSONText.quoted(token)),"logprob":\#(alternative.logprob)\#(bytes)}"#
  }

  private var logprobs: String {
    guard let count = question.topLogprobs else { return "null" }
    var list = alternatives(count)
    if hasGlyphs { list.reverse() }
    let top = list.map(written).joined(separator: ",")
    // What the server says it took is not what it took where it imitates mlx-lm.
    let token = hasGlyphs ? "wrong" : tokens[0]
    return #"""
      {"content":[{"token":\#(JSONText.quoted(token)),"logprob":-0.5,"bytes":null,\#
      "top_logprobs":[\#(top)]}]}
      """#
  }

  func json(withLogprobs: Bool = true) -> String {
    let text = tokens.joined()
    let prompt = question.messages.reduce(3) { $0 + 4 + $1.content.utf8.count / 4 }
    let count = tokens.count
    let isCut = question.tokenLimit.map { count >= $0 } ?? false
    return #"""
      {"id":"chatcmpl-\#(String(hash, radix: 16))","object":"chat.completion","created":1,\#
      "model":\#(JSONText.quoted(answersAs)),"choices":[{"index":0,"message":\#
      {"role":"assistant","content":\#(JSONText.quoted(text)),"refusal":null},\#
      "logprobs":\#(withLogprobs ? logprobs : "null"),\#
      "finish_reason":"\#(isCut ? "length" : "stop")"}],"usage":{"prompt_tokens":\#(prompt),\#
      "completion_tokens":\#(count),"total_tokens":\#(prompt + count)},\#
      "system_fingerprint":"fp_loopback"}
      """#
  }
}
