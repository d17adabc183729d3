import Core

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
  func spans(of messages: [Message], in chat: RenderedChat) throws(InputError) -> [Range<Int>] {
    let turns = messages.indices.filter { messages[$0].role == .assistant }
    if chat.generated.count == turns.count, !turns.isEmpty {
      return chat.generated.map { shortened($0, in: chat.bytes) }
    }
    guard let tail = template.tail else {
      throw InputError(
        "the template renders no plain exchange of question and answer, so that its trained part"
          + " is unknown", file: template.file)
    }
    var spans: [Range<Int>] = []
    for turn in turns {
      let search = TurnSearch(
        messages: messages, turn: turn, whole: chat.bytes, template: template, tail: tail,
        ending: ending)
      guard let span = search.span(after: spans.last?.upperBound ?? 0) else {
        throw InputError(
          "the template changes the assistant's turn so that it is not found in the text; expected"
            + " the turn's content", file: template.file, field: "messages[\(turn)]")
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

/// The search for one turn.
private struct TurnSearch {
  let messages: [Message]
  let turn: Int
  let whole: [UInt8]
  let template: ChatTemplate
  let tail: AnswerTail
  let ending: TurnEnding

  func span(after previous: Int) -> Range<Int>? {
    let start = beginning(messages[..<turn], addingGenerationPrompt: true)
    if let start, start >= previous,
      let end = beginning(messages[...turn], addingGenerationPrompt: false),
      end - tail.last.count >= start, whole.has(tail.last, at: end - tail.last.count)
    {
      return start..<end - tail.last.count + ending.last.count
    }
    let before =
      start ?? beginning(messages[..<turn], addingGenerationPrompt: false) ?? (turn == 0 ? 0 : nil)
    guard let before else { return nil }
    let found = content(from: max(before, previous))
    return found.map { (start ?? $0.lowerBound)..<$0.upperBound }
  }

  /// The length of the rendered messages, if the whole begins with them.
  private func beginning(
    _ messages: ArraySlice<Message>, addingGenerationPrompt: Bool
  ) -> Int? {
    let chat = try? template.rendered(
      Array(messages), addingGenerationPrompt: addingGenerationPrompt)
    guard let chat, whole.starts(with: chat.bytes) else { return nil }
    return chat.bytes.count
  }

  /// The content, as it is or as templates shorten it, with its end.
  private func content(from start: Int) -> Range<Int>? {
    let isLast = turn == messages.count - 1
    var after = tail.last
    var kept = ending.last.count
    if !isLast {
      after = ending.last
      if messages[turn + 1].role == .user, let beforeUser = tail.beforeUser {
        after = beforeUser
        kept = ending.beforeUser.count
      }
    }
    for content in variants {
      var place = start
      while let range = whole.range(of: content, from: place) {
        let fits =
          isLast
          ? whole[range.upperBound...].elementsEqual(after)
          : whole.has(after, at: range.upperBound)
        if fits { return range.lowerBound..<range.upperBound + kept }
        place = range.lowerBound + 1
      }
    }
    return nil
  }

  /// The content whole, without white space at its ends, and without the thoughts before it, which
  /// templates of reasoning models drop from earlier turns.
  private var variants: [[UInt8]] {
    let content = Array(messages[turn].content.utf8)
    var variants = content.withTrimmedVariants
    let mark = Array("</think>".utf8)
    var end: Int?
    var place = 0
    while let range = content.range(of: mark, from: place) {
      end = range.upperBound
      place = range.upperBound
    }
    if let end { variants += Array(content[end...]).withTrimmedVariants }
    return variants
  }
}

extension [UInt8] {
  /// Itself, and without white space at both ends, at the end, at the beginning.
  fileprivate var withTrimmedVariants: [[UInt8]] {
    let text = String(decoding: self, as: UTF8.self).unicodeScalars
    let head = text.prefix { $0.properties.isWhitespace }
    let tail = text.reversed().prefix { $0.properties.isWhitespace }
    let (first, last) = (String(head).utf8.count, tail.reduce(0) { $0 + String($1).utf8.count })
    guard first + last <= count else { return [self, []] }
    return [
      self, Array(self[first..<count - last]), Array(self[..<(count - last)]),
      Array(self[first...]),
    ]
  }
}
