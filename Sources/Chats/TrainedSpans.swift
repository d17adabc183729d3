import Core
import Corpora

/// Finds what the assistant says in a rendered conversation: from where a generation prompt would
/// end up to and with the token that ends the turn, without what the template adds after it.
///
/// If the template marks the turns (`{% generation %}`), the marks are the spans, but for what they
/// hold behind the token that ends the turn. If not, the turns before an answer are rendered with the generation prompt, and the turns up to it without: as a
/// rule both are beginnings of the whole. Where templates render earlier turns differently from
/// the last one, the answer's text is looked for, followed by what the template puts behind
/// answers.
struct TrainedSpans {
  let template: ChatTemplate
  let ending: TurnEnding

  /// A span of UTF-8 offsets for each turn of the assistant, in order.
  ///
  /// - Throws: `InputError` naming the turn that cannot be found.
  func spans(of chat: RowChat, in text: RenderedChat) throws(InputError) -> [Range<Int>] {
    let turns = chat.messages.indices.filter { chat.messages[$0].role == "assistant" }
    if text.generated.count == turns.count, !turns.isEmpty {
      return text.generated.map { shortened($0, in: text.bytes) }
    }
    guard let tail = template.tail else {
      throw InputError(
        "the template renders no plain exchange of question and answer, so that its trained part"
          + " is unknown", file: template.file)
    }
    var spans: [Range<Int>] = []
    for turn in turns {
      let search = TurnSearch(
        chat: chat, turn: turn, whole: text.bytes, template: template, tail: tail, ending: ending)
      guard let span = search.span(after: spans.last?.upperBound ?? 0) else {
        throw InputError(search.failure, file: template.file, field: "messages[\(turn)]")
      }
      spans.append(span)
    }
    return spans
  }

  /// A marked span without what the template adds behind the token that ends the turn.
  private func shortened(_ span: Range<Int>, in bytes: [UInt8]) -> Range<Int> {
    if let tail = template.tail?.last, tail.count <= span.count,
      bytes.has(tail, at: span.upperBound - tail.count)
    {
      return span.lowerBound..<span.upperBound - tail.count + ending.last.count
    }
    let space = bytes[span].reversed().prefix { [0x20, 0x0a, 0x0d, 0x09].contains($0) }.count
    let end = span.upperBound - space
    let isEnded = [ending.last, ending.beforeUser].contains {
      !$0.isEmpty && end - $0.count >= span.lowerBound && bytes.has($0, at: end - $0.count)
    }
    return isEnded ? span.lowerBound..<end : span
  }
}

/// The part of the text behind an answer that belongs to it: up to and with the first special
/// token.
struct TurnEnding: Sendable, Hashable {
  /// When nothing follows.
  var last: [UInt8] = []
  /// When a turn of the user follows.
  var beforeUser: [UInt8] = []
}
