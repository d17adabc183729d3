import Core
import Engine
import Formats
import Foundation
import TestSupport
import Testing

/// Adapters that PEFT and mlx-lm made, with the logits that those give for them:
/// scripts/fixtures_adapters.py and scripts/fixtures_mlx.py.
struct AdapterFixture {
  struct MLXExpected: Decodable {
    struct Adapter: Decodable {
      let base: String
      let sequence: [Int32]
    }
    let adapters: [String: Adapter]
  }
  struct PEFTExpected: Decodable {
    let base: String
    let sequence: [Int32]
  }

  /// As `adapters/patterns`.
  let name: String
  let folder: ModelFolder
  let base: ModelFolder
  let sequence: [Int32]
  let logits: [Double]

  static let names =
    ["patterns", "regex", "all-linear", "paths", "excluded", "old-names", "bf16", "f16"]
    .map { "adapters/" + $0 } + ["all", "last", "square", "path"].map { "mlx/" + $0 }

  init(_ name: String) throws {
    self.name = name
    folder = ModelFolder(path: Fixture.path(name))
    let parts = name.split(separator: "/").map(String.init)
    let data = try Data(contentsOf: URL(filePath: Fixture.path("\(parts[0])/expected.json")))
    let baseName: String
    if parts[0] == "mlx" {
      let expected = try JSONDecoder().decode(MLXExpected.self, from: data)
      let adapter = try #require(expected.adapters[parts[1]])
      (baseName, sequence) = (adapter.base, adapter.sequence)
    } else {
      let expected = try JSONDecoder().decode(PEFTExpected.self, from: data)
      (baseName, sequence) = (expected.base, expected.sequence)
    }
    base = ModelFolder(path: Fixture.path("models/\(baseName)"))
    logits = try Safetensors(path: Fixture.path("\(parts[0])/expected.safetensors"))
      .floats(of: "logits.\(parts[1])").doubles
  }

  func expectLogits(
    of model: Model, adapter: Adapter? = nil, within bound: Double = 1e-4, _ what: String
  ) throws {
    expectClose(
      try model.logits(of: sequence, adapter: adapter), logits, absolute: bound,
      "\(name), \(what)")
  }
}

@Suite("Adapters of PEFT and mlx-lm")
struct AdapterFolderTests {
  @Test(
    "Every form gives its own tool's logits, beside the model and merged",
    arguments: AdapterFixture.names)
  func logits(name: String) throws {
    let fixture = try AdapterFixture(name)
    let model = try Model.load(from: fixture.base)
    let adapter = try Adapter.load(from: fixture.folder, for: model.configuration)
    try fixture.expectLogits(of: model, adapter: adapter, "beside")
    try fixture.expectLogits(of: adapter.merged(into: model), "merged in memory")
    try withTemporaryFolder { path in
      try AdapterMerge(
        model: fixture.base, adapter: fixture.folder.path, output: path + "/merged"
      ).run()
      let merged = ModelFolder(path: path + "/merged")
      try fixture.expectLogits(of: Model.load(from: merged), "merged on disk")
    }
    let untouched = try model.logits(of: fixture.sequence).doubles
    #expect(zip(untouched, fixture.logits).contains { abs($0 - $1) > 0.1 }, "it changes nothing")
  }

  @Test(
    "Converted to either layout, and back, it computes the same",
    arguments: AdapterFixture.names)
  func conversions(name: String) throws {
    let fixture = try AdapterFixture(name)
    let model = try Model.load(from: fixture.base)
    let c = model.configuration
    try withTemporaryFolder { path in
      let folders = ["mlx", "peft", "mlx again"].map { ModelFolder(path: "\(path)/\($0)") }
      for folder in folders {
        try makeFolder(folder.path)
      }
      try AdapterFolder(path: fixture.folder.path, for: c)
        .writeMLX(to: folders[0], layerCount: c.layerCount)
      try AdapterFolder(path: folders[0].path, for: c)
        .writePEFT(to: folders[1], layerCount: c.layerCount)
      // The second time without the model.
      try AdapterFolder(path: fixture.folder.path).writePEFT(to: folders[2])
      try AdapterFolder(path: folders[2].path, for: c)
        .writeMLX(to: folders[2], layerCount: c.layerCount)
      for folder in folders {
        let adapter = try Adapter.load(from: folder, for: c)
        try fixture.expectLogits(of: model, adapter: adapter, folder.path)
      }
    }
  }

  @Test("Ranks that differ are filled up with zeros, scalings that differ folded into B")
  func uniform() throws {
    let fixture = try AdapterFixture("adapters/patterns")
    let c = try fixture.base.configuration()
    let file = try AdapterFolder(path: fixture.folder.path, for: c)
    let adapter = try Adapter.load(from: fixture.folder, for: c)
    #expect(adapter.configuration.rank == 6)
    #expect(adapter.configuration.targets == [.query, .output, .up])
    let query = try #require(file.modules.first { $0.linear == .query && $0.layer == 0 })
    #expect(query.rank == 2 && query.scaling == 8 / 2.0.squareRoot())
    let output = try #require(file.modules.first { $0.linear == .output && $0.layer == 0 })
    #expect(output.rank == 4 && output.scaling == 3 / 2.0)
    let up = try #require(file.modules.first { $0.linear == .up && $0.layer == 1 })
    #expect(up.rank == 6 && up.scaling == 5 / 6.0.squareRoot())
    #expect(file.commonScaling == nil)
    let name = "base_model.model.model.layers.0.self_attn.q_proj."
    let a = try #require(adapter.layout.slot(named: name + "lora_A.weight"))
    #expect(a.shape == [6, 48])
    #expect(a.range.dropFirst(2 * 48).allSatisfy { adapter.weights.floats[$0] == 0 })
    let b = try #require(adapter.layout.slot(named: name + "lora_B.weight"))
    #expect(b.range.allSatisfy { ($0 - b.offset) % 6 < 2 || adapter.weights.floats[$0] == 0 })
  }

  @Test("One rank and scaling come as they are: no number changes")
  func exact() throws {
    let fixture = try AdapterFixture("adapters/all-linear")
    let c = try fixture.base.configuration()
    let adapter = try Adapter.load(from: fixture.folder, for: c)
    #expect(adapter.configuration == LoRAConfiguration(rank: 2, alpha: 5))
    let file = try Safetensors(path: fixture.folder.adapterWeightsPath)
    for slot in adapter.layout.slots {
      #expect(try file.floats(of: slot.name) == slot.range.map { adapter.weights.floats[$0] })
    }
  }
}
