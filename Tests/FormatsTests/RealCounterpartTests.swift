import Core
import Foundation
import TestSupport
import Testing

import Documents
import Formats

/// What Askew writes, read by the real libraries.
@Suite("Real counterparts", .needs(.main))
struct RealCounterpartTests {
  private struct Expected: Decodable { let sequences: [[Int]] }

  @Test(
    "transformers loads a folder written here and gives the fixture's logits",
    arguments: ["llama-mha-tied", "llama-gqa-untied", "qwen2", "qwen3"])
  func modelFolder(_ name: String) throws {
    let original = ModelFolder(path: Fixture.path("models/\(name)"))
    try withTemporaryFolder { path in
      let copy = ModelFolder(path: path)
      try copy.write(original.configuration())
      try rewrite(original.weightsPath, to: copy.weightsPath)
      let sequences = try Fixture.decode(Expected.self, "models/\(name)/expected.json").sequences
      let work: JSON = [
        "sequences": .array(sequences.map { .array($0.map(JSON.integer)) })
      ]
      try work.write(to: "\(path)/ids.json")
      let report = try check([
        path, "\(path)/ids.json", Fixture.path("models/\(name)/expected.safetensors"),
      ])
      #expect(report.problems == [])
      #expect(report.sequences == 2)
    }
  }

  @Test("transformers loads a tokenizer trained here: same ids, same chats")
  func tokenizer() throws {
    let rows = TokenizerTests.expected.texts
    let trainer = BPETrainer(
      vocabularySize: 400, specialTokens: ChatFormat.specialTokens(authors: ["Ada", "Bob"]))
    let tokenizer = trainer.train(texts: rows.map(\.text))
    let chat =
      "<|user|>Hello you<|assistant|>Good day.<|end|><|user|>And you?<|Ada|>Fine.<|end|>"
    let messages: JSON = [
      ["role": "user", "content": "Hello you"], ["role": "assistant", "content": "Good day."],
      ["role": "user", "content": "And you?"],
      ["role": "assistant", "name": "Ada", "content": "Fine."],
    ]
    func ids(_ text: String) -> JSON { .array(tokenizer.encode(text).map(JSON.integer)) }
    let work: JSON = [
      "texts": .array(rows.map { ["text": .string($0.text), "ids": ids($0.text)] }),
      "chats": [
        ["messages": messages, "ids": ids(chat)],
        ["messages": messages, "ids": ids(chat + "<|assistant|>"), "generate": true],
      ],
    ]
    try withTemporaryFolder { path in
      let folder = ModelFolder(path: path)
      var configuration = ModelConfiguration(
        vocabularySize: tokenizer.vocabularySize, hiddenSize: 8, intermediateSize: 8, layerCount: 1,
        headCount: 1)
      configuration.endTokenIDs = [try #require(tokenizer.id(of: ChatFormat.endOfTurn))]
      try folder.write(configuration)
      try folder.write(tokenizer)
      try work.write(to: "\(path)/ids.json")
      let report = try check([path, "\(path)/ids.json"])
      #expect(report.problems == [])
      #expect(report.texts == rows.count && report.chats == 2)
    }
  }

  @Test("PEFT reads an adapter configuration written here")
  func adapter() throws {
    struct Settings: Decodable, Equatable {
      var r: Int, alpha: Double, rslora: Bool, modules: [String], layers: [Int]
    }
    let script = """
      import json, sys, peft
      c = peft.PeftConfig.from_pretrained(sys.argv[1])
      print(json.dumps({"r": c.r, "alpha": c.lora_alpha, "rslora": c.use_rslora,
                        "modules": sorted(c.target_modules), "layers": c.layers_to_transform}))
      """
    try withTemporaryFolder { path in
      try ModelFolder(path: path).write(
        AdapterConfiguration(
          rank: 16, alpha: 2.5, rankStabilized: true, targetModules: ["up_proj", "k_proj"],
          layers: [0, 3], baseModel: "base"))
      let settings: Settings = try Python.main.report(.code(script), [path])
      #expect(
        settings
          == Settings(
            r: 16, alpha: 2.5, rslora: true, modules: ["k_proj", "up_proj"], layers: [0, 3]))
    }
  }

  /// Reads every tensor and writes it again through the code under test.
  private func rewrite(_ path: String, to copy: String) throws {
    let file = try Safetensors(path: path)
    var sources: [Safetensors.Source] = []
    var buffers: [UnsafeMutableBufferPointer<Float>] = []
    defer { for buffer in buffers { buffer.deallocate() } }
    for name in file.names {
      let floats = try file.floats(of: name)
      let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: floats.count)
      _ = buffer.initialize(from: floats)
      buffers.append(buffer)
      sources.append(
        .init(
          name, shape: file.tensors[name]?.shape ?? [], elements: UnsafeBufferPointer(buffer)))
    }
    try Safetensors.write(sources, to: copy)
  }

  private struct Report: Decodable {
    let sequences: Int
    let texts: Int
    let chats: Int
    let problems: [String]
  }

  private func check(_ arguments: [String]) throws -> Report {
    try Python.main.report(.script("check_with_transformers.py"), arguments)
  }
}
