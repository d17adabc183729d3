import Core
import Documents
import Foundation

/// What might have stood in a reply's places, in the forms that servers have for it.
enum Logprobs {
  /// Of two pieces of a stream, the places of both.
  static func joined(_ first: JSON?, _ second: JSON) -> JSON {
    guard let old = first?.object?["content"]?.array, let new = second.object?["content"]?.array
    else { return first ?? second }
    return .object(["content": .array(old + new)])
  }

  /// For each place the alternatives, the likeliest first: mlx-lm gives them in no order. `nil` where there
  /// are none.
  static func alternatives(_ logprobs: JSON) -> [[TokenProbability]]? {
    guard let object = logprobs.object else { return nil }
    if let content = object["content"]?.array {
      return content.map { sorted($0.object?["top_logprobs"]) }
    }
    // As completions have it: a list of objects, from token to log-probability.
    guard let places = object["top_logprobs"]?.array else { return nil }
    return places.map { sorted($0) }
  }

  private static func sorted(_ place: JSON?) -> [TokenProbability] {
    let found: [TokenProbability]
    switch place {
    case .array(let list)?: found = list.compactMap { $0.object.flatMap(probability) }
    case .object(let object)?:
      found = object.members.compactMap { member in
        member.value.number.flatMap { probability(of: text(member.name, bytes: nil), logprob: $0) }
      }
    default: found = []
    }
    return found.sorted { $0.probability > $1.probability }
  }

  private static func probability(_ alternative: JSONObject) -> TokenProbability? {
    guard let logprob = alternative["logprob"]?.number else { return nil }
    let token = alternative["token"]?.string
    let bytes = alternative["bytes"]?.array
    guard token != nil || bytes?.isEmpty == false else { return nil }
    return probability(of: text(token, bytes: bytes), logprob: logprob)
  }

  /// e to the logarithm, which is at most 1; OpenAI's -9999 stands for 0.
  private static func probability(of text: String?, logprob: Double) -> TokenProbability? {
    guard let text, !logprob.isNaN else { return nil }
    return TokenProbability(
      token: text, probability: logprob <= -9999 ? 0 : min(1, exp(logprob)))
  }

  /// By its bytes, where they are some and are not those of glyphs; else as it is written.
  private static func text(_ token: String?, bytes: [JSON]?) -> String? {
    let read = bytes.flatMap { list -> [UInt8]? in
      let bytes = list.compactMap { $0.number.flatMap { UInt8(exactly: $0) } }
      return bytes.count == list.count && !bytes.isEmpty ? bytes : nil
    }
    guard let read, let decoded = String(validating: read, as: UTF8.self) else {
      return token.map { ByteGlyphs.text(of: $0) ?? $0 }
    }
    // Some servers give the bytes of the glyphs.
    guard decoded == token, ByteGlyphs.marksSpace(decoded) else { return decoded }
    return ByteGlyphs.text(of: decoded) ?? decoded
  }
}

/// The letters by which byte-level tokenizers since GPT-2 stand for bytes: `Ġ` for a space, `Ċ` for
/// a new line. Some servers show them instead of the text.
enum ByteGlyphs {
  /// Bytes that are no visible Latin-1 character, in the order of their glyphs from U+0100 on.
  private static let hidden: [UInt8] = Array(0...32) + Array(127...160) + [173]

  /// Whether a text has the glyph of a space, a new line or a tab, which are letters of few languages.
  static func marksSpace(_ text: String) -> Bool {
    text.unicodeScalars.contains { ["\u{0120}", "\u{010A}", "\u{0109}"].contains($0) }
  }

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
