import Core
import Foundation

/// A reply of `/chat/completions` as it comes; what Askew does not use is passed over, and what
/// some server leaves out is optional.
struct WireReply: Decodable {
  struct Choice: Decodable {
    var message: Turn?
    var finishReason: String?
    var logprobs: Logprobs?

    enum CodingKeys: String, CodingKey {
      case message, logprobs
      case finishReason = "finish_reason"
    }
  }
  struct Turn: Decodable {
    var content: String?
    var refusal: String?
  }
  struct Logprobs: Decodable { var content: [Position]? }
  struct Position: Decodable {
    var topLogprobs: [Alternative]?
    enum CodingKeys: String, CodingKey { case topLogprobs = "top_logprobs" }
  }
  struct Alternative: Decodable {
    var token: String?
    var logprob: Double?
    var bytes: [UInt8]?
  }
  struct Usage: Decodable {
    var promptTokens: Int?
    var completionTokens: Int?

    enum CodingKeys: String, CodingKey {
      case promptTokens = "prompt_tokens"
      case completionTokens = "completion_tokens"
    }
  }

  var choices: [Choice]?
  var model: String?
  var systemFingerprint: String?
  var usage: Usage?

  enum CodingKeys: String, CodingKey {
    case choices, model, usage
    case systemFingerprint = "system_fingerprint"
  }

  /// - Returns: nil when the bytes are no such reply.
  ///
  /// Python's servers write `NaN` and `-Infinity`, which JSON does not know but JSON5 does; JSON5
  /// is tried second because it takes longer.
  static func decode(_ data: Data) -> WireReply? {
    if let reply = try? JSONDecoder().decode(WireReply.self, from: data) { return reply }
    guard data.range(of: Data("NaN".utf8)) != nil || data.range(of: Data("Infinity".utf8)) != nil
    else { return nil }
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = true
    return try? decoder.decode(WireReply.self, from: data)
  }
}

extension WireReply {
  /// The first choice's turn; nil where there is none.
  func reply(requestID: String?) -> ChatReply? {
    guard let choice = choices?.first, let message = choice.message else { return nil }
    return ChatReply(
      text: message.content ?? message.refusal ?? "", finish: ChatReply.Finish(choice.finishReason),
      promptTokens: usage?.promptTokens, completionTokens: usage?.completionTokens,
      alternatives: choice.logprobs?.content.map { $0.map(\.alternatives) }, model: model,
      systemFingerprint: systemFingerprint, requestID: requestID)
  }
}

extension WireReply.Position {
  /// Sorted, the likeliest first: mlx-lm gives them in no order.
  var alternatives: [TokenProbability] {
    (topLogprobs ?? []).compactMap(\.probability).sorted { $0.probability > $1.probability }
  }
}

extension WireReply.Alternative {
  /// e to the logarithm, which is at most 1; OpenAI's -9999 stands for 0.
  var probability: TokenProbability? {
    guard let logprob, !logprob.isNaN, let text else { return nil }
    return TokenProbability(
      token: text, probability: logprob <= -9999 ? 0 : min(1, exp(logprob)))
  }

  private var text: String? {
    if let bytes, let decoded = String(validating: bytes, as: UTF8.self) { return decoded }
    return token.map { ByteGlyphs.text(of: $0) ?? $0 }
  }
}

/// The letters by which byte-level tokenizers since GPT-2 stand for bytes: `Ġ` for a space, `Ċ` for
/// a new line. Some servers show them instead of the text.
enum ByteGlyphs {
  /// Bytes that are no visible Latin-1 character, in the order of their glyphs from U+0100 on.
  private static let hidden: [UInt8] = Array(0...32) + Array(127...160) + [173]

  /// The text that `token` stands for; nil where it is not written in glyphs, or would hold what
  /// is no text.
  static func text(of token: String) -> String? {
    var bytes: [UInt8] = []
    var isGlyphs = false
    for scalar in token.unicodeScalars {
      switch scalar.value {
      case 0x100..<0x100 + UInt32(hidden.count):
        bytes.append(hidden[Int(scalar.value) - 0x100])
        isGlyphs = true
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: bytes.append(UInt8(scalar.value))
      default: return nil
      }
    }
    let isText = bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (9...13).contains($0) }
    return isGlyphs && isText ? String(validating: bytes, as: UTF8.self) : nil
  }
}
