import Core
import Corpora

/// What a template puts in front of a conversation by itself.
struct Preamble: Sendable, Hashable {
  /// How every conversation begins that has it.
  let head: [UInt8]
  /// The part of the head that is too much.
  let range: Range<Int>
}

/// What a template puts behind an answer.
struct AnswerTail: Sendable, Hashable {
  /// When nothing follows.
  let last: [UInt8]
  /// Up to the text of the user's turn that follows; `nil` if the template allows none.
  let beforeUser: [UInt8]?
}

/// Learns how a template works by rendering short conversations whose texts it can find again.
struct TemplateProbe {
  private(set) var tail: AnswerTail?
  private(set) var preamble: Preamble?
  private(set) var defaultSystemPrompt: String?
  /// What the template says of the time, each text once.
  private(set) var dates: [String] = []

  private static let user = Message(role: .user, content: "Zq7first8")
  private static let answer = Message(role: .assistant, content: "Zq7second8")
  private static let system = Message(role: .system, content: "Zq7third8")

  init(_ template: ChatTemplate) {
    var times: [String] = []
    func bytes(_ messages: [Message], asksForAnswer: Bool = false) -> [UInt8]? {
      let chat = try? template.whole(
        RowChat(messages), addingGenerationPrompt: asksForAnswer)
      times += chat?.times ?? []
      return chat?.bytes
    }
    _ = bytes([Self.user], asksForAnswer: true)
    let user = Array(Self.user.content.utf8)
    let answer = Array(Self.answer.content.utf8)
    let question = bytes([Self.user])
    let exchange = bytes([Self.user, Self.answer])
    let again = bytes([Self.user, Self.answer, Self.user])
    let afterMiddle = again.flatMap { again in
      again.range(of: answer, from: 0).map { Array(again[$0.upperBound...]) }
    }
    if let exchange, let place = exchange.range(of: answer, from: 0) {
      let beforeUser = afterMiddle.flatMap { after in
        after.range(of: user, from: 0).map { Array(after[..<$0.lowerBound]) }
      }
      tail = AnswerTail(last: Array(exchange[place.upperBound...]), beforeUser: beforeUser)
    }
    if let question, let tail, let afterMiddle, afterMiddle.starts(with: tail.last) {
      let bos = Array((template.specialTokens["bos_token"] ?? "").utf8)
      var turn = Array(afterMiddle[tail.last.count...])
      if question.starts(with: bos), !turn.starts(with: bos) { turn = bos + turn }
      preamble = Self.preamble(of: question, besides: turn, before: user)
    }
    let withSystem = bytes([Self.system, Self.user])
    if let question, let withSystem {
      defaultSystemPrompt = Self.replacement(in: question, of: withSystem)
    }
    if defaultSystemPrompt == nil, let question, let preamble {
      let block = String(decoding: question[preamble.range], as: UTF8.self)
      defaultSystemPrompt = block.trimmed
    }
    if defaultSystemPrompt == nil { preamble = nil }
    for time in times where !dates.contains(time) { dates.append(time) }
  }

  /// What stands in `question` and not in `turn`, which is the same turn later in a conversation:
  /// one part before the user's text. `nil` if there is none, or marks alone.
  private static func preamble(
    of question: [UInt8], besides turn: [UInt8], before user: [UInt8]
  ) -> Preamble? {
    let surplus = question.count - turn.count
    guard surplus > 0, let userPlace = question.range(of: user, from: 0) else { return nil }
    let first = turn.count - zip(question.reversed(), turn.reversed()).prefix { $0 == $1 }.count
    let last = zip(question, turn).prefix { $0 == $1 }.count
    // Marks at both sides may begin or end alike: of the places, one where a mark begins.
    guard first <= last else { return nil }
    let marks: [UInt8] = [UInt8(ascii: "<"), UInt8(ascii: "[")]
    let start = (first...last).first { marks.contains(question[$0]) } ?? first
    let range = start..<start + surplus
    guard range.upperBound <= userPlace.lowerBound,
      String(decoding: question[range], as: UTF8.self).hasWordsBesideMarks
    else { return nil }
    return Preamble(head: Array(question[..<range.upperBound]), range: range)
  }

  /// What stands in `question` where the system turn's text stands in the other.
  private static func replacement(in question: [UInt8], of withSystem: [UInt8]) -> String? {
    guard let place = withSystem.range(of: Array(system.content.utf8), from: 0) else { return nil }
    let before = withSystem[..<place.lowerBound]
    let after = withSystem[place.upperBound...]
    guard question.count > before.count + after.count, question.starts(with: before),
      question.suffix(after.count).elementsEqual(after)
    else { return nil }
    let text = question[before.count..<question.count - after.count]
    return String(decoding: text, as: UTF8.self)
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = unicodeScalars[...]
    while let first = text.first, first.properties.isWhitespace { text.removeFirst() }
    while let last = text.last, last.properties.isWhitespace { text.removeLast() }
    return String(String.UnicodeScalarView(text))
  }

  /// Whether there are letters outside of what looks like a token: `<...>`, `[...]`, no spaces.
  fileprivate var hasWordsBesideMarks: Bool {
    var rest = unicodeScalars[...]
    while let scalar = rest.popFirst() {
      if scalar == "<" || scalar == "[" {
        let closing: Unicode.Scalar = scalar == "<" ? ">" : "]"
        let mark = rest.prefix { $0 != closing && !$0.properties.isWhitespace }
        if mark.endIndex < rest.endIndex, rest[mark.endIndex] == closing {
          rest = rest[rest.index(after: mark.endIndex)...]
        }
      } else if scalar.properties.isAlphabetic {
        return true
      }
    }
    return false
  }
}

extension Array where Element == UInt8 {
  /// The first place of `part` at or after `start`.
  func range(of part: [UInt8], from start: Int) -> Range<Int>? {
    guard let first = part.first else { return start <= count ? start..<start : nil }
    var index = start
    while index + part.count <= count {
      guard let place = self[index...].firstIndex(of: first), place + part.count <= count else {
        return nil
      }
      if self[place..<place + part.count].elementsEqual(part) { return place..<place + part.count }
      index = place + 1
    }
    return nil
  }

  func has(_ part: [UInt8], at place: Int) -> Bool {
    place >= 0 && place + part.count <= count
      && self[place..<place + part.count].elementsEqual(part)
  }
}
