import Foundation
import TestSupport
import Testing

extension CommandSuite {
  /// Rows with weights, calls of tools and thoughts: trained here, exported and uploaded, they are the same
  /// tokens, which are those that transformers renders and OpenAI's guide trains on.
  @Suite(.serialized) struct SameTokens {
    private static let rows = #"""
      {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "A bad answer.", "weight": 0}, {"role": "user", "content": "Again"}, {"role": "assistant", "content": "A good answer.", "weight": 1}]}
      {"messages": [{"role": "user", "content": "What time is it?"}, {"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "clock", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "c1", "content": "Noon."}, {"role": "assistant", "content": "It is noon."}], "tools": [{"type": "function", "function": {"name": "clock", "parameters": {}}}]}
      {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Thanks"}, {"role": "assistant", "content": "Welcome.", "weight": 1}]}

      """#

    /// From the rows as they were uploaded: ids, and those that are trained on, each turn between where its
    /// prompt ends and where its own end does.
    private static let oracle = """
      import json, sys
      from transformers import AutoTokenizer
      tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
      def text(messages, tools, asks):
          return tokenizer.apply_chat_template(
              messages, tools=tools, tokenize=False, add_generation_prompt=asks)
      for line in open(sys.argv[2]):
          row = json.loads(line)
          messages, tools = row["messages"], row.get("tools")
          whole = text(messages, tools, False)
          encoded = tokenizer(whole, return_offsets_mapping=True, add_special_tokens=False)
          spans = []
          for i, message in enumerate(messages):
              if message["role"] != "assistant" or message.get("weight", 1) == 0: continue
              start = len(text(messages[:i], tools, True))
              end = len(text(messages[: i + 1], tools, False).rstrip("\\n"))
              spans.append((start, end))
          labels = [any(a <= first < b for a, b in spans) for first, _ in encoded["offset_mapping"]]
          print(json.dumps({"ids": encoded["input_ids"], "trained": labels}))
      """

    private struct Row: Decodable, Equatable {
      let ids: [Int]
      let trained: [Bool]
    }

    private func lines<Value: Decodable>(_ text: String) throws -> [Value] {
      try text.split(separator: "\n").map {
        try JSONDecoder().decode(Value.self, from: Data($0.utf8))
      }
    }

    @Test("training, exports and uploads train on the same tokens", .needs(.main))
    func same() throws {
      let folder = try TemporaryFolder()
      _ = try Python.main.run(.script("make_folder.py"), ["qwen2", folder.path])
      let model = folder.path("qwen2")
      try Fixture.text("chats/tools-and-thoughts.jinja")
        .write(toFile: model + "/chat_template.jinja", atomically: true, encoding: .utf8)
      let rows = try folder.write(Self.rows, to: "rows.jsonl")
      let expected: [Row] = try lines(Python.main.run(.code(Self.oracle), [model, rows]))
      #expect(expected.count == 3 && expected.allSatisfy { $0.trained.contains(true) })

      struct Shown: Decodable { let ids: [Int], trained: [[Int]] }
      let shown: [Shown] = try lines(
        Askew.succeed("tokenize", "--model", model, "--data", rows, "--rendered", "--json").output)
      let here = shown.map { row in
        Row(
          ids: row.ids,
          trained: row.ids.indices.map { index in
            row.trained.contains { $0[0] <= index && index < $0[1] }
          })
      }
      #expect(here == expected)

      try Askew.succeed(
        "train", "--model", model, "--data", rows, "--batch", "1", "--export", "trl",
        folder.path("trl"))
      struct Labelled: Decodable {
        let ids: [Int], labels: [Int]
        enum CodingKeys: String, CodingKey { case labels, ids = "input_ids" }
      }
      let exported: [Labelled] = try lines(folder.text(of: "trl/data/train.jsonl"))
      #expect(exported.map { Row(ids: $0.ids, trained: $0.labels.map { $0 != -100 }) } == expected)

      // What is uploaded are the bytes of the file, which the oracle has read.
      let server = try LoopbackServer("--fast")
      let ending = try Askew.run(
        "train", "--on", "openai:loopback@\(server.url)", "--data", rows, "--out",
        folder.path("job"), "--dry-run")
      #expect(ending.code == 0, "\(ending.errors)")
      let foreign = Self.rows.replacing(#""weight": 0"#, with: #""train": false"#)
      let other = try folder.write(foreign, to: "foreign.jsonl")
      let refused = try Askew.run(
        "train", "--on", "openai:loopback@\(server.url)", "--data", other, "--out",
        folder.path("job"), "--dry-run")
      #expect(refused.code == 1 && refused.errors.contains("messages[1].train: found false"))
    }
  }
}
