import Core
import Documents
import Engine
import Formats
import Foundation
import TestSupport
import Testing

@Suite("Merging an adapter on disk")
struct AdapterMergeTests {
  private func problem(_ body: () throws -> Void) -> String {
    do { try body() } catch { return "\(error)" }
    return "nothing was wrong"
  }

  /// A folder with model and adapter; `body` gets its path.
  private func withFolders(
    _ name: String = "grouped, untied", as dataType: DataType = .float32,
    settings: LoRAConfiguration = LoRAConfiguration(rank: 3, alpha: 5),
    _ body: (_ path: String, _ model: Model, _ adapter: Adapter) throws -> Void
  ) throws {
    let model = TinyModels.model(name)
    let adapter = try TinyModels.adapter(settings, model)
    try withTemporaryFolder { path in
      try model.save(to: ModelFolder(path: path + "/base"), as: dataType)
      try adapter.save(to: ModelFolder(path: path + "/adapter"))
      try body(path, model, adapter)
    }
  }

  private func merge(_ path: String, to output: String = "merged", as type: DataType? = nil) throws
  {
    try AdapterMerge(
      model: ModelFolder(path: path + "/base"), adapter: path + "/adapter",
      output: "\(path)/\(output)", dataType: type
    ).run()
  }

  @Test(
    "In 32 bits the merged weights are those of the merge in memory", arguments: TinyModels.names)
  func float32(name: String) throws {
    let settings = LoRAConfiguration(
      rank: 2, alpha: 3, rankStabilised: true, targets: [.query, .value, .down], layers: [1])
    try withFolders(name, settings: settings) { path, model, adapter in
      try merge(path)
      let merged = try Model.load(from: ModelFolder(path: path + "/merged"))
      let expected = adapter.merged(into: model)
      #expect(merged.configuration == model.configuration)
      for slot in expected.layout.slots {
        expectClose(
          slot.range.map { merged.weights.floats[$0] },
          slot.range.map { Double(expected.weights.floats[$0]) }, absolute: 1e-6, slot.name)
      }
    }
  }

  @Test("Weights are rounded once, to the type that they have or that is asked for")
  func rounding() throws {
    try withFolders(as: .bfloat16) { path, _, adapter in
      // The model as it is stored, merged in 32 bits.
      let exact = adapter.merged(into: try Model.load(from: ModelFolder(path: path + "/base")))
      for (type, output) in [(nil, "as-is"), (DataType.bfloat16, "bf16"), (.float16, "f16")] {
        try merge(path, to: output, as: type)
        let folder = ModelFolder(path: "\(path)/\(output)")
        let file = try Safetensors(path: folder.weightsPath)
        #expect(Set(file.tensors.values.map(\.dataType)) == [type ?? .bfloat16])
        let merged = try Model.load(from: folder)
        // One rounding to 8 or 11 bits; two would be off by more in some place.
        let relative = type == .float16 ? 0x1p-11 : 0x1p-8
        for slot in exact.layout.slots {
          expectClose(
            slot.range.map { merged.weights.floats[$0] },
            slot.range.map { Double(exact.weights.floats[$0]) }, absolute: 1e-6,
            relative: relative, "\(output) \(slot.name)")
        }
      }
      #expect(
        try String(contentsOfFile: path + "/f16/config.json", encoding: .utf8)
          .contains(#""torch_dtype": "float16""#))
    }
  }

  @Test("Everything but weights and card is copied byte for byte")
  func otherFiles() throws {
    try withFolders { path, _, _ in
      let base = path + "/base"
      let texts = [
        "tokenizer.json": "{ }\n", "chat_template.jinja": "{{ 1 }}", "LICENSE": "do\r\nas you like",
        "additional_chat_templates/tool_use.jinja": "x", "README.md": "a card",
        "pytorch_model.bin": "old", "model.safetensors.index.json": "{}", ".hidden": "h",
        "onnx/model.onnx": "o",
      ]
      for (name, text) in texts {
        let file = URL(filePath: "\(base)/\(name)")
        try makeFolder(file.deletingLastPathComponent().path)
        try Data(text.utf8).write(to: file)
      }
      // As in the Hub's cache.
      try FileManager.default.moveItem(atPath: base + "/tokenizer.json", toPath: path + "/blob")
      try FileManager.default.createSymbolicLink(
        atPath: base + "/tokenizer.json", withDestinationPath: path + "/blob")
      try merge(path)
      let found = try #require(FileManager.default.enumerator(atPath: path + "/merged"))
        .compactMap { $0 as? String }.sorted()
      #expect(
        found == [
          "LICENSE", "additional_chat_templates", "additional_chat_templates/tool_use.jinja",
          "chat_template.jinja", "config.json", "generation_config.json", "model.safetensors",
          "tokenizer.json",
        ])
      for name in found where name != "model.safetensors" && name != "additional_chat_templates" {
        let copy = try Data(contentsOf: URL(filePath: "\(path)/merged/\(name)"))
        #expect(try copy == Data(contentsOf: URL(filePath: "\(base)/\(name)")), "\(name)")
      }
    }
  }

