import Core
import Corpora
import Documents
import Formats
import Templates

/// The chat template of a model folder and the special tokens that it writes: how a conversation
/// becomes the text that the model knows.
///
/// Renders what `transformers` renders: the variables are `messages` (each with all that its row gives it),
/// `add_generation_prompt`, `tools` and `documents` (none, unless the row has some), and the special tokens
/// by their names in `tokenizer_config.json`.
package struct ChatTemplate: Sendable {
  /// Where the template was read.
  package let file: String
  /// The system text that the template adds by itself to a conversation without a system turn;
  /// `nil` if none. Where it cannot be told apart from the template's own marks, it is the whole
  /// block that is added.
  package private(set) var defaultSystemPrompt: String?
  /// Leaves that text out, with its marks: the block is cut from what the template gives, so that
  /// a conversation begins as later turns do. A system turn of the conversation's own stays, and so
  /// does what the template adds to it.
  package var omitsDefaultSystemPrompt = false
  /// What the template says of the time in conversations of all kinds, as it is `time`: on another day
  /// the same messages become another text. Most templates say nothing.
  package private(set) var dates: [String] = []

  let template: Template
  /// Whether the template stands in a JSON file, whose lines are not the template's.
  let isEmbedded: Bool
  /// How `bos_token` and the like are written.
  let specialTokens: [String: String]
  let time: TemplateTime
  /// All words of the template, those that it reads messages' fields by among them.
  private let words: Set<Substring>
  var preamble: Preamble?
  var tail: AnswerTail?

  /// Reads a template.
  ///
  /// - Parameters:
  ///   - specialTokens: the texts of `bos_token`, `eos_token` and the like.
  ///   - time: what templates that write the date take for now.
  /// - Throws: `InputError` with the place of what is no template.
  package init(
    _ source: String, file: String, isEmbedded: Bool = false, specialTokens: [String: String] = [:],
    time: TemplateTime = .now
  ) throws(InputError) {
    self.file = file
    self.isEmbedded = isEmbedded
    self.specialTokens = specialTokens
    self.time = time
    words = Set(source.split { !($0.isLetter || $0.isNumber || $0 == "_") })
    do {
      template = try Template(source, name: file)
    } catch {
      throw Self.inputError(error, isEmbedded: isEmbedded)
    }
    let probe = TemplateProbe(self)
    tail = probe.tail
    preamble = probe.preamble
    defaultSystemPrompt = probe.defaultSystemPrompt
    dates = probe.dates
  }

  /// The conversation as text.
  ///
  /// - Parameter addingGenerationPrompt: whether the text ends with what comes before an answer of
  ///   the assistant.
  /// - Throws: `InputError` naming the template's line where it fails or refuses the conversation,
  ///   and where the default system prompt should be left out and cannot.
  package func render(
    _ messages: [Message], addingGenerationPrompt: Bool
  ) throws(InputError) -> String {
    try rendered(RowChat(messages), addingGenerationPrompt: addingGenerationPrompt).text
  }

  func rendered(
    _ chat: RowChat, addingGenerationPrompt: Bool
  ) throws(InputError) -> RenderedChat {
    let text = try whole(chat, addingGenerationPrompt: addingGenerationPrompt)
    let hasSystemTurn = chat.messages.contains { $0.role == "system" }
    guard omitsDefaultSystemPrompt, defaultSystemPrompt != nil, !hasSystemTurn,
      !chat.messages.isEmpty
    else { return text }
    guard let preamble, text.bytes.starts(with: preamble.head) else {
      throw InputError(
        "the system prompt that the template adds cannot be left out of this conversation",
        file: file)
    }
    return text.without(preamble.range)
  }

  /// All that the template gives.
  func whole(_ chat: RowChat, addingGenerationPrompt: Bool) throws(InputError) -> RenderedChat {
    var variables: [String: TemplateValue] = [
      "messages": .list(chat.messages.map { TemplateValue(.object($0.fields)) }),
      "add_generation_prompt": .boolean(addingGenerationPrompt), "tools": .none, "documents": .none,
    ]
    for (name, token) in specialTokens { variables[name] = .string(token) }
    for member in chat.variables.members { variables[member.name] = TemplateValue(member.value) }
    do {
      return RenderedChat(try template.render(variables, time: time))
    } catch {
      throw Self.inputError(error, isEmbedded: isEmbedded)
    }
  }

  /// - Throws: `InputError` naming a field of the row that the template does not know: it would be lost
  ///   without a word.
  func checkFields(of chat: RowChat) throws(InputError) {
    let advice = "which the chat template does not read: leave it out, or use a model that knows it"
    for member in chat.variables.members where !words.contains(member.name[...]) {
      throw InputError("found \(member.value.summary), \(advice)", field: member.name.onOneLine)
    }
    for (index, message) in chat.messages.enumerated() {
      for name in message.furtherFields where !words.contains(name[...]) {
        throw InputError(
          "found \(message.fields[name]?.summary ?? ""), \(advice)",
          field: "messages[\(index)].\(name.onOneLine)")
      }
    }
  }

  private static func inputError(_ error: TemplateError, isEmbedded: Bool) -> InputError {
    let said = error.message.onOneLine
    let message = error.isRaised ? "the template refuses the conversation: \(said)" : said
    if isEmbedded {
      return InputError(
        "line \(error.line), column \(error.column) of the template: \(message)", file: error.name,
        field: "chat_template")
    }
    return InputError("column \(error.column): \(message)", file: error.name, line: error.line)
  }
}

/// What a template gives, as text and as the bytes that offsets count.
struct RenderedChat: Sendable {
  let text: String
  let bytes: [UInt8]
  /// The texts of generation blocks, as UTF-8 offsets.
  let generated: [Range<Int>]
  /// What it says of the time.
  let times: [String]

  init(_ rendered: RenderedTemplate) {
    text = rendered.text
    bytes = Array(rendered.text.utf8)
    generated = rendered.generated
    times = rendered.times
  }

  private init(bytes: [UInt8], generated: [Range<Int>], times: [String]) {
    text = String(decoding: bytes, as: UTF8.self)
    self.bytes = bytes
    self.generated = generated
    self.times = times
  }

  /// Cuts a part; blocks behind it move.
  func without(_ range: Range<Int>) -> RenderedChat {
    let moved = generated.map { block in
      block.lowerBound >= range.upperBound
        ? block.lowerBound - range.count..<block.upperBound - range.count : block
    }
    return RenderedChat(
      bytes: Array(bytes[..<range.lowerBound] + bytes[range.upperBound...]), generated: moved,
      times: times)
  }
}

extension TemplateValue {
  /// What Python's reader makes of JSON.
  fileprivate init(_ json: JSON) {
    switch json {
    case .null: self = .none
    case .boolean(let value): self = .boolean(value)
    case .integer(let value): self = .integer(value)
    case .number(let value): self = .number(value)
    case .string(let text): self = .string(text)
    case .array(let elements): self = .list(elements.map { TemplateValue($0) })
    case .object(let object):
      self = .object(object.members.map { ($0.name, TemplateValue($0.value)) })
    }
  }
}
