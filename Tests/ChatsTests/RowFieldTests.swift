import Core
import Corpora
import Documents
import Formats
import Foundation
import Templates
import TestSupport
import Testing

@testable import Chats

/// What rows have besides roles and contents: masked or rendered as the template does it, or refused.
@Suite("Weights, calls of tools and thoughts in rows")
struct RowFieldTests {
  private static let calls = """
    {"messages": [{"role": "user", "content": "What time is it?"}, {"role": "assistant", "content": "", \
    "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "clock", "arguments": "{}"}}]}, \
    {"role": "tool", "tool_call_id": "c1", "content": "Noon."}, \
    {"role": "assistant", "content": "It is noon.", "reasoning_content": "The clock says so."}], \
    "tools": [{"type": "function", "function": {"name": "clock", "parameters": {"z": 1, "a": [2.5]}}}]}
    """

  private func row(_ line: String) throws -> DataRow {
    try DataRows.parse(Data(line.utf8), file: "rows.jsonl")[0].row
  }

  private func rows(_ source: String) throws -> RowTokenizer {
    let tokenizer = try Family.all[0].rows.tokenizer
    return RowTokenizer(tokenizer: tokenizer, template: try ChatTemplate(source, file: "t.jinja"))
  }

  private func trained(_ line: String, _ rows: RowTokenizer) throws -> [String] {
    let row = try rows.row(row(line))
    return row.trained.map { rows.tokenizer.decode(row.ids[$0]) }
  }

