import Core
import Corpora

/// The search for one turn of the assistant in a rendered conversation.
struct TurnSearch {
  let chat: RowChat
  let turn: Int
  let whole: [UInt8]
  let template: ChatTemplate
  let tail: AnswerTail
  let ending: TurnEnding

  private var message: RowMessage { chat.messages[turn] }

  func span(after previous: Int) -> Range<Int>? {
    let start = beginning(turn, addingGenerationPrompt: true)
    if let start, start >= previous,
      let end = beginning(turn + 1, addingGenerationPrompt: false),
      end - tail.last.count >= start, whole.has(tail.last, at: end - tail.last.count)
    {
      return start..<end - tail.last.count + ending.last.count
    }
    // Where more than its text is rendered, the text alone does not tell where the turn begins.
    if start == nil, !message.furtherFields.isEmpty { return nil }
    let before =
      start ?? beginning(turn, addingGenerationPrompt: false) ?? (turn == 0 ? 0 : nil)
    guard let before else { return nil }
    let found = content(from: max(before, previous))
    return found.map { (start ?? $0.lowerBound)..<$0.upperBound }
  }

  /// The length of the first messages as they are rendered, if the whole begins with them.
  private func beginning(_ count: Int, addingGenerationPrompt: Bool) -> Int? {
    guard let bytes = rendered(count, addingGenerationPrompt), whole.starts(with: bytes) else {
      return nil
    }
    return bytes.count
  }

  private func rendered(_ count: Int, _ addingGenerationPrompt: Bool) -> [UInt8]? {
    var first = chat
    first.messages = Array(chat.messages[..<count])
    return
      (try? template.rendered(first, addingGenerationPrompt: addingGenerationPrompt))?.bytes
  }

  /// The content, as it is or as templates shorten it, with its end.
  private func content(from start: Int) -> Range<Int>? {
    let isLast = turn == chat.messages.count - 1
    var after = tail.last
    var kept = ending.last.count
    if !isLast {
      after = ending.last
      if chat.messages[turn + 1].role == "user", let beforeUser = tail.beforeUser {
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
    let content = Array(message.content.utf8)
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

// MARK: - Why a turn is not found

extension TurnSearch {
  /// What the template does with the conversation, so that the turn's place is not known.
  var failure: String {
    let said = "the assistant's turn is not found in the text"
    guard variants.contains(where: { !$0.isEmpty && whole.range(of: $0, from: 0) != nil }) else {
      return "the template changes the assistant's turn so that it is not found in the text; "
        + "expected the turn's content"
    }
    if leavesSystemTextOut {
      return
        "the template leaves the system text out, or moves it, when an answer follows, so that "
        + "the model would be trained on another prompt than it is asked; leave out the system turn"
    }
    if isBesideAnswer {
      return
        "the template renders two answers in a row without the marks of a turn between them, so "
        + "that \(said); join the two"
    }
    guard let prompt = rendered(turn, true) else {
      return
        "the template refuses the messages before the answer when the answer does not follow, so "
        + "that \(said)"
    }
    let place = zip(prompt, whole).prefix { $0 == $1 }.count
    return
      "the template renders what is before the answer otherwise when the answer follows: found "
      + "\(excerpt(whole, place)), expected \(excerpt(prompt, place)), with which the model is asked"
  }

  private var leavesSystemTextOut: Bool {
    guard let prompt = rendered(turn, true) else { return false }
    let texts = chat.messages[..<turn].filter { $0.role == "system" && !$0.content.isEmpty }
    return texts.contains { message in
      let text = Array(message.content.utf8).withTrimmedVariants.filter { !$0.isEmpty }
      let (asked, found) = (
        text.compactMap { prompt.range(of: $0, from: 0) }.first,
        text.compactMap { whole.range(of: $0, from: 0) }.first
      )
      return asked != nil && asked != found
    }
  }

  private var isBesideAnswer: Bool {
    [turn - 1, turn + 1].contains {
      chat.messages.indices.contains($0) && chat.messages[$0].role == "assistant"
    }
  }

  /// A few letters from a place on.
  private func excerpt(_ bytes: [UInt8], _ place: Int) -> String {
    let text = String(decoding: bytes[max(0, place - 8)...].prefix(48), as: UTF8.self)
    return text.isEmpty ? "the end" : text.quotedOnOneLine(limit: 40)
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
