import Chats
import Core
import Corpora
import Formats
import Foundation
import Templates
import Testing

@Suite("Rows as tokens") struct RowTokenizerTests {
  private func texts(_ row: TokenizedRow, _ rows: RowTokenizer) -> [String] {
    row.trained.map { rows.tokenizer.decode(row.ids[$0]) }
  }

  @Test("answers are trained with the token that ends them", arguments: Family.all)
  func trained(_ family: Family) throws {
    let rows = try family.rows
    let row = try rows.row(.conversation(Conversation(Family.conversation)))
    #expect(rows.tokenizer.decode(row.ids) == row.text)
    #expect(texts(row, rows) == family.trained)
    // The first answer alone is trained as the first of two is, but for thoughts.
    let first = try rows.row(.conversation(Conversation(Array(Family.conversation.prefix(2)))))
    #expect(texts(first, rows).count == 1)
    #expect(texts(first, rows)[0].hasSuffix(family.trained[0]))
    // Of a prompt and a completion of messages, the completion.
    let turns = try rows.row(
      .turns(
        prompt: Array(Family.conversation.prefix(3)), completion: [Family.conversation[3]]))
    #expect(turns.ids == row.ids && turns.trained == [row.trained[1]])
  }

  @Test("what is asked is what stands before an answer", arguments: Family.all)
  func prompts(_ family: Family) throws {
    let rows = try family.rows
    let row = try rows.row(.conversation(Conversation(Array(Family.conversation.prefix(2)))))
    if family.name != "marked turns" {
      let prompt = try rows.prompt([Family.conversation[0]])
      #expect(Array(row.ids.prefix(prompt.count)) == prompt)
      #expect(row.trained[0].lowerBound == prompt.count)
      let filled = try rows.prompt([Family.conversation[0]], prefill: "Fir")
      #expect(rows.tokenizer.decode(filled) == rows.tokenizer.decode(prompt) + "Fir")
    }
    #expect(
      rows.stopTokens == family.tokens["eos_token"].flatMap(rows.tokenizer.id).map { [$0] } ?? [])
  }

  @Test("texts that trick the search", arguments: Family.all)
  func hostile(_ family: Family) throws {
    let rows = try family.rows
    let contents = [
      ("First.", "First."), ("", "x"), ("One?", ""), (" \n spaced \n", "Two?"), ("a", "a"),
      ("user", "assistant\n"), ("é\u{301}", "e\u{301}"), ("<think>\nhm\n</think>\n\nSaid.", "End"),
    ]
    for (first, second) in contents {
      let messages = [
        Message(role: .user, content: "One?"), Message(role: .assistant, content: first),
        Message(role: .user, content: first), Message(role: .assistant, content: second),
      ]
      let row = try rows.row(.conversation(Conversation(messages)))
      #expect(row.trained.count == 2)
      let trained = texts(row, rows)
      for (text, content) in zip(trained, [first, second]) {
        let said = content.components(separatedBy: "</think>").last ?? ""
        let words = said.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(
          words.isEmpty || text.contains(words),
          "\(family.name): \(text.debugDescription) for \(content.debugDescription)")
        #expect(!text.contains("<|im_start|>") && !text.contains("[INST]"))
        if !family.stop.isEmpty { #expect(text.hasSuffix(family.stop)) }
      }
    }
  }

  @Test(
    "the system text that a template adds is found, and left out on demand", arguments: Family.all)
  func systemPrompts(_ family: Family) throws {
    var chat = try family.chat
    #expect(chat.defaultSystemPrompt == family.defaultSystemPrompt)
    let own = [Message(role: .system, content: "Own.")] + Family.conversation
    let (whole, withOwn) = (
      try chat.render(Family.conversation, addingGenerationPrompt: false),
      family.name.contains("brackets with")
        ? "" : try chat.render(own, addingGenerationPrompt: false)
    )
    chat.omitsDefaultSystemPrompt = true
    let cut = try chat.render(Family.conversation, addingGenerationPrompt: false)
    if let added = family.defaultSystemPrompt {
      #expect(whole.contains(added) && !cut.contains(added) && whole.hasSuffix(cut.suffix(40)))
    } else {
      #expect(cut == whole)
    }
    if !withOwn.isEmpty { #expect(try chat.render(own, addingGenerationPrompt: false) == withOwn) }
    // Trained is the same text as before.
    let before = try family.rows
    let rows = RowTokenizer(tokenizer: before.tokenizer, template: chat)
    let row = try rows.row(.conversation(Conversation(Family.conversation)))
    #expect(row.text == cut)
    #expect(texts(row, rows) == family.trained)
  }

  @Test(
    "prompts and completions end with the end token; texts are trained from the second token on")
  func plain() throws {
    let rows = try Family.all[0].rows
    let pair = try rows.row(.completion(prompt: "One? ", completion: "First."))
    #expect(pair.text == "One? First.<|im_end|>")
    #expect(texts(pair, rows).joined().hasSuffix("First.<|im_end|>"))
    #expect(pair.trained[0].lowerBound > 0 && pair.trained[0].upperBound == pair.ids.count)
    let ended = try rows.row(.completion(prompt: "One?", completion: "First.<|im_end|>"))
    #expect(ended.text == "One?First.<|im_end|>")
    let text = try rows.row(.text("One? Two?"))
    #expect(text.trained == [1..<text.ids.count])
    #expect(throws: InputError.self) { try rows.row(.text("")) }
    #expect(throws: InputError.self) {
      try rows.row(.conversation(Conversation([Message(role: .user, content: "One?")])))
    }
  }

  @Test("an answer that the template changes beyond recognition is refused, naming the turn")
  func changed() throws {
    let rows = try Family.all[0].rows
    let source = """
      {% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' }}\
      {{ m.content if loop.last or m.role == 'user' else m.content | upper }}{{ '<|im_end|>\\n' }}{% endfor %}
      """
    let template = try ChatTemplate(source, file: "t.jinja")
    let changing = RowTokenizer(tokenizer: rows.tokenizer, template: template)
    let last = try changing.row(.conversation(Conversation(Array(Family.conversation.prefix(2)))))
    #expect(texts(last, rows)[0].hasSuffix("First.<|im_end|>"))
    let error = #expect(throws: InputError.self) {
      try changing.row(.conversation(Conversation(Family.conversation)))
    }
    #expect(try #require(error).description.hasPrefix("t.jinja: messages[1]: the template changes"))
  }

  @Test("what a template says of the time is told, whatever conversation it says it in")
  func dates() throws {
    let time = TemplateTime(year: 2024, month: 7, day: 26)
    func dates(_ source: String) throws -> [String] {
      try ChatTemplate(source, file: "t.jinja", time: time).dates
    }
    #expect(try dates("{% for m in messages %}{{ m.content }}{% endfor %}") == [])
    #expect(try dates("{{ strftime_now('%d %b %Y') }}") == ["26 Jul 2024"])
    // Before answers alone, with a system turn alone, and in a comparison that leaves no trace.
    #expect(
      try dates("{% if add_generation_prompt %}{{ strftime_now('%Y') }}{% endif %}") == ["2024"])
    #expect(
      try dates(
        "{% if messages[0].role == 'system' %}{{ strftime_now('%d') + strftime_now('%m') }}{% endif %}"
      )
        == ["26", "07"])
    #expect(try dates("{% if strftime_now('%H') == '12' %}noon{% endif %}") == ["00"])
  }

  @Test("a template's refusal names its place")
  func refusal() throws {
    let family = try #require(Family.all.first { $0.name == "brackets" })
    let rows = try family.rows
    let error = #expect(throws: InputError.self) {
      try rows.row(.conversation(Conversation([Message(role: .assistant, content: "x")])))
    }
    let text = try #require(error).description
    #expect(text.hasPrefix("chat_template.jinja:1: column "))
    #expect(text.hasSuffix("the template refuses the conversation: turns must alternate"))
  }
}

extension Family {
  var stop: String { special.first { trained[0].hasSuffix($0) } ?? "" }
}
