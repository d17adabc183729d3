import Chats
import Core
import Corpora
import Documents
import Formats
import Foundation
import TestSupport
import Testing

/// Where a folder keeps its template, and what a dish's folder gives.
@Suite("Templates of folders") struct FolderTests {
  private let question = [Message(role: .user, content: "One?")]

  private func withFolder<Result>(
    _ files: [String: String], _ body: (ModelFolder) throws -> Result
  ) throws -> Result {
    let folder = try TemporaryFolder()
    for (name, text) in files { try folder.write(text, to: name) }
    return try body(ModelFolder(path: folder.path))
  }

  private func text(_ files: [String: String]) throws -> String {
    try withFolder(files) {
      try ChatTemplate(folder: $0).render(question, addingGenerationPrompt: false)
    }
  }

  @Test("the file of its own goes before the configuration, and that before the old file")
  func precedence() throws {
    let old = #"{"chat_template": "old"}"#
    let listed = """
      {"chat_template": [{"name": "tool_use", "template": "tools"},
        {"name": "default", "template": "listed"}]}
      """
    let own = "own {{ bos_token }}{{ eos_token }}{{ unk_token is defined }}"
    let tokens = #"{"bos_token": {"content": "<s>"}, "eos_token": "</s>", "unk_token": null}"#
    #expect(try text(["chat_template.json": old]) == "old")
    #expect(try text(["chat_template.json": old, "tokenizer_config.json": listed]) == "listed")
    #expect(
      try text(["tokenizer_config.json": #"{"chat_template": "one", "bos_token": null}"#]) == "one")
    #expect(
      try text([
        "chat_template.jinja": own, "chat_template.json": old, "tokenizer_config.json": tokens,
        "special_tokens_map.json": #"{"unk_token": "<unk>", "bos_token": "?"}"#,
      ]) == "own <s></s>False")
  }

  @Test(
    "what is no template names file and field",
    arguments: [
      ([:], "found no chat template, expected chat_template.jinja"),
      (["tokenizer_config.json": #"{"chat_template": 3}"#], "chat_template: found 3, expected"),
      (["tokenizer_config.json": #"{"chat_template": [1]}"#], "chat_template: found 1, expected"),
      (
        ["tokenizer_config.json": #"{"chat_template": [{"name": "x", "template": ""}]}"#],
        #"chat_template: found templates named "x", expected one named "default""#
      ),
      (
        ["tokenizer_config.json": #"{"chat_template": "a\n{% if %}"}"#],
        "chat_template: line 2, column 7 of the template: found \"%}\", expected a value"
      ),
      (["chat_template.jinja": "a\n{% if %}"], "chat_template.jinja:2: column 7: found \"%}\""),
      (["tokenizer_config.json": #"{"bos_token": 1, "chat_template": ""}"#], "bos_token: found 1"),
      (["tokenizer_config.json": "[]"], "tokenizer_config.json: expected an object"),
    ])
  func refused(_ files: [String: String], _ message: String) throws {
    let error = try withFolder(files) { folder in
      #expect(throws: InputError.self) { try ChatTemplate(folder: folder) }
    }
    #expect(try #require(error).description.contains(message))
  }

  @Test("stop tokens are those of all files")
  func stopTokens() throws {
    let tokenizer = BPETrainer(
      vocabularySize: 300, specialTokens: ["<|im_end|>", "<|end|>", "<|stop|>"]
    ).train(texts: ["One? Two."])
    let files = [
      "tokenizer.json": tokenizer.json().text(),
      "chat_template.jinja":
        "{% for m in messages %}{{ m.role + m.content + '<|im_end|>\\n' }}{% endfor %}",
      "tokenizer_config.json": #"{"eos_token": "<|end|>"}"#, "config.json": #"{"eos_token_id": 7}"#,
      "generation_config.json": #"{"eos_token_id": [9, 7]}"#,
    ]
    let rows = try withFolder(files) { try RowTokenizer(folder: $0) }
    #expect(rows.stopTokens == [0, 1, 7, 9])
    // Without a template, texts can still be read.
    var bare = files
    bare["chat_template.jinja"] = nil
    let plain = try withFolder(bare) { try RowTokenizer(folder: $0) }
    #expect(plain.stopTokens == [1, 7, 9])
    #expect(try plain.row(.text("One? Two.")).ids.count > 1)
    #expect(throws: InputError.self) { try plain.prompt(question) }
    bare["config.json"] = #"{"eos_token_id": "a"}"#
    #expect(throws: InputError.self) { try withFolder(bare) { try RowTokenizer(folder: $0) } }
  }

  @Test("a dish's folder gives its template, its authors' tokens and the answers with their ends")
  func dish() throws {
    let authors = ["ada", "bo"]
    let tokenizer = BPETrainer(
      vocabularySize: 320, specialTokens: ChatFormat.specialTokens(authors: authors)
    ).train(texts: ["What now? Nothing much, and you? I sleep."])
    let conversation = [
      Message(role: .system, content: "Be brief."), Message(role: .user, content: "What now?"),
      Message(role: .assistant, name: "ada", content: "Nothing much."),
      Message(role: .user, content: "And you?"), Message(role: .assistant, content: "I sleep."),
    ]
    let rows = try withFolder([:]) { folder in
      try folder.write(tokenizer)
      return try RowTokenizer(folder: folder)
    }
    let row = try rows.row(.conversation(Conversation(conversation)))
    // The tokens as DishLanguage puts them together.
    var ids: [Int] = []
    var trained: [Range<Int>] = []
    for message in conversation {
      let opening =
        switch message.role {
        case .system: ChatFormat.system
        case .user: ChatFormat.user
        case .assistant: ChatFormat.author(message.name)
        }
      ids.append(try #require(tokenizer.id(of: opening)))
      let start = ids.count
      ids += tokenizer.encode(message.content, matchingAddedTokens: false)
      if message.role == .assistant {
        ids.append(try #require(tokenizer.id(of: ChatFormat.endOfTurn)))
        trained.append(start..<ids.count)
      }
    }
    #expect(row.ids == ids)
    #expect(row.trained == trained)
    #expect(rows.stopTokens == [0])
    #expect(rows.template?.defaultSystemPrompt == nil)
    #expect(try rows.prompt(Array(conversation.prefix(4))) == Array(ids[..<trained[1].lowerBound]))
  }
}
