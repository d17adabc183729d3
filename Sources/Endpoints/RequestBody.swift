import Core
import Foundation

/// What a server takes: which fields may be sent, and under which names.
struct RequestShape: Sendable, Hashable {
  /// Fields that the server refuses.
  var dropped: Set<String> = []
  /// Fields that the server takes with their default of 1 alone.
  var defaulted: Set<String> = []
  /// `max_tokens`, which every server knows, or `max_completion_tokens`, which newer models of
  /// OpenAI's demand.
  var tokenLimitField = "max_tokens"
  /// The most alternatives that may be asked for.
  var topLogprobs = 20
  /// The least tokens of a reply that may be asked for.
  var leastTokens = 1

  /// Of everything in a request but its texts and numbers: two runs with the same fingerprint
  /// sent the same fields.
  var fingerprint: Fingerprint {
    let sampling = SamplingParameters(topK: 1, minP: 0, repetitionPenalty: 1, seed: 1)
    let request = ChatRequest(
      messages: [Message(role: .user, content: "")], sampling: sampling, topLogprobs: 20,
      stop: ["."])
    return Fingerprint(bytes: body(of: request, model: ""))
  }

  /// The request in JSON, written by hand: an encoder would take longer than all the rest.
  func body(of request: ChatRequest, model: String) -> [UInt8] {
    let letters = request.messages.reduce(0) { $0 + $1.content.utf8.count + 40 }
    var json = JSONWriter(capacity: 256 + letters + letters / 16)
    json.open("{")
    json.string(model, for: "model")
    json.messages(request.messages, continuing: request.prefill)
    let sampling = request.sampling
    func number(_ value: (some CustomStringConvertible)?, for field: String) {
      if let value, !dropped.contains(field) { json.literal(value.description, for: field) }
    }
    for (field, value) in [("temperature", sampling.temperature), ("top_p", sampling.topP)] {
      number(defaulted.contains(field) ? 1 : value, for: field)
    }
    number(sampling.topK, for: "top_k")
    number(sampling.minP, for: "min_p")
    number(sampling.repetitionPenalty, for: "repetition_penalty")
    number(sampling.seed.map { $0 & 0x7FFF_FFFF }, for: "seed")
    json.literal(max(leastTokens, sampling.maximumTokens).description, for: tokenLimitField)
    if !request.stop.isEmpty { json.strings(request.stop, for: "stop") }
    if let asked = request.topLogprobs, topLogprobs > 0 {
      json.literal("true", for: "logprobs")
      json.literal(min(asked, topLogprobs).description, for: "top_logprobs")
    }
    if request.prefill != nil {
      json.literal("false", for: "add_generation_prompt")
      json.literal("true", for: "continue_final_message")
    }
    json.literal("false", for: "stream")
    json.close("}")
    return json.bytes
  }
}

/// Writes one JSON object into UTF-8 bytes.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []
  private var isFirst = true

  init(capacity: Int) { bytes.reserveCapacity(capacity) }

  mutating func open(_ mark: String) {
    separate()
    bytes += mark.utf8
    isFirst = true
  }

  mutating func close(_ mark: String) {
    bytes += mark.utf8
    isFirst = false
  }

  private mutating func separate() {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
  }

  private mutating func name(_ name: String) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    bytes += name.utf8
    bytes += "\":".utf8
  }

  /// A number, `true` or `false`, as it is.
  mutating func literal(_ text: String, for field: String) {
    name(field)
    bytes += text.utf8
  }

  mutating func string(_ text: String, for field: String) {
    name(field)
    quoted(text)
  }

  mutating func strings(_ texts: [String], for field: String) {
    name(field)
    isFirst = true
    open("[")
    for text in texts {
      separate()
      quoted(text)
    }
    close("]")
  }

  mutating func messages(_ messages: [Message], continuing prefill: String?) {
    name("messages")
    isFirst = true
    open("[")
    let begun = prefill.map { [Message(role: .assistant, content: $0)] } ?? []
    for message in messages + begun {
      open("{")
      string(message.role.rawValue, for: "role")
      if let name = message.name { string(name, for: "name") }
      string(message.content, for: "content")
      close("}")
    }
    close("]")
  }

  /// Copies runs of plain bytes whole; only quotes, backslashes and control characters are escaped.
  private mutating func quoted(_ text: String) {
    var text = text
    bytes.append(UInt8(ascii: "\""))
    text.withUTF8 { plain in
      var start = 0
      for (index, byte) in plain.enumerated()
      where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        bytes += plain[start..<index]
        start = index + 1
        escape(byte)
      }
      bytes += plain[start...]
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func escape(_ byte: UInt8) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\n"): bytes.append(UInt8(ascii: "n"))
    case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: "t"))
    case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "r"))
    case 0..<0x20:
      let digits = String(byte, radix: 16)
      bytes += ("u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8
    default: bytes.append(byte)
    }
  }
}