  @Test("A model in several files becomes one file with the same merged weights")
  func sharded() throws {
    try withFolders { path, _, _ in
      try merge(path, to: "one")
      let base = ModelFolder(path: path + "/base")
      try Shards.split(base)
      try merge(path, to: "two")
      let one = try Model.load(from: ModelFolder(path: path + "/one"))
      let two = try Model.load(from: ModelFolder(path: path + "/two"))
      #expect(one.weights.bits == two.weights.bits)
      #expect(!FileManager.default.fileExists(atPath: path + "/two/model.safetensors.index.json"))
    }
  }

  @Test("The output must be new, and nothing of it stays when merging fails or is stopped")
  func output() throws {
    try withFolders { path, _, _ in
      try makeFolder(path + "/full/x")
      try Data().write(to: URL(filePath: path + "/file"))
      try FileManager.default.createSymbolicLink(
        atPath: path + "/link", withDestinationPath: path + "/base")
      let expected = [
        ("base", "/base, which is read and stays"), ("./adapter/", "/adapter, which is read"),
        ("base/sub/new", "/base, which is read"), ("file", "there is a file of this name"),
        ("link/new", "/base, which is read"), ("full", "is there already and not empty"),
      ]
      for (output, words) in expected {
        let problem = problem { try merge(path, to: output) }
        #expect(problem.contains(words), "\(problem)")
      }
      let stopped = try AdapterMerge(
        model: ModelFolder(path: path + "/base"), adapter: path + "/adapter",
        output: path + "/stopped")
      var shares: [Double] = []
      #expect(throws: CancellationError.self) {
        try stopped.run { share in
          shares.append(share)
          return shares.count < 5
        }
      }
      #expect(shares.count == 5 && shares == shares.sorted())
      try makeFolder(path + "/empty")
      try merge(path, to: "empty")
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
          == ["adapter", "base", "empty", "file", "full", "link"])
    }
  }

  @Test("What F16 cannot hold, numbers that are none and quantised models are refused")
  func refused() throws {
    try withFolders { path, model, adapter in
      let base = ModelFolder(path: path + "/base")
      model.weights.floats[3] = 70_000
      try model.save(to: base)
      // Outside of #expect: a closure in there took the place of a later one (Swift 6.3.1).
      let tooLarge = problem { try merge(path, as: .float16) }
      #expect(tooLarge.contains("F16 cannot hold 70000.0"), "\(tooLarge)")
      adapter.weights.floats[5] = .nan
      try adapter.save(to: ModelFolder(path: path + "/adapter"))
      let wrong = problem { try merge(path) }
      #expect(wrong.contains("lora_A.weight: found nan, expected finite numbers"), "\(wrong)")
      let config = try String(contentsOfFile: base.configurationPath, encoding: .utf8)
      try Data(
        config.replacing("\"use_cache\"", with: "\"quantization_config\": {}, \"use_cache\"").utf8
      ).write(to: URL(filePath: base.configurationPath))
      let quantised = problem { try merge(path) }
      #expect(quantised.contains("quantization_config: quantised weights"), "\(quantised)")
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: path).sorted() == ["adapter", "base"])
    }
  }
}

/// Cuts a folder's weights into two files with an index.
private enum Shards {
  static func split(_ folder: ModelFolder) throws {
    let file = try Safetensors(path: folder.weightsPath)
    let names = file.names
    var map: [JSONObject.Member] = []
    for (index, part) in [names.prefix(names.count / 2), names.dropFirst(names.count / 2)]
      .enumerated()
    {
      let name = "model-0000\(index + 1)-of-00002.safetensors"
      try Safetensors.write(
        part.map { try Safetensors.Source($0, copying: file) }, to: "\(folder.path)/\(name)")
      map += part.map { .init($0, .string(name)) }
    }
    try JSON.object(["metadata": [:], "weight_map": .object(JSONObject(map))])
      .write(to: folder.path + "/model.safetensors.index.json")
    try FileManager.default.removeItem(atPath: folder.weightsPath)
  }
}