  @Test(
    "a turn of weight 0 is read and not trained",
    arguments: [#""weight": 0"#, #""weight": 0.0"#, #""train": false"#, #""training": false"#])
  func weight(_ mask: String) throws {
    let line = """
      {"messages": [{"role": "user", "content": "Hi", "weight": 0}, \
      {"role": "assistant", "content": "A bad answer.", \(mask)}, \
      {"role": "user", "content": "Again"}, \
      {"role": "assistant", "content": "A good answer.", "weight": 1}]}
      """
    let rows = try Family.all[0].rows
    #expect(try trained(line, rows) == ["A good answer.<|im_end|>"])
    #expect(try rows.row(row(line)).text.contains("A bad answer.<|im_end|>"))
    let all = line.replacing(#""weight": 1"#, with: #""weight": 0"#)
    let error = #expect(throws: InputError.self) { try trained(all, rows) }
    #expect(
      error?.description.contains("found no turn of the assistant with a weight of 1") == true)
  }

  @Test("calls of tools, tools and thoughts are rendered and trained where the template reads them")
  func tools() throws {
    let rows = try rows(Fixture.text("chats/tools-and-thoughts.jinja"))
    // Worked by hand from the template.
    #expect(
      try trained(Self.calls, rows) == [
        "<tool_call>\nclock {}\n</tool_call><|im_end|>",
        "<think>\nThe clock says so.\n</think>\n\nIt is noon.<|im_end|>",
      ])
    let text = try rows.row(row(Self.calls)).text
    #expect(text.contains("<|im_start|>tool\nNoon.<|im_end|>"))
    #expect(
      text.hasPrefix(
        "<|im_start|>system\nTools:\n" + #"{"type": "function", "function": {"name": "clock", "#
          + #""parameters": {"z": 1, "a": [2.5]}}}"# + "\n<|im_end|>\n"))
    // Null, missing and empty contents are told apart as Python does, and rendered alike here.
    for content in [#""content": null, "#, ""] {
      let other = Self.calls.replacing(#""content": "", "#, with: content)
      #expect(try rows.row(row(other)).text == text)
    }
  }

  @Test(
    "what the template does not read is refused by name",
    arguments: [
      (#", "reasoning_content": "Hm.""#, "", "messages[1].reasoning_content: found \"Hm.\", which"),
      (#", "tool_calls": [{"function": {}}]"#, "", "messages[1].tool_calls: found a list, which"),
      ("", #", "tools": [{"type": "function"}]"#, "tools: found a list, which"),
      (
        "", #", "chat_template_kwargs": {"enable_thinking": false}"#, "enable_thinking: found false"
      ),
    ])
  func refused(_ field: String, _ variable: String, _ said: String) throws {
    let line =
      #"{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes.""#
      + field + "}]" + variable + "}"
    let error = #expect(throws: InputError.self) { try trained(line, Family.all[0].rows) }
    #expect(error?.description.contains(said) == true, "\(error?.description ?? "")")
  }

  @Test("rows with tools render as transformers renders them", .needs(.main))
  func counterpart() throws {
    let listed = try JSON(text: Python.main.run(.script("render_templates.py"), ["--list"]))
    guard case .object(let object) = listed, case .array(let all)? = object["templates"] else {
      throw CocoaError(.fileReadCorruptFile)
    }
    if all.isEmpty, !isContinuousIntegration { return }
    var jobs: [JSON] = []
    var own: [String?] = []
    for case .object(let template) in all + [
      ["source": .string(try Fixture.text("chats/tools-and-thoughts.jinja"))]
    ] {
      guard case .string(let source)? = template["source"], source.contains("tool_calls") else {
        continue
      }
      guard case .object(let line) = try JSON(text: Self.calls) else { continue }
      jobs.append([
        "template": .string(source),
        "variables": .object(
          JSONObject(
            line.members + [
              .init("add_generation_prompt", false), .init("bos_token", "<s>"),
              .init("eos_token", "</s>"), .init("documents", .null),
            ])),
      ])
      let chat = try ChatTemplate(
        source, file: "t", specialTokens: ["bos_token": "<s>", "eos_token": "</s>"],
        time: TemplateTime(year: 2026, month: 3, day: 7, hour: 14, minute: 5, second: 9))
      guard case .chat(let row) = try row(Self.calls) else { continue }
      own.append(try? chat.rendered(row, addingGenerationPrompt: false).text)
    }
    let work = JSON.object(["jobs": .array(jobs)]).text(pretty: false)
    let results = try JSON(
      text: Python.main.run(.script("render_templates.py"), [], input: work))
    guard case .object(let result) = results, case .array(let texts)? = result["results"] else {
      throw CocoaError(.fileReadCorruptFile)
    }
    var equal = 0
    for (index, text) in texts.enumerated() {
      guard case .object(let object) = text, case .string(let text)? = object["text"] else {
        #expect(own[index] == nil)
        continue
      }
      #expect(own[index] == text)
      equal += 1
    }
    print("rows with tools: \(equal) of \(texts.count) rendered alike")
    #expect(equal > 10)
  }

  @Test("what a template does with a row that cannot be trained is said")
  func causes() throws {
    let system = Message(role: .system, content: "Be brief.")
    let exchange = [
      Message(role: .user, content: "One?"), Message(role: .assistant, content: "First."),
    ]
    func failure(_ source: String, _ messages: [Message]) throws -> String {
      let rows = try rows(source)
      let error = #expect(throws: InputError.self) {
        try rows.row(.conversation(Conversation(messages)))
      }
      return error?.description ?? ""
    }
    // The system text stands before the last question, where a question is last.
    let moved = """
      {%- for m in messages if m.role != 'system' %}{{ '[' + m.role + ']' }}
      {%- if loop.last and m.role == 'user' and messages[0].role == 'system' %}{{ messages[0].content + '\\n' }}{% endif %}
      {{- m.content + '<|im_end|>' }}{% endfor %}{% if add_generation_prompt %}{{ '[assistant]' }}{% endif %}
      """
    #expect(
      try failure(moved, [system] + exchange).contains("the template leaves the system text out"))
    // An answer after an answer goes on in the same turn.
    let joined = """
      {%- for m in messages %}{% if loop.first or loop.previtem.role != m.role %}{{ '[' + m.role + ']' }}{% endif %}
      {{- m.content }}{% if loop.last or loop.nextitem.role != m.role %}{{ '<|im_end|>' }}{% endif %}{% endfor %}
      {%- if add_generation_prompt %}{{ '[assistant]' }}{% endif %}
      """
    #expect(
      try failure(joined, exchange + [Message(role: .assistant, content: "Second.")])
        .contains("two answers in a row"))
    let other = """
      {%- for m in messages %}{{ '[' + m.role + ' ' + (messages | length | string) + ']' + m.content + '<|im_end|>' }}{% endfor %}
      {%- if add_generation_prompt %}{{ '[assistant]' }}{% endif %}
      """
    let said = try failure(other, exchange)
    #expect(said.contains("renders what is before the answer otherwise"), "\(said)")
  }
}
