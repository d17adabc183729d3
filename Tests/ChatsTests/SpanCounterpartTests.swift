import Core
import Corpora
import Formats
import Foundation
import Templates
import TestSupport
import Testing

@testable import Chats

/// Trained spans against those that TRL marks: it ships templates of model families as they are,
/// and copies of them in which the assistant's turns stand in generation blocks.
@Suite("Marked templates as counterpart", .needs(.main))
struct SpanCounterpartTests {
  private static let conversations = [
    Family.conversation, Array(Family.conversation.prefix(2)),
    [Message(role: .system, content: "Be brief.")] + Family.conversation,
    Family.conversation + [Message(role: .user, content: "Three?")],
    [
      Message(role: .user, content: "One?"),
      Message(role: .assistant, content: "<think>\nhm\n</think>\n\nFirst."),
      Message(role: .user, content: "First."), Message(role: .assistant, content: " First. \n"),
    ],
  ]

  @Test("answers found in plain templates are those that marked templates mark")
  func families() throws {
    let templates = try shipped()
    if templates.isEmpty, !isContinuousIntegration { return }
    // The first special token ends a turn here; there it is the second, or that of the next turn.
    let others = ["cohere2_training.jinja", "glm4moe_training.jinja"]
    var counts = (compared: 0, equal: 0)
    for (name, marked) in templates
    where name.hasSuffix("_training.jinja") && !others.contains(name) {
      let plain = name.replacingOccurrences(of: "_training.jinja", with: ".jinja")
      guard let source = templates[plain] else { continue }
      for messages in Self.conversations {
        // Some of the copies render another text, some templates want lists for contents.
        guard let left = try? spans(source, messages), let right = try? spans(marked, messages),
          left.text == right.text
        else { continue }
        #expect(left.parts.count == right.parts.count)
        for (found, marked) in zip(left.parts, right.parts) {
          // Marks may begin earlier, with what a generation prompt has, or with a thought.
          #expect(
            found.hasSuffix(marked) || marked.hasSuffix(found), "\(name): \(found), \(marked)")
          counts.compared += 1
          counts.equal += found == marked ? 1 : 0
        }
      }
    }
    print("spans: \(counts)")
    #expect(counts.compared > 100 && counts.equal > 60)
  }

  private func spans(
    _ source: String, _ messages: [Message]
  ) throws -> (text: String, parts: [String]) {
    let template = try ChatTemplate(
      source, file: "t", specialTokens: ["bos_token": "<s>", "eos_token": "</s>"],
      time: TemplateTime(year: 2026, month: 3, day: 7))
    let row = RowChat(messages)
    let chat = try template.rendered(row, addingGenerationPrompt: false)
    let ending = TurnEnding(
      last: ended(template.tail?.last), beforeUser: ended(template.tail?.beforeUser))
    let spans = try TrainedSpans(template: template, ending: ending).spans(of: row, in: chat)
    return (chat.text, spans.map { String(decoding: chat.bytes[$0], as: UTF8.self) })
  }

  /// Up to what looks like a token.
  private func ended(_ tail: [UInt8]?) -> [UInt8] {
    let text = String(decoding: tail ?? [], as: UTF8.self)
    let token = text.firstRange(of: /<[^<>\s]*>/)
    return Array(text[..<(token?.upperBound ?? text.startIndex)].utf8)
  }

  private func shipped() throws -> [String: String] {
    struct Listed: Decodable {
      struct Template: Decodable { let name: String, source: String }
      let templates: [Template]
    }
    let listed: Listed = try Python.main.report(.script("render_templates.py"), ["--list"])
    return Dictionary(listed.templates.map { ($0.name, $0.source) }) { first, _ in first }
  }
}
