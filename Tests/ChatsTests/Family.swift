import Chats
import Core
import Corpora
import Formats
import Foundation
import TestSupport
import Testing
import Templates

/// Templates in the manner of known families, in words of our own, and what they should give.
struct Family: Sendable, CustomTestStringConvertible {
  /// Also that of the file under Tests/Fixtures/chats.
  let name: String
  var tokens: [String: String] = [:]
  let special: [String]
  /// The trained texts of ``Family/conversation``.
  let trained: [String]
  var defaultSystemPrompt: String?

  var testDescription: String { name }

  static let conversation = [
    Message(role: .user, content: "One?"), Message(role: .assistant, content: "First."),
    Message(role: .user, content: "Two?"), Message(role: .assistant, content: "Second é 🙂."),
  ]

  /// A tokenizer that knows the family's tokens, and a little English.
  var rows: RowTokenizer {
    get throws {
      let trainer = BPETrainer(vocabularySize: 300 + special.count, specialTokens: special)
      let tokenizer = trainer.train(texts: ["One? Two? First. Second. user assistant system\n"])
      return RowTokenizer(
        tokenizer: tokenizer, template: try chat, endToken: tokens["eos_token"])
    }
  }

  var chat: ChatTemplate {
    get throws {
      let file = name.lowercased().replacingOccurrences(of: " ", with: "-")
      return try ChatTemplate(
        Fixture.text("chats/\(file).jinja"), file: "chat_template.jinja", specialTokens: tokens,
        time: TemplateTime(year: 2026, month: 3, day: 7))
    }
  }

  static let marked = ["<|im_start|>", "<|im_end|>"]

  static let all = [
    Family(
      name: "ChatML with a default system prompt",
      tokens: ["eos_token": "<|im_end|>"], special: marked,
      trained: ["First.<|im_end|>", "Second é 🙂.<|im_end|>"],
      defaultSystemPrompt: "You are a good helper."),
    Family(
      name: "ChatML without one",
      tokens: ["eos_token": "<|im_end|>"], special: marked,
      trained: ["First.<|im_end|>", "Second é 🙂.<|im_end|>"]),
    Family(
      name: "headers with a date",
      tokens: ["bos_token": "<|begin|>", "eos_token": "<|eot|>"],
      special: ["<|begin|>", "<|head|>", "<|/head|>", "<|eot|>"],
      trained: ["First.<|eot|>", "Second é 🙂.<|eot|>"],
      defaultSystemPrompt: "<|head|>system<|/head|>\n\nToday: 07 Mar 2026\n\n<|eot|>"),
    Family(
      name: "brackets",
      tokens: ["bos_token": "<s>", "eos_token": "</s>"], special: ["<s>", "</s>"],
      trained: [" First. </s>", " Second é 🙂. </s>"]),
    Family(
      name: "brackets with a default system prompt",
      tokens: ["bos_token": "<s>", "eos_token": "</s>"], special: ["<s>", "</s>"],
      trained: [" First. </s>", " Second é 🙂. </s>"],
      defaultSystemPrompt: "<<SYS>>\nBe kind.\n<</SYS>>"),
    Family(
      name: "system text before the first question",
      tokens: ["bos_token": "<s>", "eos_token": "</s>"],
      special: ["<s>", "</s>", "[INST]", "[/INST]"],
      trained: [" First.</s>", " Second é 🙂.</s>"]),
    Family(
      name: "role lines",
      tokens: ["bos_token": "<s>", "eos_token": "</s>"], special: ["<s>", "</s>"],
      trained: ["First.</s>", "Second é 🙂.</s>"]),
    Family(
      name: "thoughts dropped from earlier turns",
      tokens: ["eos_token": "<|im_end|>"], special: marked,
      trained: ["First.<|im_end|>", "<think>\n\n</think>\n\nSecond é 🙂.<|im_end|>"]),
    Family(
      name: "marked turns",
      tokens: ["eos_token": "<|im_end|>"], special: marked,
      trained: ["First.<|im_end|>", "Second é 🙂.<|im_end|>"]),
    Family(
      name: "no token behind answers",
      special: ["<|end|>"], trained: ["First.", "Second é 🙂."]),
  ]
}
